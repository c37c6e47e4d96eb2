package syncdata.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.repair.Receipts;
import syncdata.repair.RepairChoice;
import syncdata.report.Report;
import syncdata.report.ReportReader;
import syncdata.rules.RepairAction;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.SortedIds;
import syncdata.store.Queries;

/** The report to apply, how much of it, and where the receipts go. */
public final class ApplyOptions {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    @Parameters(paramLabel = "REPORT",
            description = "A report that sync-data or check has written; - reads it from standard input.")
    private Path report;

    @Option(names = "--dry-run", order = 1,
            description =
            "Print what would be done now, one entity a line: the action, the id, the class, the type. Change nothing.")
    private boolean dryRun;

    private RepairAction only;
    private long limit = Long.MAX_VALUE;
    private int batchSize;

    @Option(names = "--entity-types", paramLabel = "A,B", split = ",", order = 3,
            completionCandidates = Completions.Types.class,
            description = "Only entities of these types; relation is one of them. Default: all.")
    private List<String> entityTypes = List.of();

    @Option(names = "--ids-file", paramLabel = "FILE", order = 4,
            description = "Only those ids of the report that this file names, one a line.")
    private Path idsFile;

    @Option(names = "--results-file", paramLabel = "FILE", order = 6,
            description =
            "Where to write what became of each id, one JSON object a line; - is standard output, and events then go "
            + "to standard error.")
    private Path resultsFile;

    @Option(names = "--any-database", order = 7,
            description = "Apply a report that is from other databases than these.")
    private boolean anyDatabase;

    @Option(names = "--only", paramLabel = "delete|reindex", order = 2,
            completionCandidates = Completions.Actions.class,
            description = "Only deletions, or only reindexing. Default: both.")
    private void setOnly(String action) {
        only = Arrays.stream(RepairAction.values()).filter(value -> value.label().equals(action)).findFirst()
                .orElseThrow(() -> invalid("--only is \"" + action + "\": give "
                        + Arrays.stream(RepairAction.values()).map(RepairAction::label)
                        .collect(Collectors.joining(" or "))));
    }

    @Option(names = "--limit", paramLabel = "N", order = 5,
            description = "Only the first N entities that still differ, deletions first: try some, look, go on.")
    private void setLimit(long count) {
        if (count < 1) {
            throw invalid("--limit is " + count + ": give a whole number from 1 on");
        }
        limit = count;
    }

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "1000", order = 8,
            description = "Entities repaired at a time. Default: ${DEFAULT-VALUE}.")
    private void setBatchSize(int size) {
        batchSize = CheckOptions.batchSize(command, size);
    }

    public boolean dryRun() {
        return dryRun;
    }

    public boolean anyDatabase() {
        return anyDatabase;
    }

    public int batchSize() {
        return batchSize;
    }

    /** The most entities to repair. */
    public long limit() {
        return limit;
    }

    /** The differences to repair. */
    public RepairChoice choice(Queries queries) {
        return new RepairChoice(Optional.ofNullable(only), EntityTypes.of(entityTypes, queries));
    }

    /** The file of the report; {@code -} is standard input. */
    public Path reportFile() {
        return report;
    }

    /** The stream of events: standard output, unless something else is written there. */
    public PrintStream eventStream() {
        if (dryRun && resultsFile != null) {
            throw invalid("--results-file tells what was done, and with --dry-run nothing is: give one of them");
        }
        boolean outputTaken = dryRun || resultsFile != null && AtomicFile.isStandardOutput(resultsFile);
        return outputTaken ? System.err : System.out;
    }

    /** Where a dry run prints its lines; without a dry run, nowhere. */
    public PrintStream lines() {
        return !dryRun ? new PrintStream(OutputStream.nullOutputStream())
                : new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false,
                        StandardCharsets.UTF_8);
    }

    /** The receipts of the repair. */
    public Receipts receipts() {
        return Receipts.create(Optional.ofNullable(resultsFile));
    }

    /** Reads the report, and leaves out ids that the file of ids does not name. */
    public Report report(Events events) {
        if (idsFile == null) {
            return read(events);
        }
        try (SortedIds ids = SortedIds.ofLines(idsFile)) {
            Report named = read(events).only(ids);
            events.info(Events.Logger.REPAIR, "Only ids that a file names",
                    Map.of("filename", idsFile.toString(), "n_ids", ids.count(), "n_in_report",
                            named.toDelete().count() + named.toReindex().count()));
            return named;
        }
    }

    private Report read(Events events) {
        Report read = ReportReader.read(report, false);
        events.info(Events.Logger.REPAIR, "Applying a report",
                Map.of("filename", report.toString(), "n_to_delete", read.toDelete().count(), "n_to_reindex",
                        read.toReindex().count()));
        return read;
    }

    private CommandLine.ParameterException invalid(String message) {
        return new CommandLine.ParameterException(command.commandLine(), message);
    }
}
