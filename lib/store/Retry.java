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
 * Tries again, with exponential back-off, what failed for a reason that can heal: a database restarts, its leader
 * changes, its memory is short.
 */
final class Retry {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** After a deadlock nothing has to heal. A few tries do; then a smaller transaction waits for fewer others. */
    private static final int TRIES_AFTER_DEADLOCK = 4;
    private static final Duration LONGEST_AFTER_DEADLOCK = Duration.ofMillis(250);

    private final Duration giveUpAfter;
    private final Stop stop;
    private final Events events;

    /**
     * @param giveUpAfter how long to try, from the first failure on; zero to fail at once
     * @param events      take the first failure of a series, and its end
     */
    Retry(Duration giveUpAfter, Stop stop, Events events) {
        this.giveUpAfter = giveUpAfter;
        this.stop = stop;
        this.events = events;
    }

    static Retry of(RunTerms terms) {
        return new Retry(terms.giveUpAfter(), terms.stop(), terms.events());
    }

    /**
     * Does the work, which must be harmless to do twice.
     *
     * @param database {@code PostgreSQL} or {@code Neo4j}
     * @param what     the work in a few words, such as {@code entity-page.sql}
     * @throws GaveUpException  if it fails until the time is over
     * @throws RuntimeException as the work throws it, where a retry is of no use
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
