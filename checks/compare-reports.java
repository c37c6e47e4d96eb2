///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN CompareReports

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import syncdata.command.ScriptCommand;
import syncdata.page.ReportPage;
import syncdata.report.ComparedReports;
import syncdata.report.ComparisonFormat;
import syncdata.report.ReportComparison.Trend;
import syncdata.report.ReportComparison;
import syncdata.rules.RepairAction;
import syncdata.run.ExitCode;

@Command(name = "compare-reports",
        description =
        {"Says what appeared, what was healed and what stays from the first report to the last, and which entities "
        + "flap: in, out, and in again.",
        "Classes and types are known as far as the reports tell: make them with --print-diffs. Needs no database."},
        exitCodeList = {"0:nothing new", "1:a fault in the program", "2:wrong options or unreadable input",
            "10:something new: the last report names an entity that appeared or is back",
            "12:refused: the reports are from different databases, or of checks with different filters"},
        footerHeading = "%nExamples:%n", footer = {
            "  compare-reports monday.json tuesday.json",
            "  compare-reports --format ids --only reindex monday.json tuesday.json \\",
            "      | reindex-entity -",
            "  compare-reports --format json --changes flapping november-*.json"})
class CompareReports extends ScriptCommand {
    @Parameters(paramLabel = "REPORT", arity = "2..*",
            description =
            "Reports in the order in which they were made: the old one first, the new one last. One of them may be -, "
            + "for standard input.")
    private List<Path> files;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table", order = 1,
            description =
            "table for people, json for programs, ids for other scripts: one a line. Default: ${DEFAULT-VALUE}.")
    private ComparisonFormat format;

    @Option(names = "--changes", paramLabel = "A,B", split = ",", order = 2,
            description =
            "Whose ids json and ids print: appeared, healed, stays, flapping. Default: json all, ids appeared.")
    private Set<Trend> changes;

    @Option(names = "--only", paramLabel = "delete|reindex", order = 3,
            description = "Print as ids only those that are to be deleted, or only those that are to be reindexed.")
    private RepairAction only;

    @Option(names = "--any-filter", order = 4,
            description =
            "Compare also checks that did not look at the same entities: other types, another date, or not to the end.")
    private boolean anyFilter;

    @Option(names = "--any-database", order = 5, description = "Compare also reports from different databases.")
    private boolean anyDatabase;

    @Option(names = "--page", paramLabel = "FILE", order = 5,
            description =
            "Write the reports also as an HTML page for a browser into this file: the last of them, and what became "
            + "of the others.")
    private Path page;

    public static void main(String[] arguments) {
        execute(new CompareReports(), arguments);
    }

    @Override
    protected ExitCode run() throws IOException {
        try (ReportPage out = ReportPage.createBeside(Optional.ofNullable(page));
             ComparedReports reports = new ComparedReports(files)) {
            if (!anyDatabase) {
                reports.requireSameDatabases();
            }
            if (!anyFilter) {
                reports.requireSameFilters();
            }
            reports.remarks().forEach(remark -> ScriptCommand.note(remark));
            try (ReportComparison comparison = ReportComparison.of(reports.reports())) {
                format.print(reports, comparison, changes(), Optional.ofNullable(only), System.out);
                out.write(files, reports.reports());
                return comparison.hasNews() ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
            }
        }
    }

    private Set<Trend> changes() {
        if (changes != null) {
            return EnumSet.copyOf(changes);
        }
        return format == ComparisonFormat.IDS ? EnumSet.of(Trend.APPEARED) : EnumSet.allOf(Trend.class);
    }
}
