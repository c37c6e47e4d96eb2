///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES lib/package-info.java
//MAIN SyncData

import java.util.List;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.check.Check;
import syncdata.check.Checkpoint;
import syncdata.command.CheckOptions;
import syncdata.command.Conclusion;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.command.MetricsFile;
import syncdata.command.MetricsOptions;
import syncdata.command.PaceOptions;
import syncdata.command.RepairOptions;
import syncdata.page.ReportPage;
import syncdata.repair.Repair;
import syncdata.repair.Safeguards;
import syncdata.report.Report;
import syncdata.report.ReportFile;
import syncdata.rules.Selection;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.Databases;
import syncdata.store.Queries;

@Command(name = "sync-data", description = "Finds the entities in Neo4j that differ from PostgreSQL, writes a report, and repairs them.",
        footerHeading = "%nExamples:%n", footer = {
            "  sync-data --check-results-file report.json --dry-run",
            "  sync-data --check-results-file report.json",
            "  sync-data --check-results-file - --entity-types indicator,relation",
            "The first looks and changes nothing, the second repairs too, the third does so",
            "for two types, with its report on standard output."})
class SyncData extends ConnectedCommand {
    @Mixin
    private CheckOptions options;

    @Mixin
    private RepairOptions repair;

    @Mixin
    private EventOptions eventOptions;

    @Mixin
    private MetricsOptions metricsOptions;

    @Mixin
    private PaceOptions pace;

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
             ReportPage page = options.page();
             Checkpoint checkpoint = options.checkpoint();
             Databases databases = pace.limit(connect(queries, dryRun ? AccessMode.READ : AccessMode.WRITE), events);
             Safeguards safeguards = dryRun ? null : repair.safeguards(databases, events, options.checkResultsFile());
             Report report = new Check(databases, events, selection, options.batchSize(), options.printDiffs()).settling(options.settling()).checkpoint(checkpoint).run()) {
            file.write(report, events);
            checkpoint.keepOnlyIf(report.isPartial());
            if (page != null) {
                page.write(List.of(options.checkResultsFile()), List.of(report));
            }
            if (dryRun || databases.pace().isStopping()) {
                Repair.skip(events);
                new Conclusion("sync-data", report, options.checkResultsFile(), null, "the same command without --dry-run repairs them").tell(events, metrics);
                return databases.pace().exitCode(report.exitCode());
            }
            Repair.Result result = Repair.run(databases, events, safeguards, report.inGraph(), options.batchSize(), report.toDelete(), report.toReindex());
            new Conclusion("sync-data", report, options.checkResultsFile(), result, null).tell(events, metrics);
            return databases.pace().exitCode(result.exitCode() == ExitCode.IN_SYNC ? report.afterRepair() : result.exitCode());
        }
    }
}
