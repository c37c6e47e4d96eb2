package syncdata.check;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.rules.Settling.Decision.LookAgain;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.run.Progress;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/**
 * Copies without a timestamp, which no page shows. Most of them were looked at already: PostgreSQL's entity seemed
 * missing. The rest is not deleted, or one more copy of an entity that seemed ok.
 */
final class OutsidePages implements Judge.Decided {
    private final SecondLook secondLook;
    /** Entities that the walk counted as ok, and that are not. */
    private long notOk;

    private OutsidePages(SecondLook secondLook) {
        this.secondLook = secondLook;
    }

    /**
     * Looks at those of a range, and gives what is to be joined to its walk.
     *
     * @param walked what the walk of the range came to
     */
    static RangeResult look(Databases databases, CheckTerms terms, Snapshot began, IdRange range, RangeResult walked,
            Progress progress) {
        Findings findings = new Findings();
        Waiting waiting = new Waiting();
        OutsidePages outside = new OutsidePages(
                new SecondLook(databases.source(), terms.withDiffs(), findings, waiting, progress));
        Suspects suspects = new Suspects(databases, terms, began, outside);
        try (SortedIds known = walked.suspected();
                Readers readers = Readers.withoutTimestamp(databases, terms, range)) {
            Walk walk = readers.walk(Selection.ALL);
            int compared = 0;
            while (databases.pace().beforeBatch(compared)
                    && (compared = walk.next(terms.batchSize(), (id, gone) -> {
                        if (!known.contains(id)) {
                            suspects.add(id, Optional.empty());
                        }
                    })) > 0) {
                continue;
            }
            suspects.finish();
            return new RangeResult(-outside.notOk, 0, walk.otherIds(), findings, waiting);
        }
    }

    @Override
    public void believe(List<Difference> differences) {
        notOk += differences.stream().filter(OutsidePages::seemedOk).count();
        secondLook.believe(differences.stream()
                .filter(difference -> seemedOk(difference) || difference.verdict().isDifference()).toList());
    }

    @Override
    public void putOff(Difference difference, LookAgain again) {
        if (seemedOk(difference)) {
            notOk++;
        }
        secondLook.putOff(difference, again);
    }

    @Override
    public void leave(UUID id) {
        secondLook.leave(id);
    }

    /** PostgreSQL holds it, and the pages showed one copy that is the same: they do not show the other. */
    private static boolean seemedOk(Difference difference) {
        return difference.verdict().toReindex() || difference.verdict() == Verdict.DANGLING;
    }
}
