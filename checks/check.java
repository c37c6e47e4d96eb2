///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN CheckCommand

import java.util.List;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.AtomicFile;
import syncdata.Check;
import syncdata.CheckOptions;
import syncdata.Checkpoint;
import syncdata.Conclusion;
import syncdata.ConnectedCommand;
import syncdata.Databases;
import syncdata.EventOptions;
import syncdata.Events;
import syncdata.ExitCode;
import syncdata.MetricsFile;
import syncdata.MetricsOptions;
import syncdata.PaceOptions;
import syncdata.Queries;
import syncdata.Report;
import syncdata.ReportFile;
import syncdata.ReportPage;
import syncdata.Selection;

@Command(name = "check", description = "Finds the entities in Neo4j that differ from PostgreSQL, and writes a report. Changes nothing.",
        footerHeading = "%nExamples:%n", footer = {
            "  check --check-results-file report.json",
            "  check --check-results-file report.json --entity-types ttp,relation --changed-after 2024-06-01",
            "  check --check-results-file - | apply-report --dry-run -"})
class CheckCommand extends ConnectedCommand {
    @Mixin
    private CheckOptions options;

    @Mixin
    private EventOptions eventOptions;

    @Mixin
    private MetricsOptions metricsOptions;

    @Mixin
    private PaceOptions pace;

    public static void main(String[] arguments) {
        execute(new CheckCommand(), arguments);
    }

    @Override
    protected ExitCode run() {
        Queries queries = queries();
        Selection selection = options.selection(queries);
        try (Events events = eventOptions.events(AtomicFile.otherStream(options.checkResultsFile()));
             MetricsFile metrics = metricsOptions.file();
             ReportFile file = ReportFile.create(options.checkResultsFile());
             ReportPage page = options.page();
             Checkpoint checkpoint = options.checkpoint();
             Databases databases = pace.limit(connect(queries, AccessMode.READ), events);
             Report report = new Check(databases, events, selection, options.batchSize(), options.printDiffs()).settling(options.settling()).checkpoint(checkpoint).run()) {
            file.write(report, events);
            checkpoint.keepOnlyIf(report.isPartial());
            if (page != null) {
                page.write(List.of(options.checkResultsFile()), List.of(report));
            }
            new Conclusion("check", report, options.checkResultsFile(), null, "apply-report and that report repair them").tell(events, metrics);
            return databases.pace().exitCode(report.exitCode());
        }
    }
}
