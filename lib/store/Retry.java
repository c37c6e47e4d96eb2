package syncdata.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;

/**
 * Does again, with growing pauses, what a database could not do for a reason that can heal: it restarts, its leader
 * changes, its memory is short.
 */
final class Retry {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /**
     * Nothing is to heal after a deadlock: another moment may do, and then a smaller transaction, which waits for fewer
     * others.
     */
    private static final int TRIES_AFTER_DEADLOCK = 4;
    private static final Duration LONGEST_AFTER_DEADLOCK = Duration.ofMillis(250);

    private final Duration giveUpAfter;
    private final Stop stop;
    private final Events events;

    /**
     * @param giveUpAfter how long one thing is tried, from its first failure on; zero to fail at once
     * @param events      hear of the first failure of each series, and of its end
     */
    Retry(Duration giveUpAfter, Stop stop, Events events) {
        this.giveUpAfter = giveUpAfter;
        this.stop = stop;
        this.events = events;
    }

    /** As these terms say. */
    static Retry of(RunTerms terms) {
        return new Retry(terms.giveUpAfter(), terms.stop(), terms.events());
    }

    /**
     * Does the work, which must be harmless to do twice.
     *
     * @param what     in a few words, such as {@code entity-page.sql}
     * @param database {@code PostgreSQL} or {@code Neo4j}
     * @throws GaveUpException if it still fails after all this time
     * @throws RuntimeException as the work throws it, where trying again is of no use
     */
    <T> T run(String database, String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException first) {
            if (giveUpAfter.isZero() || !Failure.canHeal(first)) {
                throw first;
            }
            try (Progress.Wait wait = events.progress().waitingFor(database + " to answer again")) {
                return again(database, what, work, first);
            }
        }
    }

    private <T> T again(String database, String what, Supplier<T> work, RuntimeException first) {
        long started = System.nanoTime();
        RuntimeException last = first;
        Duration pause = FIRST_PAUSE;
        int deadlocks = 0;
        events.warning(Events.Logger.CHECK, database + " fails; trying again",
                Map.of("cause", Failure.cause(first), "give_up_after", TimeSpan.text(giveUpAfter),
                "pause", TimeSpan.text(pause), "query", what));
        while (true) {
            Duration left = giveUpAfter.minusNanos(System.nanoTime() - started);
            if (left.isNegative() || stop.isRequested()) {
                throw new GaveUpException(giveUpAfter.minus(left), stop.reason(), last);
            }
            stop.pause(pause.compareTo(left) < 0 ? pause : left);
            try {
                T result = work.get();
                events.info(Events.Logger.CHECK, database + " answers again",
                        Map.of("after", TimeSpan.text(Duration.ofNanos(System.nanoTime() - started)), "query", what));
                return result;
            } catch (RuntimeException e) {
                if (!Failure.canHeal(e) || Failure.isDeadlock(e) && ++deadlocks >= TRIES_AFTER_DEADLOCK) {
                    throw e;
                }
                last = e;
            }
            pause = Failure.isDeadlock(last)
                    ? Duration.ofMillis(ThreadLocalRandom.current().nextLong(LONGEST_AFTER_DEADLOCK.toMillis()))
                    : pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }
}
