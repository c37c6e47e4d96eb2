///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ApplyReport

import java.io.PrintStream;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.command.ApplyOptions;
import syncdata.command.Conclusion;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.command.MetricsFile;
import syncdata.command.MetricsOptions;
import syncdata.command.PaceOptions;
import syncdata.command.RepairOptions;
import syncdata.repair.Receipts;
import syncdata.repair.Repair;
import syncdata.repair.RepairChoice;
import syncdata.repair.RepairPlan;
import syncdata.repair.RepairJob;
import syncdata.repair.RepairResult;
import syncdata.repair.ReportOrigin;
import syncdata.repair.Safeguards;
import syncdata.check.BlastRadiusSurvey;
import syncdata.report.Report;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.Databases;
import syncdata.store.Queries;

@Command(name = "apply-report",
        description =
        "Repairs what a saved report names. Each entity is looked at again first: what healed meanwhile is left alone.",
        footerHeading = "%nExamples:%n", footer = {
            "  apply-report --dry-run report.json                             what would be done now",
            "  apply-report --limit 100 report.json                           some of it, to look before all of it",
            "  apply-report --results-file receipts.jsonl report.json",
            "  check --check-results-file - | apply-report --only reindex -"})
class ApplyReport extends ConnectedCommand {
    @Mixin
    private ApplyOptions options;

    @Mixin
    private RepairOptions repair;

    @Mixin
    private EventOptions eventOptions;

    @Mixin
    private MetricsOptions metricsOptions;

    @Mixin
    private PaceOptions pace;

    public static void main(String[] arguments) {
        execute(new ApplyReport(), arguments);
    }

    @Override
    protected ExitCode run() {
        Queries queries = queries();
        RepairChoice choice = options.choice(queries);
        try (Events events = eventOptions.events(options.eventStream());
             MetricsFile metrics = metricsOptions.file();
             Report report = options.report(events);
             Receipts receipts = options.receipts();
             Databases databases = connect(queries, options.dryRun() ? AccessMode.READ : AccessMode.WRITE, pace,
                     events);
             Safeguards safeguards = options.dryRun()
                     ? null : repair.safeguards(databases, events, options.reportFile())) {
            ReportOrigin origin = new ReportOrigin(report);
            origin.tell(events);
            if (!options.anyDatabase()) {
                origin.requireSame(databases);
            }
            try (PrintStream lines = options.lines();
                 RepairPlan plan = RepairPlan.of(databases, report, options.batchSize(), choice, options.limit(),
                         entity -> lines.println(RepairPlan.line(entity)), receipts)) {
                BlastRadiusSurvey.find(databases.graph().relations(), events, plan.toDelete(), plan.toReindex(),
                        options.batchSize());
                if (options.dryRun()) {
                    plan.tell(events);
                    receipts.finish(events);
                    return databases.pace().exitCode(plan.isEmpty() ? ExitCode.IN_SYNC : ExitCode.DIFFERENCES_LEFT);
                }
                long inGraph = Math.min(report.inGraph(), databases.graph().survey().counts().entities());
                RepairResult result = Repair.run(new RepairJob(databases, events, safeguards, options.batchSize(),
                        new RepairJob.Named(plan.toDelete(), plan.toReindex(), inGraph, report.comparison()))
                        .choosing(choice, receipts));
                receipts.finish(events);
                databases.pace().tellHeldBack();
                long asked = plan.toDelete().count() + plan.toReindex().count() + plan.notLookedAt();
                metrics.tell(Conclusion.ofRepair(invocation(), options.reportFile(), result, asked), events);
                events.tell(databases.pace().heldBackInAll());
                return databases.pace().exitCode(result.exitCode());
            }
        }
    }
}
