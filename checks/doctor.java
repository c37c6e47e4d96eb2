///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN DoctorCommand

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import syncdata.check.Doctor;
import syncdata.check.Finding.Level;
import syncdata.check.Finding;
import syncdata.command.ConnectedCommand;
import syncdata.command.OutputFormat;
import syncdata.run.ExitCode;

@Command(name = "doctor", description = {
        "Looks over both databases before a first run, and says what to do about what it finds. Changes nothing, "
                + "unless --create-indexes is given.",
        "Each line is ok, a warning or a problem."},
        exitCodeList = {"0:no problem, there may be warnings", "2:wrong options", "10:problems found",
                "20:a database cannot be reached, or refuses the login; the other is examined all the same"},
        footerHeading = "%nExamples:%n", footer = {"  doctor", "  doctor --create-indexes"})
class DoctorCommand extends ConnectedCommand {
    @Option(names = "--create-indexes", order = 1,
            description = "Make the indexes that are missing in Neo4j. In PostgreSQL nothing is ever made.")
    private boolean createIndexes;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", order = 2,
            description = "text for people, or json: an object a line. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Map<Level, Integer> counts = new EnumMap<>(Level.class);

    public static void main(String[] arguments) {
        execute(new DoctorCommand(), arguments);
    }

    @Override
    protected ExitCode run() {
        ExitCode code = new Doctor(settings(), queries(), this::print).examine(createIndexes);
        if (format == OutputFormat.TEXT) {
            out.println();
            out.println(count(Level.OK) + " ok, " + count(Level.WARNING)
                    + (count(Level.WARNING) == 1 ? " warning, " : " warnings, ")
                    + count(Level.PROBLEM) + (count(Level.PROBLEM) == 1 ? " problem" : " problems"));
        }
        return code;
    }

    private void print(Finding finding) {
        counts.merge(finding.level(), 1, Integer::sum);
        out.println(format == OutputFormat.JSON ? finding.json() : finding.text80());
    }

    private int count(Level level) {
        return counts.getOrDefault(level, 0);
    }
}
