///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES lib/package-info.java
//MAIN SyncData

import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.AtomicFile;
import syncdata.Check;
import syncdata.CheckOptions;
import syncdata.Conclusion;
import syncdata.ConnectedCommand;
import syncdata.Databases;
import syncdata.EventOptions;
import syncdata.Events;
import syncdata.ExitCode;
import syncdata.MetricsFile;
import syncdata.MetricsOptions;
import syncdata.Queries;
import syncdata.Repair;
import syncdata.RepairOptions;
import syncdata.Report;
import syncdata.ReportFile;
import syncdata.Safeguards;
import syncdata.Selection;

@Command(name = "sync-data", description = "Finds the entities in Neo4j that differ from PostgreSQL, writes a report, and repairs them.",
        footerHeading = "%nExamples:%n", footer = {
            "  sync-data --check-results-file report.json --dry-run            look, change nothing",
            "  sync-data --check-results-file report.json                      look and repair",
            "  sync-data --check-results-file - --entity-types indicator,relation --changed-after 2024-05-31"})
class SyncData extends ConnectedCommand {
    @Mixin
    private CheckOptions options;

    @Mixin
    private RepairOptions repair;

    @Mixin
    private EventOptions eventOptions;

    @Mixin
    private MetricsOptions metricsOptions;

    @Option(names = "--dry-run", order = 5, description = "Check and report, change nothing.")
    private boolean dryRun;

    public static void main(String[] arguments) {
        execute(new SyncData(), arguments);
    }

    @Override
    protected ExitCode run() {
        Queries queries = queries();
        Selection selection = options.selection(queries);
        try (Events events = eventOptions.events(AtomicFile.otherStream(options.checkResultsFile()));
             MetricsFile metrics = metricsOptions.file();
             ReportFile file = ReportFile.create(options.checkResultsFile());
             Databases databases = connect(queries, dryRun ? AccessMode.READ : AccessMode.WRITE);
             Safeguards safeguards = dryRun ? null : repair.safeguards(databases);
             Report report = new Check(databases, events, selection, options.batchSize(), options.printDiffs()).run()) {
            file.write(report, events);
            if (dryRun) {
                Repair.skip(events);
                new Conclusion("sync-data", report, options.checkResultsFile(), null, "the same command without --dry-run repairs them").tell(events, metrics);
                return report.differences() == 0 ? ExitCode.IN_SYNC : ExitCode.DIFFERENCES_LEFT;
            }
            Repair.Result result = Repair.run(databases, events, safeguards, report.inGraph(), options.batchSize(), report.toDelete(), report.toReindex());
            new Conclusion("sync-data", report, options.checkResultsFile(), result, null).tell(events, metrics);
            return result.exitCode();
        }
    }
}
