package syncdata.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Mixin;
import syncdata.check.Check;
import syncdata.check.Checkpoint;
import syncdata.page.ReportPage;
import syncdata.repair.Repair;
import syncdata.repair.RepairResult;
import syncdata.repair.Safeguards;
import syncdata.report.Report;
import syncdata.report.ReportFile;
import syncdata.rules.Selection;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.TemporaryFile;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** The options and the run of a check: check, write the report, and repair if that is wanted. */
public final class CheckRun {
    @Mixin
    private CheckOptions options;

    @Mixin
    private EventOptions eventOptions;

    @Mixin
    private MetricsOptions metricsOptions;

    @Mixin
    private PaceOptions pace;

    /** Opens the databases that a script's options name. */
    @FunctionalInterface
    public interface Connection {
        /** Opens both databases, and begins a run. */
        Databases open(Queries queries, AccessMode access, PaceOptions pace, Events events);
    }

    /**
     * What to do with what a check finds.
     *
     * @param invocation how the script was started
     * @param repair     how to repair; empty for no repair
     * @param ends       whether to say the last event of a repair without one
     */
    public record Job(Invocation invocation, Optional<RepairOptions> repair, boolean ends) {

        /** Leaves what a check finds. */
        public static Job check(Invocation invocation) {
            return new Job(invocation, Optional.empty(), false);
        }

        /** Leaves what a check finds, as the dry run of a script that would repair it. */
        public static Job dryRun(Invocation invocation) {
            return new Job(invocation, Optional.empty(), true);
        }

        /** Repairs what a check finds. */
        public static Job repair(Invocation invocation, RepairOptions options) {
            return new Job(invocation, Optional.of(options), true);
        }
    }

    /** Checks, writes the report, and does what the job says. */
    public ExitCode run(Job job, Queries queries, Connection connection) {
        Optional<LastCheck> last = options.lastCheck();
        Selection selection = options.selection(queries, last);
        Path reportFile = options.checkResultsFile();
        options.temporaryFolder().ifPresent(TemporaryFile::use);
        AccessMode access = job.repair().isPresent() ? AccessMode.WRITE : AccessMode.READ;
        try (Events events = eventOptions.events(AtomicFile.isStandardOutput(reportFile) ? System.err : System.out);
             MetricsFile metrics = metricsOptions.file();
             ReportFile file = ReportFile.create(reportFile);
             ReportPage page = options.page();
             Checkpoint checkpoint = options.checkpoint();
             Databases databases = same(last, connection.open(queries, access, pace, events));
             Safeguards safeguards = job.repair().map(repair -> repair.safeguards(databases, events, reportFile))
                     .orElse(null);
             Report report = new Check(databases, events, selection, options.batchSize(), options.printDiffs())
                     .settling(options.settling()).comparing(options.comparison()).checkpoint(checkpoint)
                     .parallel(options.parallel()).run()) {
            file.write(report, events);
            checkpoint.keepOnlyIf(report.isPartial());
            databases.pace().tellHeldBack();
            if (safeguards == null || databases.pace().isStopping()) {
                if (job.ends()) {
                    Repair.skip(events);
                }
                end(Conclusion.ofCheck(job.invocation(), report, reportFile), report, page, metrics, events);
                events.tell(databases.pace().heldBackInAll());
                return databases.pace().exitCode(report.exitCode());
            }
            RepairResult result;
            try {
                result = Repair.run(databases, events, safeguards, report.inGraph(), options.batchSize(),
                        report.toDelete(), report.toReindex(), report.comparison(), difference -> true,
                        receipt -> { });
            } catch (RuntimeException e) {
                page.write(List.of(reportFile), List.of(report));
                throw e;
            }
            end(Conclusion.ofCheckAndRepair(job.invocation(), report, reportFile, result), report, page, metrics,
                    events);
            events.tell(databases.pace().heldBackInAll());
            ExitCode repaired = result.exitCode();
            return databases.pace().exitCode(repaired == ExitCode.IN_SYNC ? report.afterRepair() : repaired);
        }
    }

    private static Databases same(Optional<LastCheck> last, Databases databases) {
        try {
            last.ifPresent(check -> check.requireSame(databases));
            return databases;
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    /** The page comes last, so that it can say what the repair did. */
    private static void end(Conclusion conclusion, Report report, ReportPage page, MetricsFile metrics, Events events) {
        metrics.tell(conclusion, events);
        page.write(List.of(conclusion.reportFile()), List.of(report), conclusion.outcome());
    }
}
