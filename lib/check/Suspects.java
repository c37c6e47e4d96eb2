package syncdata.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.Moment;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.Settling.Decision;
import syncdata.run.IdFile;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.SourceStore;

/**
 * What seemed to differ at the first look, until it can be believed. A batch of it is looked at again while the next one fills;
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

    private record Batch(List<UUID> ids, Moment firstLook) {
    }

    /** Ids that wait, and from when on they can be looked at. */
    private static final class Waiting {
        private IdFile ids = new IdFile();
        private Moment firstLook;
        private long readyAt = Long.MIN_VALUE;

        private void add(Difference difference, Moment firstLook, long readyAt) {
            ids.add(difference.id());
            this.firstLook = firstLook;
            this.readyAt = Math.max(this.readyAt, readyAt);
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
    private Batch held;
    private final Waiting young = new Waiting();
    private final Waiting open = new Waiting();

    /**
     * @param began    when the check began
     * @param findings takes what is found
     */
    Suspects(Databases databases, Settling settling, Moment began, Selection selection, int batchSize, Findings findings) {
        this.source = databases.source();
        this.confirmation = new Confirmation(databases);
        this.settling = settling;
        this.began = began;
        this.selection = selection;
        this.batchSize = batchSize;
        this.findings = findings;
    }

    /** Takes one more; ascending. */
    void add(UUID id) {
        pending.add(id);
        if (pending.size() >= batchSize) {
            lookAgain();
        }
    }

    /** Looks again at all that were added. */
    void finish() {
        if (!pending.isEmpty()) {
            lookAgain();
        }
        judge(held, held == null ? null : source.moment());
        held = null;
    }

    /** Whether an id is among those that wait. */
    boolean isWaiting(UUID id) {
        return young.ids.contains(id) || open.ids.contains(id);
    }

    /** How many wait. */
    long waiting() {
        return young.ids.count() + open.ids.count();
    }

    /** How many of them wait for transactions in PostgreSQL to end. */
    long waitingForTransactions() {
        return open.ids.count();
    }

    /**
     * Looks at those that wait once their time has come, and again at what changed meanwhile, until the deadline.
     *
     * @param deadline by {@link System#nanoTime}
     * @param nextFile called before ids begin anew from the lowest
     * @param unconfirmed takes the ids that could not be confirmed by then
     */
    void settle(long deadline, Stop stop, Runnable nextFile, IdFile unconfirmed) {
        settle(young, deadline, stop, nextFile, unconfirmed);
        settle(open, deadline, stop, nextFile, unconfirmed);
    }

    @Override
    public void close() {
        young.ids.close();
        open.ids.close();
    }

    private void lookAgain() {
        Moment now = source.moment();
        judge(held, now);
        held = new Batch(pending, now);
        pending = new ArrayList<>();
    }

    private void judge(Batch batch, Moment now) {
        if (batch == null) {
            return;
        }
        boolean ended = now.allEndedSince(batch.firstLook());
        judge(batch.ids(), batch.firstLook(), now, false, ended ? young : open, null);
    }

    private void settle(Waiting waiting, long deadline, Stop stop, Runnable nextFile, IdFile unconfirmed) {
        while (waiting.ids.count() > 0) {
            Moment now = await(waiting, deadline, stop);
            boolean timeUp = System.nanoTime() - deadline >= 0 || stop.isRequested();
            nextFile.run();
            try (IdFile ids = waiting.ids; IdFile left = new IdFile()) {
                Moment firstLook = waiting.firstLook;
                waiting.ids = new IdFile();
                waiting.readyAt = Long.MIN_VALUE;
                ids.forEachBatch(batchSize, batch -> judge(batch, firstLook, now, timeUp, waiting, left));
                waiting.firstLook = now;
                unconfirmed.merge(left);
            }
        }
    }

    private Moment await(Waiting waiting, long deadline, Stop stop) {
        for (long pause = 20_000_000; ; pause = Math.min(1_000_000_000, pause * 2)) {
            Moment now = source.moment();
            long left = deadline - System.nanoTime();
            boolean ended = now.allEndedSince(waiting.firstLook);
            if (ended && now.micros() >= waiting.readyAt || left <= 0 || stop.isRequested()) {
                return now;
            }
            long wanted = ended ? (waiting.readyAt - now.micros()) * 1000 + 1_000_000 : pause;
            stop.pause(Duration.ofNanos(Math.min(wanted, left)));
        }
    }

    private void judge(List<UUID> ids, Moment firstLook, Moment now, boolean timeUp, Waiting waiting, IdFile unconfirmed) {
        List<Difference> believed = new ArrayList<>();
        for (Difference difference : confirmation.judge(ids, selection)) {
            switch (settling.decide(difference, began, firstLook, now, timeUp)) {
                case FINAL -> believed.add(difference);
                case LOOK_AGAIN -> {
                    waiting.add(difference, firstLook, settling.readyAt(difference, began, firstLook, now));
                    findings.putOff(difference);
                }
                case UNCONFIRMED -> unconfirmed.add(difference.id());
            }
        }
        findings.believe(believed);
    }
}
