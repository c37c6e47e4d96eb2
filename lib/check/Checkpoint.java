package syncdata.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import syncdata.rules.EntityId;
import syncdata.rules.IdRange;
import syncdata.run.AtomicFile;
import syncdata.run.IdLog;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.run.SortedIds;
import syncdata.run.WholeLines;
import syncdata.run.WholeLines.Line;
import syncdata.run.Words;

/**
 * What an interrupted check leaves beside its report, {@code .NAME.checkpoint}: how far it came, and the ids that
 * seemed to differ. Lines are only ever added; one that says how far counts only if the checksum that it holds, of all
 * lines since the one before, is right.
 */
public final class Checkpoint implements AutoCloseable {
    /**
     * How far the check of a range came.
     *
     * @param upTo the id compared last, and the range's last once it is complete; empty where none was
     * @param ok   entities that are the same in both, so far
     */
    public record Position(Optional<UUID> upTo, long ok, long inGraph, long withOtherId) {
        private static final Position NONE = new Position(Optional.empty(), 0, 0, 0);
    }

    /** A range of a check, and how far it came in it. One thread checks it. */
    public final class Range {
        private final int number;
        private final IdRange range;
        private final Position before;
        private Optional<UUID> walkedTo;
        private Position reached;
        private long saved = System.nanoTime();

        private Range(int number, IdRange range, Position before) {
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
        public Position before() {
            return before;
        }

        /** What that has left of it; empty where nothing is. */
        public Optional<IdRange> left() {
            return before.upTo().isEmpty() ? Optional.of(range) : range.behind(before.upTo().get());
        }

        /** Gives every id that seemed to differ before the interruption, ascending. */
        public void forEachSuspect(Consumer<UUID> suspect) {
            before.upTo().ifPresent(upTo -> readSuspects(new IdRange(range.first(), upTo), suspect));
        }

        /** Adds an id that seems to differ. */
        public void suspect(UUID id) {
            line(id.toString());
        }

        /** Hears which id was compared last. */
        void walkedTo(UUID id) {
            walkedTo = Optional.of(id);
        }

        /** The id that was compared last; empty before the first. */
        Optional<UUID> walkedTo() {
            return walkedTo;
        }

        /** Hears how far the check came, to save it when that is due. */
        public void reached(Position position) {
            reached = position;
        }

        /** How far the check came. */
        Position reached() {
            return reached;
        }

        /** Whether all of it was compared. */
        boolean isComplete() {
            return reached.upTo().equals(Optional.of(range.last()));
        }

        /** Whether it is some seconds since the last time. */
        boolean isDue() {
            return isKept() && System.nanoTime() - saved > BETWEEN.toNanos();
        }

        /** Keeps how far the check came. */
        public void save() {
            Checkpoint.this.save(number, reached);
            saved = System.nanoTime();
        }
    }

    /** Two thousand ranges stand in one. */
    private static final int LONGEST_LINE = 1 << 18;
    private static final String RANGES = "ranges";
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Path path;
    private final boolean resume;
    private FileChannel channel;
    private OutputStream out;
    private CRC32 sum = new CRC32();
    private long whole;
    private boolean damaged;
    private boolean resumed;
    private List<Range> ranges = List.of();

    private Checkpoint(Path path, boolean resume) {
        this.path = path;
        this.resume = resume;
    }

    /** None is kept. */
    static Checkpoint none() {
        return new Checkpoint(null, false);
    }

    /**
     * The one beside a report.
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
        return new Checkpoint(report.resolveSibling("." + report.getFileName() + ".checkpoint"), resume);
    }

    /** A range of which nothing is kept. */
    public static Range unkept(IdRange range) {
        return none().anew(List.of(range)).get(0);
    }

    /**
     * Begins.
     *
     * @param check   what the check is of: a checkpoint of another is not gone on from
     * @param divided the ranges of a check that begins anew; one that goes on has those that it had
     * @throws RefusedException if the checkpoint is of other databases
     * @throws InputException if it is of other options
     */
    public void begin(Map<String, Object> check, List<IdRange> divided) {
        ranges = anew(divided);
        if (path == null) {
            return;
        }
        ObjectNode wanted = Json.MAPPER.valueToTree(check);
        try {
            Optional<List<Range>> kept = resume
                    && Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? goOn(wanted) : Optional.empty();
            resumed = kept.isPresent();
            if (!resumed) {
                beginAnew();
            }
            channel.position(whole);
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            sum = new CRC32();
            if (!resumed) {
                wanted.set(RANGES, Json.MAPPER.valueToTree(divided));
                line(wanted.toString());
            }
            ranges = kept.orElse(ranges);
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be used: " + AtomicFile.reason(e)
                    + "; name a report in a folder that you may write to");
        }
    }

    private List<Range> anew(List<IdRange> ranges) {
        return numbered(ranges, Map.of());
    }

    private List<Range> numbered(List<IdRange> ranges, Map<Integer, Position> positions) {
        return IntStream.range(0, ranges.size())
                .mapToObj(i -> new Range(i, ranges.get(i), positions.getOrDefault(i, Position.NONE))).toList();
    }

    /** Whether this check goes on from it. */
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

    /** Keeps how far the check came in each range. */
    void save() {
        ranges.forEach(Range::save);
    }

    /** Whether there is one to go on from, of which nothing can be made. */
    public boolean isDamaged() {
        return damaged;
    }

    /**
     * Nothing else that stands at this name is opened, which anybody can guess: not a link, and not a file of other
     * eyes.
     */
    private void beginAnew() throws IOException {
        if (channel != null) {
            channel.close();
        }
        Files.deleteIfExists(path);
        channel = FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        whole = 0;
    }

    private Optional<List<Range>> goOn(JsonNode wanted) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException("The checkpoint " + path
                    + " is no file that a check has left: remove it, or check without --resume");
        }
        channel = FileChannel.open(path,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        Files.setPosixFilePermissions(path, OWNER_ALONE);
        Optional<List<Range>> ranges;
        try {
            ranges = read(wanted);
        } catch (RuntimeException e) { // it is of another check, and may be needed for that
            channel.close();
            channel = null;
            throw e;
        }
        damaged = ranges.isEmpty() && channel.size() > 0;
        if (ranges.isPresent()) {
            channel.truncate(whole);
        }
        return ranges;
    }

    /** Ranges save in turn: of those behind its own position, a range may have seen some, which it will see again. */
    private void readSuspects(IdRange range, Consumer<UUID> suspect) {
        try (IdLog suspects = new IdLog()) {
            WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
            for (Optional<Line> line = lines.next(); line.isPresent()
                    && line.get().start() < whole; line = lines.next()) {
                String text = line.get().text();
                if (!text.startsWith("{")) {
                    UUID id = EntityId.parse(text).orElseThrow(() -> new InputException("The checkpoint " + path
                            + " is damaged: " + Words.quoted(text) + " is no UUID; check without --resume"));
                    if (range.contains(id)) {
                        suspects.add(id);
                    }
                }
            }
            try (SortedIds all = suspects.sorted(); SortedIds each = all.distinct()) {
                each.iterator().forEachRemaining(suspect);
            }
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be read: " + AtomicFile.reason(e)
                    + "; check without --resume", e);
        }
    }

    /** Whether the operator asked to go on from it. */
    boolean isWanted() {
        return resume;
    }

    private synchronized boolean isKept() {
        return out != null;
    }

    private synchronized void save(int number, Position position) {
        if (out == null || position.upTo().isEmpty()) {
            return;
        }
        ObjectNode line = Json.MAPPER.createObjectNode().put("range", number)
                .put("up_to", position.upTo().get().toString()).put("n_ok", position.ok())
                .put("n_in_graph", position.inGraph()).put("n_with_other_id", position.withOtherId())
                .put("checksum", sum.getValue());
        line(line.toString());
        try {
            out.flush();
            channel.force(false);
            whole = channel.position();
        } catch (IOException e) {
            abandon();
        }
        sum = new CRC32();
    }

    /** Once the report is written: a check that is complete leaves nothing to go on from. */
    public void keepOnlyIf(boolean partial) {
        if (!partial) {
            whole = 0;
            out = null;
        }
    }

    /** Leaves the file, if there is something in it to go on from. */
    @Override
    public void close() {
        if (path == null || channel == null) {
            return;
        }
        try {
            channel.close();
            if (whole == 0) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(Words.visible("The checkpoint " + path + " could not be removed: "
                    + AtomicFile.reason(e)));
        }
    }

    /** A full disk, say: the check goes on without a later checkpoint. */
    private void abandon() {
        out = null;
    }

    private synchronized void line(String text) {
        if (out == null) {
            return;
        }
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
            sum.update(bytes);
        } catch (IOException e) {
            abandon();
        }
    }

    /**
     * Finds the last position of each range, as far as all is whole. The checksum of the first covers the line that
     * says what the check is of.
     */
    private Optional<List<Range>> read(JsonNode wanted) throws IOException {
        Map<Integer, Position> positions = new HashMap<>();
        CRC32 since = new CRC32();
        String header = "";
        WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            String text = line.get().text();
            if (line.get().start() == 0) {
                header = text;
            } else if (text.startsWith("{")) {
                Optional<JsonNode> kept = position(text, since.getValue());
                if (kept.isEmpty()) {
                    break;
                }
                if (positions.isEmpty()) {
                    compare(header, wanted);
                }
                positions.put(kept.get().path("range").asInt(), new Position(
                        EntityId.parse(kept.get().path("up_to").asText()), kept.get().path("n_ok").asLong(),
                        kept.get().path("n_in_graph").asLong(), kept.get().path("n_with_other_id").asLong()));
                whole = line.get().end();
                since = new CRC32();
                continue;
            }
            since.update(line.get().bytes());
            since.update('\n');
        }
        return positions.isEmpty() ? Optional.empty() : Optional.of(numbered(ranges(header), positions));
    }

    /** Empty where a line is no position, or the lines before it are not those that it is about. */
    private static Optional<JsonNode> position(String line, long checksum) {
        try {
            JsonNode kept = Json.MAPPER.readTree(line);
            return EntityId.parse(kept.path("up_to").asText()).filter(upTo -> kept.has("range")
                    && kept.path("checksum").asLong() == checksum).map(upTo -> kept);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static List<IdRange> ranges(String header) throws IOException {
        return Json.MAPPER.readerForListOf(IdRange.class).readValue(Json.MAPPER.readTree(header).path(RANGES));
    }

    private void compare(String header, JsonNode wanted) throws IOException {
        JsonNode kept = Json.MAPPER.readTree(header);
        for (String database : new String[] {"postgresql", "neo4j"}) {
            if (!kept.path(database).equals(wanted.get(database))) {
                throw new RefusedException("The checkpoint " + path + " is of another database (" + kept.path(database)
                        + ", not " + wanted.get(database)
                        + "): connect to that one, or check without --resume");
            }
        }
        if (!kept.path("options").equals(wanted.get("options"))) {
            throw new InputException("The checkpoint " + path + " is of a check with other options ("
                    + kept.path("options") + ", not " + wanted.get("options")
                    + "): give the same, or check without --resume");
        }
    }
}
