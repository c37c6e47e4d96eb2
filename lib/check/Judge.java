package syncdata.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.Settling.Decision;
import syncdata.rules.Settling.Looks;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.store.Databases;

/** Looks up entities once more, and decides which differences can be believed. */
final class Judge {

    /**
     * Ids that had their first look together.
     *
     * @param seen      the verdicts of that look which have no time of their own, such as a deletion
     * @param firstLook a snapshot after it
     */
    record Batch(List<UUID> ids, Map<UUID, Verdict> seen, Snapshot firstLook) {
        private Looks looks(UUID id, Snapshot began, Snapshot now) {
            return new Looks(began, firstLook, now, Optional.ofNullable(seen.get(id)));
        }
    }

    /** Takes what was decided, in the order of the ids. */
    interface Decided {
        /** What can be believed, of a whole batch. */
        void believe(List<Difference> differences);

        /** What is to be looked at once more. */
        void putOff(Difference difference, Decision.LookAgain again);

        /** What there is no time left for. */
        void leave(UUID id);
    }

    private final Confirmation confirmation;
    private final CheckTerms terms;
    private final Snapshot began;

    /** @param began when the check began */
    Judge(Databases databases, CheckTerms terms, Snapshot began) {
        this.confirmation = new Confirmation(databases, terms.comparison());
        this.terms = terms;
        this.began = began;
    }

    /**
     * Judges a batch; of entities with megabytes, a few at a time.
     *
     * @param now  a snapshot before
     * @param last whether there is no later look
     */
    void judge(Batch batch, Snapshot now, boolean last, Decided decided) {
        confirmation.judge(batch.ids(), terms.selection(), part -> decide(part, batch, now, last, decided));
    }

    private void decide(List<Difference> part, Batch batch, Snapshot now, boolean last, Decided decided) {
        List<Difference> believed = new ArrayList<>();
        for (Difference difference : part) {
            Decision decision = terms.settling().decide(difference, batch.looks(difference.id(), began, now), last);
            if (decision instanceof Decision.Believe) {
                believed.add(difference);
            } else if (decision instanceof Decision.LookAgain again) {
                decided.putOff(difference, again);
            } else {
                decided.leave(difference.id());
            }
        }
        decided.believe(believed);
    }
}
