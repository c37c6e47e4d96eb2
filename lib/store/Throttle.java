package syncdata.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import syncdata.run.Background;
import syncdata.run.Stop;

/**
 * Leaves the databases to others while those are at work there: then the queries of a run go one at a time, and take a share of the time only.
 * Used by any thread.
 */
final class Throttle implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** Looks in a row that find somebody, or nobody, until that is believed. */
    private static final int LOOKS_TO_BEGIN = 2;
    private static final int LOOKS_TO_END = 20;
    /** Entities in a query, so that what others ask meanwhile does not wait long. */
    private static final int FEW = 250;
    /** A query may have taken long because it waited for a lock, which costs nobody anything. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Stop stop;
    private final double share;
    private final BooleanSupplier othersAtWork;
    private final Consumer<Boolean> told;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final ThreadLocal<Boolean> inQuery = ThreadLocal.withInitial(() -> false);
    private final ThreadLocal<Long> spent = ThreadLocal.withInitial(() -> 0L);
    private ScheduledExecutorService looks;
    private int looksInARow;
    private volatile boolean shared;
    private long restUntil = System.nanoTime();

    /**
     * @param share        of the time that queries may take, above 0; from 1 on, nothing is ever held up
     * @param othersAtWork looks whether there are others; may fail
     * @param told         hears each time that others begin to be at work, and that they end
     */
    Throttle(Stop stop, double share, BooleanSupplier othersAtWork, Consumer<Boolean> told) {
        this.stop = stop;
        this.share = share;
        this.othersAtWork = othersAtWork;
        this.told = told;
    }

    /** Begins to look for others, twice a second. */
    Throttle watch() {
        if (share < 1) {
            looks = Executors.newSingleThreadScheduledExecutor(Background.threads("others-at-work"));
            looks.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /** Runs a query once its turn has come. One that another query of the same thread needs is a part of that. */
    <T> T run(Supplier<T> query) {
        if (inQuery.get()) {
            return query.get();
        }
        inQuery.set(true);
        try {
            return shared ? inTurn(query) : timed(query);
        } finally {
            inQuery.set(false);
        }
    }

    /** How many entities to ask for in one query at most, of those that one may be for while nobody else is at work. */
    int most(int alone) {
        return shared ? Math.min(alone, FEW) : alone;
    }

    /** Nanoseconds that queries of this thread took so far, without what they waited for their turns. */
    long spent() {
        return spent.get();
    }

    /** Looks no more. */
    @Override
    public void close() {
        if (looks != null) {
            looks.shutdownNow();
        }
    }

    private <T> T inTurn(Supplier<T> query) {
        turn.lock();
        try {
            long rest = restUntil - System.nanoTime();
            if (rest > 0) {
                stop.pause(Duration.ofNanos(rest));
            }
            long before = spent();
            try {
                return timed(query);
            } finally {
                restUntil = System.nanoTime() + Math.min(LONGEST_REST.toNanos(), (long) ((spent() - before) * (1 / share - 1)));
            }
        } finally {
            turn.unlock();
        }
    }

    private <T> T timed(Supplier<T> query) {
        long started = System.nanoTime();
        try {
            return query.get();
        } finally {
            spent.set(spent() + System.nanoTime() - started);
        }
    }

    /** Looks once whether others are at work. One look alone that finds some may have met somebody who looked at a row. */
    void look() {
        boolean atWork;
        try {
            atWork = othersAtWork.getAsBoolean();
        } catch (RuntimeException unanswered) {
            return; // the run's own queries find out why
        }
        looksInARow = atWork == shared ? 0 : looksInARow + 1;
        if (looksInARow == (shared ? LOOKS_TO_END : LOOKS_TO_BEGIN)) {
            looksInARow = 0;
            shared = atWork;
            told.accept(atWork);
        }
    }
}
