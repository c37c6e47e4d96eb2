package syncdata.check;

import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import syncdata.rules.Comparison;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.Pace;
import syncdata.store.SourcePages;

/** The check of one range of ids, up to the second look. It has readers, a walk and suspects of its own. */
public final class RangeCheck implements AutoCloseable {
    private final Databases databases;
    private final CheckTerms terms;
    private final Snapshot began;
    private final RangeReading reading;
    /** Entities that the walk counted as ok, and that have another content. */
    private long altered;

    /**
     * Begins to read.
     *
     * @param databases no other range may use its connections to PostgreSQL meanwhile
     * @param began     when the whole check began
     * @param left      what is left of the range; empty where an interrupted check came to its end
     */
    public RangeCheck(Databases databases, CheckTerms terms, Snapshot began, Optional<IdRange> left) {
        this(databases, terms, began, RangeReading.own(databases, terms, left));
    }

    /** @param entities of PostgreSQL, which several ranges share */
    RangeCheck(Databases databases, CheckTerms terms, Snapshot began, Optional<IdRange> left, SourcePages entities) {
        this(databases, terms, began, RangeReading.shared(databases, left, entities));
    }

    private RangeCheck(Databases databases, CheckTerms terms, Snapshot began, RangeReading reading) {
        this.databases = databases;
        this.terms = terms;
        this.began = began;
        this.reading = reading;
    }

    /**
     * Compares the range, as far as it comes before the run is to stop. Runs once.
     *
     * @param kept      the checkpoint of the range
     * @param progress  is told of each batch
     * @param cancelled whether nobody needs the result any more
     */
    public RangeResult run(Checkpoint.Range kept, Progress progress, BooleanSupplier cancelled) {
        reading.prepare(new Progress()); // what is read before it is compared does not count
        Findings inPages = new Findings();
        Findings inContents = new Findings();
        Waiting waiting = new Waiting();
        try {
            RangePosition reached = walk(kept, suspects(inPages, waiting, progress),
                    suspects(inContents, waiting, progress), progress, cancelled);
            inPages.join(inContents);
            return new RangeResult(reached.ok(), reached.inGraph(), reached.withOtherId(), inPages, waiting);
        } catch (RuntimeException e) {
            inPages.close();
            inContents.close();
            waiting.close();
            throw e;
        }
    }

    @Override
    public void close() {
        reading.close();
    }

    private Suspects suspects(Findings findings, Waiting waiting, Progress progress) {
        return new Suspects(databases, terms, began,
                new SecondLook(databases.source(), terms.withDiffs(), findings, waiting, progress));
    }

    /** Gives how far it came. */
    private RangePosition walk(Checkpoint.Range kept, Suspects inPages, Suspects inContents, Progress progress,
            BooleanSupplier cancelled) {
        kept.forEachSuspect(id -> inPages.add(id, Optional.empty())); // seen too long ago to count as a first look
        try (ContentWalk contents = new ContentWalk(databases, terms.batchSize(), id -> {
            altered++;
            kept.suspect(id);
            inContents.add(id, Optional.of(Verdict.ALTERED));
        })) {
            if (reading instanceof RangeReading.Streams streams) {
                Walk walk = streams.readers().walk(terms.selection());
                boolean complete = walk(walk, new FirstLook(kept, inPages, contents), contents, kept, progress,
                        cancelled);
                contents.finish();
                kept.reached(position(kept, walk, complete));
            }
            inContents.finish();
            inPages.finish();
            return kept.reached();
        }
    }

    /** Says whether all was compared. */
    private boolean walk(Walk walk, Walk.Found found, ContentWalk contents, Checkpoint.Range kept,
            Progress progress, BooleanSupplier cancelled) {
        Pace pace = databases.pace();
        int compared = 0;
        while (!cancelled.getAsBoolean() && pace.beforeBatch(compared)) {
            compared = walk.next(terms.batchSize(), found);
            if (compared == 0) {
                return true;
            }
            keepPosition(walk, contents, kept);
            progress.advance(compared);
        }
        return false;
    }

    /** Keeps the position of the walk, once the comparison of content has come as far. */
    private void keepPosition(Walk walk, ContentWalk contents, Checkpoint.Range kept) {
        kept.walkedTo(walk.upTo());
        boolean due = kept.isDue();
        if (due) {
            contents.finish();
        }
        if (due || terms.comparison() == Comparison.TIMESTAMPS) {
            kept.reached(position(kept, walk, false));
        }
        if (due) {
            kept.save();
        }
    }

    private RangePosition position(Checkpoint.Range kept, Walk walk, boolean complete) {
        RangePosition before = kept.before();
        Optional<UUID> upTo = complete ? Optional.of(kept.range().last())
                : Optional.ofNullable(walk.upTo()).or(before::upTo);
        return new RangePosition(upTo, before.ok() + walk.ok() - altered, before.inGraph() + walk.inGraph(),
                before.withOtherId() + walk.otherIds());
    }

    /** Takes what the walk shows: suspects, and what is to have its content compared. */
    private final class FirstLook implements Walk.Found {
        private final Checkpoint.Range kept;
        private final Suspects suspects;
        private final ContentWalk contents;

        FirstLook(Checkpoint.Range kept, Suspects suspects, ContentWalk contents) {
            this.kept = kept;
            this.suspects = suspects;
            this.contents = contents;
        }

        @Override
        public void take(UUID id, boolean gone) {
            kept.suspect(id);
            suspects.add(id, gone ? Optional.of(Verdict.NOT_DELETED) : Optional.empty());
        }

        @Override
        public void same(long high, long low, boolean relation, boolean sameContent) {
            if (terms.comparison() == Comparison.CONTENT && !sameContent) {
                contents.add(new UUID(high, low), relation);
            }
        }
    }
}
