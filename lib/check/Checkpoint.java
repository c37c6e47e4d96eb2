package syncdata.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import syncdata.rules.IdRange;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;

/**
 * What an interrupted check leaves beside its report, {@code .NAME.checkpoint}: how far it came, and the ids that
 * seemed to differ.
 */
public final class Checkpoint implements AutoCloseable {
    /** A range of a check, and how far it came in it. One thread checks it. */
    public final class Range {
        private final int number;
        private final IdRange range;
        private final RangePosition before;
        private Optional<UUID> walkedTo;
        private RangePosition reached;
        private long saved = System.nanoTime();

        private Range(int number, IdRange range, RangePosition before) {
            this.number = number;
            this.range = range;
            this.before = before;
            this.walkedTo = before.upTo();
            this.reached = before;
        }

        /** All of its ids. */
        public IdRange range() {
            return range;
        }

        /** How far an interrupted check came in it. */
        public RangePosition before() {
            return before;
        }

        /** What is left of it; empty where nothing is. */
        public Optional<IdRange> left() {
            return reached.upTo().isEmpty() ? Optional.of(range) : range.behind(reached.upTo().get());
        }

        /** Gives every id that seemed to differ before the interruption, ascending. */
        public void forEachSuspect(Consumer<UUID> suspect) {
            before.upTo().ifPresent(upTo -> file.ifPresent(left ->
                    left.forEachSuspect(new IdRange(range.first(), upTo), suspect)));
        }

        /** Adds an id that seems to differ. */
        public void suspect(UUID id) {
            suspects.accept(id);
        }

        /** Notes the id that was compared last. */
        void walkedTo(UUID id) {
            walkedTo = Optional.of(id);
        }

        /** The id that was compared last; empty before the first. */
        Optional<UUID> walkedTo() {
            return walkedTo;
        }

        /** Notes how far the check came; {@link #save} writes it. */
        public void reached(RangePosition position) {
            reached = position;
        }

        /** How far the check came. */
        RangePosition reached() {
            return reached;
        }

        /** Whether all of it was compared. */
        boolean isComplete() {
            return reached.upTo().equals(Optional.of(range.last()));
        }

        /** Whether the last {@link #save} is some seconds ago. */
        boolean isDue() {
            return file.filter(CheckpointFile::isWritable).isPresent() && System.nanoTime() - saved > BETWEEN.toNanos();
        }

        /** Writes how far the check came. */
        public void save() {
            file.ifPresent(kept -> kept.add(number, reached));
            saved = System.nanoTime();
        }
    }

    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Optional<Path> path;
    private final boolean resume;
    private Optional<CheckpointFile> file = Optional.empty();
    private boolean damaged;
    private boolean resumed;
    private List<Range> ranges = List.of();
    private Consumer<UUID> suspects = id -> file.ifPresent(kept -> kept.add(id));

    private Checkpoint(Optional<Path> path, boolean resume) {
        this.path = path;
        this.resume = resume;
    }

    /** One that keeps nothing. */
    static Checkpoint none() {
        return new Checkpoint(Optional.empty(), false);
    }

    /**
     * The checkpoint beside a report.
     *
     * @param report {@code -} has none
     * @param resume whether to go on from it, where there is one
     * @throws InputException if there can be none to go on from
     */
    public static Checkpoint beside(Path report, boolean resume) {
        if (!AtomicFile.isFile(report)) {
            if (resume) {
                throw new InputException("--resume needs a report in a file: a check keeps its checkpoint beside it");
            }
            return none();
        }
        return new Checkpoint(Optional.of(report.resolveSibling("." + report.getFileName() + ".checkpoint")), resume);
    }

    /** A range of which nothing is kept, but whose suspects somebody hears of. */
    static Range told(IdRange range, Consumer<UUID> suspects) {
        Checkpoint checkpoint = none();
        checkpoint.suspects = suspects;
        return checkpoint.anew(List.of(range)).get(0);
    }

    /**
     * Begins anew, or resumes.
     *
     * @param check   what the check is of: a checkpoint of another is refused
     * @param divided the ranges of a check that begins anew; one that resumes has those that it had
     * @throws RefusedException if the checkpoint is of other databases
     * @throws InputException   if it is of other options
     */
    public void begin(Map<String, Object> check, List<IdRange> divided) {
        ranges = anew(divided);
        path.ifPresent(place -> begin(place, Json.MAPPER.valueToTree(check), divided));
    }

    private void begin(Path place, ObjectNode check, List<IdRange> divided) {
        try {
            if (resume && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                resume(CheckpointFile.open(place, check));
            }
            if (!resumed) {
                file = Optional.of(CheckpointFile.create(place, check, divided));
            }
        } catch (IOException e) {
            throw new InputException("The checkpoint " + place + " cannot be used: " + AtomicFile.reason(e)
                    + "; name a report in a folder that you may write to");
        }
    }

    private void resume(CheckpointFile left) throws IOException {
        resumed = !left.positions().isEmpty();
        damaged = !resumed && !left.isEmpty();
        if (resumed) {
            left.resume();
            file = Optional.of(left);
            ranges = numbered(left.ranges(), left.positions());
        } else {
            left.close();
        }
    }

    private List<Range> anew(List<IdRange> ranges) {
        return numbered(ranges, Map.of());
    }

    private List<Range> numbered(List<IdRange> ranges, Map<Integer, RangePosition> positions) {
        return IntStream.range(0, ranges.size())
                .mapToObj(i -> new Range(i, ranges.get(i), positions.getOrDefault(i, RangePosition.NONE))).toList();
    }

    /** Whether this check resumes. */
    public boolean isResumed() {
        return resumed;
    }

    /** The ranges of the check, in their order; none before it begins. */
    public List<Range> ranges() {
        return ranges;
    }

    /** The last id up to which all were compared; empty where the first was not. */
    Optional<UUID> checkedUpTo() {
        Optional<UUID> upTo = Optional.empty();
        for (Range range : ranges) {
            upTo = range.walkedTo().isPresent() ? range.walkedTo() : upTo;
            if (!range.isComplete()) {
                break;
            }
        }
        return upTo;
    }

    /** Writes how far the check came in each range. */
    void save() {
        ranges.forEach(Range::save);
    }

    /** Whether there is one to resume from, but nothing can be made of it. */
    public boolean isDamaged() {
        return damaged;
    }

    /** Whether the operator asked to go on from it. */
    boolean isWanted() {
        return resume;
    }

    /** Called once the report is written: a complete check leaves nothing to resume from. */
    public void keepOnlyIf(boolean partial) {
        if (!partial) {
            file.ifPresent(CheckpointFile::discard);
        }
    }

    /** Leaves the file only where it holds a position to resume from. */
    @Override
    public void close() {
        file.ifPresent(CheckpointFile::close);
    }
}
