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

/** Looks at entities by their ids once more, and decides which differences can be believed. */
final class Judge {

    /**
     * Ids that were looked at together.
     *
     * @param seen      what was seen of those among them whose class has no time of its own
     * @param firstLook taken after that
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
     * Looks at a batch, of entities with megabytes at a few at a time.
     *
     * @param now  taken before
     * @param last whether there is no later look
     */
    void judge(Batch batch, Snapshot now, boolean last, Decided decided) {
        confirmation.parts(batch.ids()).forEach(part -> judge(part, batch, now, last, decided));
    }

    private void judge(List<UUID> part, Batch batch, Snapshot now, boolean last, Decided decided) {
        List<Difference> believed = new ArrayList<>();
        for (Difference difference : confirmation.judge(part, terms.selection())) {
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
