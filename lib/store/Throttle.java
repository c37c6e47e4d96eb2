package syncdata.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import syncdata.run.Stop;

/**
 * Leaves the databases to others while those are at work there: the queries of a run then go one at a time, and take
 * a share of the time only. Used by any thread.
 */
final class Throttle {
    /** Entities in a query, so that what others ask meanwhile does not wait long. */
    private static final int FEW = 250;
    /** A query may have taken long because it waited for a lock, which costs nobody anything. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final Stop stop;
    private final double share;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final ThreadLocal<Boolean> inQuery = ThreadLocal.withInitial(() -> false);
    private final ThreadLocal<Long> spent = ThreadLocal.withInitial(() -> 0L);
    private volatile boolean shared;
    private final AtomicLong rested = new AtomicLong();
    private long restUntil = System.nanoTime();

    /** @param share of the time that queries may take while others are at work, above 0 */
    Throttle(Stop stop, double share) {
        this.stop = stop;
        this.share = share;
    }

    /** As these terms say. */
    static Throttle of(RunTerms terms) {
        return new Throttle(terms.stop(), terms.limits().share());
    }

    /** From now on others are at work, or nobody else is. */
    void share(boolean withOthers) {
        shared = withOthers;
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
