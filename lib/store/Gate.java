package syncdata.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Every query to one database goes through its gate: waits for its turn, and is tried again where that may help. */
public final class Gate {
    private final String database;
    private final Retry retry;
    private final Throttle throttle;
    private final AtomicLong passed = new AtomicLong();

    /** @param database {@code PostgreSQL} or {@code Neo4j}, for events */
    Gate(String database, Retry retry, Throttle throttle) {
        this.database = database;
        this.retry = retry;
        this.throttle = throttle;
    }

    /** A gate without waits and without retries. */
    public static Gate open(String database) {
        return new Gate(database, Retry.of(RunTerms.NONE), Throttle.of(RunTerms.NONE));
    }

    /**
     * Runs a query, which must be harmless to run twice.
     *
     * @param what the query in a few words, such as {@code entity-page.sql}
     * @throws GaveUpException  if it fails until the time for retries is over
     * @throws RuntimeException as the query throws it, where a retry is of no use
     */
    public <T> T run(String what, Supplier<T> query) {
        return retry.run(database, what, () -> throttle.run(() -> {
            passed.incrementAndGet();
            return query.get();
        }));
    }

    /** The number of queries sent so far. */
    long passed() {
        return passed.get();
    }

    /** Nanoseconds that queries of this thread took so far, without waiting for their turns. */
    long spent() {
        return throttle.spent();
    }
}
