package syncdata.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.store.Databases;
import syncdata.store.SourceStore;

/** What seemed to differ at the first look. A batch of it is looked at again while the next one fills. */
final class Suspects {
    private final SourceStore source;
    private final Judge judge;
    private final int batchSize;
    private final Judge.Decided decided;

    private List<UUID> pending = new ArrayList<>();
    private Map<UUID, Verdict> pendingSeen = new HashMap<>();
    private Optional<Judge.Batch> lookedAtOnce = Optional.empty();

    /**
     * @param began   when the check began
     * @param decided takes what the second look comes to
     */
    Suspects(Databases databases, CheckTerms terms, Snapshot began, Judge.Decided decided) {
        this.source = databases.source();
        this.judge = new Judge(databases, terms, began);
        this.batchSize = terms.batchSize();
        this.decided = decided;
    }

    /**
     * Takes one more; ascending.
     *
     * @param seen the verdict of the first look, where it has no time of its own
     */
    void add(UUID id, Optional<Verdict> seen) {
        pending.add(id);
        seen.ifPresent(verdict -> pendingSeen.put(id, verdict));
        if (pending.size() >= batchSize) {
            lookAgain();
        }
    }

    /** Looks again at all that were added. */
    void finish() {
        if (!pending.isEmpty()) {
            lookAgain();
        }
        lookedAtOnce.ifPresent(batch -> judge.judge(batch, source.snapshot(), false, decided));
        lookedAtOnce = Optional.empty();
    }

    private void lookAgain() {
        Snapshot now = source.snapshot();
        lookedAtOnce.ifPresent(batch -> judge.judge(batch, now, false, decided));
        lookedAtOnce = Optional.of(new Judge.Batch(pending, pendingSeen, now));
        pending = new ArrayList<>();
        pendingSeen = new HashMap<>();
    }
}
