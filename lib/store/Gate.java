package syncdata.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** What every query to one database goes through: it waits for its turn, and is tried again where that may help. */
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

    /** One that holds nothing up and tries nothing again. */
    public static Gate open(String database) {
        return new Gate(database, Retry.of(RunTerms.NONE), Throttle.of(RunTerms.NONE));
    }

    /**
     * Runs a query, which must be harmless to run twice.
     *
     * @param what in a few words, such as {@code entity-page.sql}
     * @throws GaveUpException  if it still fails after all the time that there is
     * @throws RuntimeException as the query throws it, where trying again is of no use
     */
    public <T> T run(String what, Supplier<T> query) {
        return retry.run(database, what, () -> throttle.run(() -> {
            passed.incrementAndGet();
            return query.get();
        }));
    }

    /** How many queries were sent so far. */
    long passed() {
        return passed.get();
    }

    /** Nanoseconds that queries of this thread took so far, without what they waited for their turns. */
    long spent() {
        return throttle.spent();
    }
}
