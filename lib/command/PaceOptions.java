package syncdata.command;

import java.time.Duration;
import java.util.Map;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Stop;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.MaxLoad;
import syncdata.store.PaceLimits;
import syncdata.store.Queries;
import syncdata.store.RunTerms;

/** How fast a run may be, how long it may take, and how long it retries what a database fails to do. */
public final class PaceOptions {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    private MaxLoad maxLoad = MaxLoad.ANY;
    private int rate;
    private double share;

    @Option(names = "--batch-time", paramLabel = "TIME", defaultValue = "0.5s", order = 10,
            converter = TimeSpanConverter.class,
            description =
            "How long a page or a batch should take; where it takes longer, the next are smaller. Default: "
            + "${DEFAULT-VALUE}.")
    private Duration batchTime;

    @Option(names = "--run-time", paramLabel = "TIME", order = 14, converter = TimeSpanConverter.class,
            description = "Stop after this time, with what is known by then.")
    private Duration runTime;

    @Option(names = "--give-up-after", paramLabel = "TIME", defaultValue = "5m", order = 15,
            converter = TimeSpanConverter.class,
            description =
            "How long to try again, with growing pauses, what a database fails to do in the middle of a run. Default: "
            + "${DEFAULT-VALUE}.")
    private Duration giveUpAfter;

    @Option(names = "--max-load", paramLabel = "NAME=LIMIT", split = ",", order = 11,
            completionCandidates = Completions.Loads.class,
            description =
            "Pause while others have more work running: postgres-active=N sessions, replica-lag=TIME, "
            + "neo4j-transactions=N. Default: no limit.")
    private void setMaxLoad(Map<String, String> limits) {
        try {
            maxLoad = MaxLoad.of(limits);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(command.commandLine(),
                    "Invalid value for option '--max-load': " + e.getMessage());
        }
    }

    @Option(names = "--share", paramLabel = "P%", defaultValue = "15%", order = 12,
            description =
            "While others are at work in the databases, queries go one at a time and take this share of it; 100%% for "
            + "no limit. Default: ${DEFAULT-VALUE}.")
    private void setShare(String percent) {
        if (!percent.matches("(100|[1-9]\\d?)%?")) {
            throw new CommandLine.ParameterException(command.commandLine(),
                    "--share is \"" + percent + "\": give a whole number of percent, from 1% to 100%");
        }
        share = Integer.parseInt(percent.replace("%", "")) / 100.0;
    }

    @Option(names = "--rate", paramLabel = "N", order = 13,
            description = "Entities a second, at most. Default: no limit.")
    private void setRate(int perSecond) {
        if (perSecond < 1) {
            throw new CommandLine.ParameterException(command.commandLine(),
                    "--rate is " + perSecond + ": give a whole number from 1");
        }
        rate = perSecond;
    }

    /** How much the run may do to the databases. */
    public PaceLimits limits() {
        return new PaceLimits(batchTime, rate, maxLoad, share);
    }

    /** How long to try again what a database fails to do. */
    public Duration giveUpAfter() {
        return giveUpAfter;
    }

    /**
     * Opens both databases, and begins a run. From now on its time counts, and SIGINT and SIGTERM end it after its
     * current batch.
     *
     * @throws InputException if the user may not see the load that is limited
     */
    public Databases open(ConnectionSettings settings, Queries queries, AccessMode access, Events events) {
        Stop stop = new Stop();
        Databases databases = Databases.open(settings, queries, access,
                new RunTerms(limits(), giveUpAfter, stop, events), ConnectionOptions.passwordPrompt(settings));
        if (runTime != null) {
            stop.after(runTime);
        }
        stop.onSignals();
        return databases;
    }
}
