///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ApplyReport

import java.io.PrintStream;
import java.util.Map;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.ApplyOptions;
import syncdata.ConnectedCommand;
import syncdata.Databases;
import syncdata.Events;
import syncdata.ExitCode;
import syncdata.Queries;
import syncdata.Receipts;
import syncdata.Repair;
import syncdata.RepairChoice;
import syncdata.RepairPlan;
import syncdata.Report;
import syncdata.ReportOrigin;

@Command(name = "apply-report", description = "Repairs what a saved report names. Each entity is looked at again first: what healed meanwhile is left alone.",
        footerHeading = "%nExamples:%n", footer = {
            "  apply-report --dry-run report.json                             what would be done now",
            "  apply-report --limit 100 report.json                           some of it, to look before all of it",
            "  apply-report --results-file receipts.jsonl report.json",
            "  check --check-results-file - | apply-report --only reindex -"})
class ApplyReport extends ConnectedCommand {
    @Mixin
    private ApplyOptions options;

    public static void main(String[] arguments) {
        execute(new ApplyReport(), arguments);
    }

    @Override
    protected ExitCode run() {
        Queries queries = queries();
        RepairChoice choice = options.choice(queries);
        Events events = options.events();
        try (Report report = options.report(events);
             Receipts receipts = options.receipts();
             Databases databases = connect(queries, options.dryRun() ? AccessMode.READ : AccessMode.WRITE)) {
            ReportOrigin origin = new ReportOrigin(report);
            origin.tell(events);
            if (!options.anyDatabase()) {
                origin.requireSame(databases);
            }
            ExitCode outcome = options.dryRun() ? show(databases, events, report, choice, receipts) : repair(databases, events, report, choice, receipts);
            events.info(Events.Logger.REPAIR, "apply-report.done", receipts.counts());
            receipts.write(events);
            return outcome;
        }
    }

    private ExitCode show(Databases databases, Events events, Report report, RepairChoice choice, Receipts receipts) {
        try (PrintStream lines = options.lines();
             RepairPlan plan = RepairPlan.of(databases, report, options.batchSize(), choice, options.limit(), entity -> lines.println(RepairPlan.line(entity)), receipts)) {
            events.info(Events.Logger.REPAIR, "Nothing was changed: this is a dry run", Map.of("n_to_repair", plan.count()));
            return plan.count() == 0 ? ExitCode.IN_SYNC : ExitCode.DIFFERENCES_LEFT;
        }
    }

    private ExitCode repair(Databases databases, Events events, Report report, RepairChoice choice, Receipts receipts) {
        if (!options.limited()) {
            return Repair.run(databases, events, options.batchSize(), report.toDelete(), report.toReindex(), choice, receipts).exitCode();
        }
        try (RepairPlan first = RepairPlan.of(databases, report, options.batchSize(), choice, options.limit(), entity -> { }, receipts)) {
            return Repair.run(databases, events, options.batchSize(), first.toDelete(), first.toReindex(), choice, receipts).exitCode();
        }
    }
}
