package syncdata.check;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import syncdata.rules.Difference;
import syncdata.rules.Settling.Decision.LookAgain;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.SortedIds;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.SourceStore;

/** Looks again at what waits, once its time has come. */
final class Settlement {
    private final SourceStore source;
    private final Stop stop;
    private final Judge judge;
    private final int batchSize;
    private final SecondLook secondLook;

    /**
     * @param began      when the check began
     * @param secondLook takes what can be believed
     */
    Settlement(Databases databases, CheckTerms terms, Snapshot began, SecondLook secondLook) {
        this.source = databases.source();
        this.stop = databases.pace().stop();
        this.judge = new Judge(databases, terms, began);
        this.batchSize = terms.batchSize();
        this.secondLook = secondLook;
    }

    /**
     * Looks at what waits once its time has come, and again at what changed meanwhile, until the deadline.
     *
     * @param deadline    by {@link System#nanoTime}
     * @param unconfirmed takes the ids that could not be confirmed by then, in no order
     */
    void settle(Waiting waiting, long deadline, IdLog unconfirmed) {
        if (waiting.count() == 0) {
            return;
        }
        try (Waiting again = new Waiting()) {
            waiting.forEach((reason, room) -> settle(reason, room, deadline, new LaterLook(again, unconfirmed)));
            settle(again, deadline, unconfirmed);
        }
    }

    /** Takes the decisions of a later look: what cannot be believed yet waits on, or is left. */
    private final class LaterLook implements Judge.Decided {
        private final Waiting again;
        private final IdLog unconfirmed;

        LaterLook(Waiting again, IdLog unconfirmed) {
            this.again = again;
            this.unconfirmed = unconfirmed;
        }

        @Override
        public void believe(List<Difference> differences) {
            secondLook.believe(differences);
        }

        @Override
        public void putOff(Difference difference, LookAgain lookAgain) {
            again.add(difference.id(), lookAgain);
        }

        @Override
        public void leave(UUID id) {
            unconfirmed.add(id);
        }
    }

    private void settle(Reason reason, Waiting.Room room, long deadline, LaterLook later) {
        Snapshot now = await(room, deadline);
        boolean last = System.nanoTime() - deadline >= 0 || stop.isRequested();
        try (SortedIds waiting = room.ids().sorted()) { // several ranges have added theirs
            waiting.forEachBatch(batchSize,
                    ids -> judge.judge(new Judge.Batch(ids, seen(ids, reason), room.since()), now, last, later));
        }
    }

    private static Map<UUID, Verdict> seen(List<UUID> ids, Reason reason) {
        return reason.verdict().map(verdict -> ids.stream().collect(Collectors.toMap(id -> id, id -> verdict)))
                .orElse(Map.of());
    }

    private Snapshot await(Waiting.Room room, long deadline) {
        for (long pause = 20_000_000; ; pause = Math.min(1_000_000_000, pause * 2)) {
            Snapshot now = source.snapshot();
            long left = deadline - System.nanoTime();
            boolean ended = now.allEndedSince(room.since());
            if (ended && now.seen() >= room.readyAt() || left <= 0 || stop.isRequested()) {
                return now;
            }
            long wanted = ended ? Math.max(pause, (room.readyAt() - now.seen()) * 1000 + 1_000_000) : pause;
            stop.pause(Duration.ofNanos(Math.min(wanted, left)));
        }
    }
}
