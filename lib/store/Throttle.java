package syncdata.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import syncdata.run.Stop;

/**
 * Leaves the databases to others while those are at work: queries then go one at a time, and take only a share of the
 * time. Used by any thread.
 */
final class Throttle {
    /** The most entities in a query while others are at work: they do not wait long for it. */
    private static final int FEW = 250;
    /** The longest rest: a query may have taken long since it waited for a lock, which is no load. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Stop stop;
    private final double share;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final ThreadLocal<Boolean> inQuery = ThreadLocal.withInitial(() -> false);
    private final ThreadLocal<Long> spent = ThreadLocal.withInitial(() -> 0L);
    private volatile boolean shared;
    private final AtomicLong rested = new AtomicLong();
    private long restUntil = System.nanoTime();

    /** @param share of the time for queries while others are at work, above 0 */
    Throttle(Stop stop, double share) {
        this.stop = stop;
        this.share = share;
    }

    static Throttle of(RunTerms terms) {
        return new Throttle(terms.stop(), terms.limits().share());
    }

    /** Says whether others are at work from now on. */
    void share(boolean withOthers) {
        shared = withOthers;
    }

    /** Runs a query once its turn has come. A query within another of the same thread is part of that one. */
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

    /** The most entities for one query, given how many it may have while nobody else is at work. */
    int most(int alone) {
        return shared ? Math.min(alone, FEW) : alone;
    }

    /** Nanoseconds that queries of this thread took so far, without waiting for their turns. */
    long spent() {
        return spent.get();
    }

    /** How long queries rested so far. */
    Duration rested() {
        return Duration.ofNanos(rested.get());
    }

    private <T> T inTurn(Supplier<T> query) {
        turn.lock();
        try {
            long came = System.nanoTime();
            if (restUntil > came) {
                stop.pause(Duration.ofNanos(restUntil - came));
                rested.addAndGet(System.nanoTime() - came);
            }
            long before = spent();
            try {
                return timed(query);
            } finally {
                restUntil = System.nanoTime()
                        + Math.min(LONGEST_REST.toNanos(), (long) ((spent() - before) * (1 / share - 1)));
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
}
