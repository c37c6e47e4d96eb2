package syncdata.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Words;

/** Which events a run says, and how. */
public final class EventOptions {
    @Option(names = "--log-format", paramLabel = "json|plain", order = 40,
            completionCandidates = Completions.LogFormats.class,
            description =
            "How events are written: json, one object a line, for programs; plain, one short line, for eyes."
                    + " Default: EIQ_LOG_FORMAT, else plain where standard output is a terminal, and json elsewhere.")
    private String logFormat;

    @Option(names = {"-q", "--quiet"}, order = 41,
            description =
            "Say only warnings and errors: no other event, not even the first and the last, no progress and no "
            + "summary.")
    private boolean quiet;

    @Option(names = "--progress-every", paramLabel = "TIME", defaultValue = "1m", order = 42,
            converter = TimeSpanConverter.class,
            description = "Say an event this often about how far the run is, such as 30s or 5m; 0s for none."
                    + " A terminal shows a line instead. Default: ${DEFAULT-VALUE}.")
    private Duration progressEvery;

    /** Events on standard error and no progress, for a script that prints something else on standard output. */
    public static Events besideOutput() {
        return Events.open(System.err, format(Optional.empty()), false, Optional.empty(), events -> () -> { });
    }

    /**
     * Begins to say events and to show the progress, until the result is closed.
     *
     * @param out takes the events
     */
    public Events events(PrintStream out) {
        Optional<Terminal> terminal = quiet ? Optional.empty() : Terminal.ofStandardError();
        return Events.open(out, format(Optional.ofNullable(logFormat)), quiet, terminal.map(screen -> screen),
                events -> display(events, terminal));
    }

    private Events.Closing display(Events events, Optional<Terminal> terminal) {
        if (terminal.isPresent() && terminal.get().hasCursor()) {
            return ProgressDisplay.line(events.progress(), terminal.get());
        }
        return quiet || progressEvery.isZero() ? () -> { }
                : ProgressDisplay.events(events.progress(), events, progressEvery);
    }

    /** @param option of the command line; the environment comes next */
    private static Events.Format format(Optional<String> option) {
        return option.map(wanted -> format("--log-format", wanted))
                .or(() -> Optional.ofNullable(System.getenv("EIQ_LOG_FORMAT")).filter(wanted -> !wanted.isEmpty())
                        .map(wanted -> format("EIQ_LOG_FORMAT", wanted)))
                .orElseGet(() -> Terminal.isStandardOutput() ? Events.Format.PLAIN : Events.Format.JSON);
    }

    private static Events.Format format(String setting, String wanted) {
        return Arrays.stream(Events.Format.values()).filter(format -> word(format).equals(wanted)).findFirst()
                .orElseThrow(() -> new InputException(setting + " is " + Words.quoted(wanted) + ": give "
                        + Arrays.stream(Events.Format.values()).map(EventOptions::word)
                        .collect(Collectors.joining(" or "))));
    }

    private static String word(Events.Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
