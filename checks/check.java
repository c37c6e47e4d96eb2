///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN CheckCommand

import java.util.List;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.check.Check;
import syncdata.check.Checkpoint;
import syncdata.command.CheckOptions;
import syncdata.command.Conclusion;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.command.MetricsFile;
import syncdata.command.MetricsOptions;
import syncdata.command.PaceOptions;
import syncdata.page.ReportPage;
import syncdata.report.Report;
import syncdata.report.ReportFile;
import syncdata.rules.Selection;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.Databases;
import syncdata.store.Queries;

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
