package syncdata.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.run.Ending;
import syncdata.run.ExitCode;
import syncdata.run.Words;

/** A script of the toolkit. An error becomes one line on standard error and an exit code. */
@Command(mixinStandardHelpOptions = true, versionProvider = ScriptCommand.Version.class, sortOptions = true,
        usageHelpWidth = 80)
public abstract class ScriptCommand implements Callable<Integer> {
    private static final NavigableMap<Integer, String> HEADINGS = new TreeMap<>(Map.of(
            0, "What is to be done:", 10, "How much at a time, and with which care:", 20, "Where the databases are:",
            30, "What is said:", -1, "Help:"));

    @Option(names = "--verbose", order = 30,
            description = "Show the stack trace of an error, and what the drivers log.")
    private boolean verbose;

    private Invocation invocation;

    @Spec
    private CommandSpec spec;

    /** Does the work. */
    protected abstract ExitCode run() throws Exception;

    /** Begins slow preparations that depend on no option. */
    protected void prepare() {
    }

    /** How the script ends after an exception. */
    protected Ending ending(Exception e) {
        return Ending.of(e);
    }

    /** Whether to show what is logged. */
    protected final boolean isVerbose() {
        return verbose;
    }

    /** How this script was started, for commands to go on with. */
    protected final Invocation invocation() {
        return invocation;
    }

    /** Runs a script and ends the process. */
    protected static void execute(ScriptCommand command, String[] arguments) {
        forgetTheHost();
        listenToDrivers(false);
        command.invocation = Invocation.of(command.getClass().getAnnotation(Command.class).name(), arguments);
        command.prepare();
        CommandLine line = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(ScriptCommand::invalid)
                .setExecutionExceptionHandler((e, parsing, parsed) -> command.failed(e));
        describeExitCodes(line.getCommandSpec().usageMessage());
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, ScriptCommand::optionList);
        System.exit(exitCode(command, line, arguments));
    }

    /** Sets a fixed locale and time zone: the host's change nothing that is written or sent, by the drivers either. */
    private static void forgetTheHost() {
        Locale.setDefault(Locale.ROOT);
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.UTC));
    }

    @Override
    public final Integer call() throws Exception {
        listenToDrivers(verbose);
        NamedFiles.requireDistinct(spec);
        return run().code();
    }

    /** Turns Java's own errors into one line too: picocli handles exceptions alone. */
    private static int exitCode(ScriptCommand command, CommandLine line, String[] arguments) {
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError e) {
            return command.failed(new IllegalStateException("the memory that Java may use, "
                    + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB, is too little for this: allow more of it, with JAVA_TOOL_OPTIONS=-Xmx1g for example", e));
        } catch (StackOverflowError e) {
            return command.failed(new IllegalStateException("something is nested too deep for Java's stack", e));
        }
    }

    /** Describes all exit codes, unless the script names its own. */
    private static void describeExitCodes(UsageMessageSpec usage) {
        usage.exitCodeListHeading("%nExit codes:%n");
        if (usage.exitCodeList().isEmpty()) {
            Map<String, String> meanings = new LinkedHashMap<>();
            for (ExitCode code : ExitCode.values()) {
                meanings.put(String.valueOf(code.code()), code.meaning());
            }
            usage.exitCodeList(meanings);
        }
    }

    /**
     * The options of a script under their headings, in the order of the help. A heading has the options of ten order
     * numbers.
     */
    public static Map<String, List<OptionSpec>> optionsByHeading(CommandSpec script) {
        Map<String, List<OptionSpec>> byHeading = new LinkedHashMap<>();
        HEADINGS.forEach((order, heading) -> {
            List<OptionSpec> options = script.options().stream()
                    .filter(option -> HEADINGS.floorKey(option.order()).equals(order))
                    .sorted(Comparator.comparingInt(OptionSpec::order)).toList();
            if (!options.isEmpty()) {
                byHeading.put(heading, options);
            }
        });
        return byHeading;
    }

    private static String optionList(Help help) {
        StringBuilder list = new StringBuilder();
        optionsByHeading(help.commandSpec()).forEach((heading, options) -> {
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(options, help.createDefaultParamLabelRenderer());
            list.append(System.lineSeparator()).append(heading).append(System.lineSeparator()).append(layout);
        });
        return list.toString();
    }

    private int failed(Exception e) {
        tellLauncher();
        Ending ending = ending(e);
        printError(ending.message());
        if (verbose) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().map(line -> line.replace("\t", "    ")).forEach(ScriptCommand::printLine);
        }
        return ending.exitCode().code();
    }

    private static int invalid(ParameterException e, String[] arguments) {
        tellLauncher();
        Set<String> known = e.getCommandLine().getCommandSpec().optionsMap().keySet();
        String message = unknownOption(arguments, known)
                .map(option -> "Unknown option: '" + option + "'"
                        + Suggestion.near(option, known).map(other -> "; did you mean " + other + "?").orElse(""))
                .orElseGet(() -> e.getMessage().lines().findFirst().orElse("wrong options"));
        printError(message + " (--help lists the options)");
        return ExitCode.INVALID_INPUT.code();
    }

    /** Makes the file by which the launcher knows that this run failed, where it asks for one. */
    private static void tellLauncher() {
        String file = System.getProperty("sync-data.failed");
        try {
            if (file != null) {
                Files.createFile(Path.of(file));
            }
        } catch (IOException | InvalidPathException e) {
            return; // it costs the next starts some time, and nothing else
        }
    }

    /** The first unknown option, which explains more than what is missing without it. */
    private static Optional<String> unknownOption(String[] arguments, Set<String> known) {
        return Stream.of(arguments).takeWhile(argument -> !argument.equals("--"))
                .filter(argument -> argument.matches("--\\p{Alpha}.*"))
                .map(argument -> argument.replaceFirst("=.*", ""))
                .filter(option -> !known.contains(option)).findFirst();
    }

    /** Prints an error, as one line on standard error. */
    public static void printError(String message) {
        printLine("error: " + message);
    }

    /** Prints a note for a person, as one line on standard error. */
    protected static void note(String message) {
        printLine("note: " + message);
    }

    private static void printLine(String line) {
        new PrintStream(System.err, true, StandardCharsets.UTF_8).println(Words.visible(line));
    }

    /** Silences the logs of the drivers, unless verbose: what matters is thrown as an exception. */
    private static void listenToDrivers(boolean verbose) {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // nothing about its own start in several threads
        LogManager.getLogManager().reset();
        if (verbose) {
            ConsoleHandler console = new ConsoleHandler();
            console.setFormatter(new VisibleLines());
            Logger.getLogger("").addHandler(console);
            Logger.getLogger("").setLevel(Level.INFO);
        } else {
            Logger.getLogger("").setLevel(Level.OFF);
        }
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"${COMMAND-FULL-NAME} " + syncdata.run.Version.NUMBER};
        }
    }

    /** Formats logs, whose texts may come from servers. */
    private static final class VisibleLines extends SimpleFormatter {
        @Override
        public String format(LogRecord entry) {
            return super.format(entry).lines()
                    .map(line -> Words.visible(line.replace("\t", "    ")) + System.lineSeparator())
                    .collect(Collectors.joining());
        }
    }
}
