package syncdata.store;

import java.time.Duration;
import syncdata.run.Events;
import syncdata.run.Stop;

/**
 * The terms on which a run works on the databases.
 *
 * @param limits      the load that it may put on them
 * @param giveUpAfter how long it retries what can heal; zero for no retry
 * @param stop        the request to end early
 * @param events      take what delays it
 */
public record RunTerms(PaceLimits limits, Duration giveUpAfter, Stop stop, Events events) {
    /** No waits, no retries, no stop. */
    public static final RunTerms NONE =
            forgiving(Duration.ZERO, Events.silent());

    /** No waits and no stop, but retries for so long. */
    public static RunTerms forgiving(Duration giveUpAfter, Events events) {
        return new RunTerms(PaceLimits.NONE, giveUpAfter, new Stop(), events);
    }
}
