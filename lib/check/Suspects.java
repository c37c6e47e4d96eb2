package syncdata.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.rules.Moment;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.Settling.Decision;
import syncdata.rules.Settling.Looks;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Verdict;
import syncdata.run.IdFile;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.SourceStore;

/**
 * What seemed to differ at the first look, until it can be believed. A batch of it is looked at again while the next
 * one fills;
 * what cannot be believed then waits for {@link #settle}.
 */
final class Suspects implements AutoCloseable {

    /** Takes what was found, in the order of the ids. */
    interface Findings {
        /** What can be believed. */
        void believe(List<Difference> differences);

        /** What is to be looked at once more. */
        default void putOff(Difference difference) {
        }
    }

    /** Ids that were looked at together, and what was seen of those among them whose class has no time of its own. */
    private record Batch(List<UUID> ids, Map<UUID, Verdict> seen, Moment firstLook) {
        Looks looks(UUID id, Moment began, Moment now) {
            return new Looks(began, firstLook, now, Optional.ofNullable(seen.get(id)));
        }
    }

    /** Ids that wait for the same reason, since when, and from when on all of them can be looked at. */
    private static final class WaitingRoom implements AutoCloseable {
        private final IdFile ids = new IdFile();
        private Moment since;
        private long readyAt = Long.MIN_VALUE;

        void add(UUID id, Decision.LookAgain again) {
            ids.add(id);
            since = since == null || again.since().micros() >= since.micros() ? again.since() : since;
            readyAt = Math.max(readyAt, again.readyAt());
        }

        @Override
        public void close() {
            ids.close();
        }
    }

    private final SourceStore source;
    private final Confirmation confirmation;
    private final Settling settling;
    private final Moment began;
    private final Selection selection;
    private final int batchSize;
    private final Findings findings;

    private List<UUID> pending = new ArrayList<>();
    private Map<UUID, Verdict> pendingSeen = new HashMap<>();
    private Batch lookedAtOnce;
    private Map<Reason, WaitingRoom> rooms = new EnumMap<>(Reason.class);

    /**
     * @param comparison what makes a difference
     * @param began      when the check began
     * @param findings   takes what is found
     */
    Suspects(Databases databases, Comparison comparison, Settling settling, Moment began, Selection selection,
            int batchSize, Findings findings) {
        this.source = databases.source();
        this.confirmation = new Confirmation(databases, comparison);
        this.settling = settling;
        this.began = began;
        this.selection = selection;
        this.batchSize = batchSize;
        this.findings = findings;
    }

    /**
     * Takes one more; ascending.
     *
     * @param seen what the first look saw, where that has no time of its own
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
        if (lookedAtOnce != null) {
            judge(lookedAtOnce, source.moment());
            lookedAtOnce = null;
        }
    }

    /** Whether an id is among those that wait. */
    boolean isWaiting(UUID id) {
        return rooms.values().stream().anyMatch(room -> room.ids.contains(id));
    }

    /** How many wait. */
    long waiting() {
        return rooms.values().stream().mapToLong(room -> room.ids.count()).sum();
    }

    /** What they still wait for at this moment; nothing where they can be looked at. */
    Set<Reason> waitFor(Moment now) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        rooms.forEach((reason, room) -> {
            if (!now.hasSeen(room.since)) {
                reasons.add(Reason.STANDBY);
            } else if (!now.allEndedSince(room.since)) {
                reasons.add(Reason.TRANSACTION);
            }
            if (room.readyAt > now.seen()) {
                reasons.add(reason.verdict().isPresent() ? reason : Reason.CHANGE);
            }
        });
        return reasons;
    }

    /**
     * Looks at those that wait once their time has come, and again at what changed meanwhile, until the deadline.
     *
     * @param deadline    by {@link System#nanoTime}
     * @param nextFile    called before ids begin anew from the lowest
     * @param unconfirmed takes the ids that could not be confirmed by then
     */
    void settle(long deadline, Stop stop, Runnable nextFile, IdFile unconfirmed) {
        while (waiting() > 0) {
            Map<Reason, WaitingRoom> left = rooms;
            rooms = new EnumMap<>(Reason.class);
            try {
                for (Map.Entry<Reason, WaitingRoom> room : left.entrySet()) {
                    settle(room.getKey(), room.getValue(), deadline, stop, nextFile, unconfirmed);
                }
            } finally {
                left.values().forEach(WaitingRoom::close);
            }
        }
    }

    @Override
    public void close() {
        rooms.values().forEach(WaitingRoom::close);
    }

    private void settle(Reason reason, WaitingRoom room, long deadline, Stop stop, Runnable nextFile,
            IdFile unconfirmed) {
        Moment now = await(room, deadline, stop);
        boolean last = System.nanoTime() - deadline >= 0 || stop.isRequested();
        nextFile.run();
        room.ids.sort(); // it was filled from several rooms
        try (IdFile left = new IdFile()) {
            room.ids.forEachBatch(batchSize,
                    ids -> judge(new Batch(ids, seen(ids, reason), room.since), now, last, left::add));
            unconfirmed.merge(left);
        }
    }

    private static Map<UUID, Verdict> seen(List<UUID> ids, Reason reason) {
        return reason.verdict().map(verdict -> ids.stream().collect(Collectors.toMap(id -> id, id -> verdict)))
                .orElse(Map.of());
    }

    private void lookAgain() {
        Moment now = source.moment();
        if (lookedAtOnce != null) {
            judge(lookedAtOnce, now);
        }
        lookedAtOnce = new Batch(pending, pendingSeen, now);
        pending = new ArrayList<>();
        pendingSeen = new HashMap<>();
    }

    private Moment await(WaitingRoom room, long deadline, Stop stop) {
        for (long pause = 20_000_000; ; pause = Math.min(1_000_000_000, pause * 2)) {
            Moment now = source.moment();
            long left = deadline - System.nanoTime();
            boolean ended = now.allEndedSince(room.since);
            if (ended && now.seen() >= room.readyAt || left <= 0 || stop.isRequested()) {
                return now;
            }
            long wanted = ended ? Math.max(pause, (room.readyAt - now.seen()) * 1000 + 1_000_000) : pause;
            stop.pause(Duration.ofNanos(Math.min(wanted, left)));
        }
    }

    private void judge(Batch batch, Moment now) {
        judge(batch, now, false, id -> {
            throw new IllegalStateException(id + " can still be looked at again");
        });
    }

    private void judge(Batch batch, Moment now, boolean last, Consumer<UUID> unconfirmed) {
        List<Difference> believed = new ArrayList<>();
        for (Difference difference : confirmation.judge(batch.ids(), selection)) {
            Decision decision = settling.decide(difference, batch.looks(difference.id(), began, now), last);
            if (decision instanceof Decision.Believe) {
                believed.add(difference);
            } else if (decision instanceof Decision.LookAgain again) {
                rooms.computeIfAbsent(again.reason(), any -> new WaitingRoom()).add(difference.id(), again);
                findings.putOff(difference);
            } else {
                unconfirmed.accept(difference.id());
            }
        }
        findings.believe(believed);
    }
}
