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

/**
 * The check of one range of ids, up to what can be believed at the second look: with readers, a walk and suspects of
 * its own.
 */
public final class RangeCheck implements AutoCloseable {
    private final Databases databases;
    private final CheckTerms terms;
    private final Snapshot began;
    private final Optional<Readers> readers;
    /** Of this range alone; empty where several ranges share them. */
    private final Optional<SourcePages> own;
    /** Of those that the walk took for ok, how many have another content. */
    private long altered;

    /**
     * Begins to read.
     *
     * @param databases no other range may use its connections to PostgreSQL meanwhile
     * @param began     when the whole check began
     * @param left      what is left of the range; empty where an interrupted check came to its end
     */
    public RangeCheck(Databases databases, CheckTerms terms, Snapshot began, Optional<IdRange> left) {
        this(databases, terms, began, left, left.map(range ->
                new SourcePages(databases, terms.selection().types(), range, terms.batchSize())), Optional.empty());
    }

    /** @param entities of PostgreSQL, which several ranges share */
    RangeCheck(Databases databases, CheckTerms terms, Snapshot began, Optional<IdRange> left, SourcePages entities) {
        this(databases, terms, began, left, Optional.empty(), Optional.of(entities));
    }

    private RangeCheck(Databases databases, CheckTerms terms, Snapshot began, Optional<IdRange> left,
            Optional<SourcePages> own, Optional<SourcePages> shared) {
        this.databases = databases;
        this.terms = terms;
        this.began = began;
        this.own = own;
        this.readers = left.map(range -> Readers.all(databases, terms, range,
                own.or(() -> shared).orElseThrow().of(databases.source(), range)));
    }

    /**
     * Compares all of it, unless the run is to stop before. Runs once.
     *
     * @param kept      how far an interrupted check came in the range, and where it is kept how far this one comes
     * @param progress  is told of each batch
     * @param cancelled whether nobody needs the result any more
     */
    public RangeResult run(Checkpoint.Range kept, Progress progress, BooleanSupplier cancelled) {
        own.ifPresent(entities -> entities.sort(progress));
        Findings inPages = new Findings();
        Findings inContents = new Findings();
        Waiting waiting = new Waiting();
        try {
            Checkpoint.Position reached = walk(kept, suspects(inPages, waiting, progress),
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
        readers.ifPresent(Readers::close);
        own.ifPresent(SourcePages::close);
    }

    private Suspects suspects(Findings findings, Waiting waiting, Progress progress) {
        return new Suspects(databases, terms, began,
                new SecondLook(databases.source(), terms.withDiffs(), findings, waiting, progress));
    }

    /** Gives how far it came. */
    private Checkpoint.Position walk(Checkpoint.Range kept, Suspects inPages, Suspects inContents, Progress progress,
            BooleanSupplier cancelled) {
        kept.forEachSuspect(id -> inPages.add(id, Optional.empty())); // it may have been seen long ago
        try (ContentWalk contents = new ContentWalk(databases, terms.batchSize(), id -> {
            altered++;
            kept.suspect(id);
            inContents.add(id, Optional.of(Verdict.ALTERED));
        })) {
            if (readers.isPresent()) {
                Walk walk = readers.get().walk(terms.selection());
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

    /** Where content is compared, the walk waits for that before its position can be kept. */
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

    private Checkpoint.Position position(Checkpoint.Range kept, Walk walk, boolean complete) {
        Checkpoint.Position before = kept.before();
        Optional<UUID> upTo = complete ? Optional.of(kept.range().last())
                : Optional.ofNullable(walk.upTo()).or(before::upTo);
        return new Checkpoint.Position(upTo, before.ok() + walk.ok() - altered, before.inGraph() + walk.inGraph(),
                before.withOtherId() + walk.otherIds());
    }

    /** What the walk shows is looked at again, or has its content compared. */
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
        public void same(long high, long low, boolean relation) {
            if (terms.comparison() == Comparison.CONTENT) {
                contents.add(new UUID(high, low), relation);
            }
        }
    }
}
