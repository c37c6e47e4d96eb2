package syncdata.store;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import syncdata.run.Events;
import syncdata.run.Stop;

/**
 * On which terms a run works on the databases.
 *
 * @param limits      how much it may do to them
 * @param giveUpAfter how long it tries again what fails for a reason that can heal; zero for never
 * @param stop        whether it is to end early
 * @param events      hear what holds it up
 */
public record RunTerms(PaceLimits limits, Duration giveUpAfter, Stop stop, Events events) {
    /** Never waits, tries nothing again, and never stops. */
    public static final RunTerms NONE =
            forgiving(Duration.ZERO, new Events(new PrintStream(OutputStream.nullOutputStream())));

    /** Never waits and never stops, and tries again for so long what fails for a reason that can heal. */
    public static RunTerms forgiving(Duration giveUpAfter, Events events) {
        return new RunTerms(PaceLimits.NONE, giveUpAfter, new Stop(), events);
    }
}
