package syncdata.command;

import java.util.List;
import java.util.Optional;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Mixin;
import syncdata.check.Check;
import syncdata.check.Checkpoint;
import syncdata.page.ReportPage;
import syncdata.repair.Repair;
import syncdata.repair.RepairJob;
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

    /** Says where the ranges of a check are walked. */
    @FunctionalInterface
    public interface Place {
        /** The check, which walks so many ranges of these databases at a time there. */
        Check of(Check check, Databases databases, PaceOptions pace, int atATime);
    }

    /** What is to be done with what a check finds. */
    public sealed interface Job {
        /** How the script was started. */
        Invocation invocation();

        /** Leave it. */
        record Check(Invocation invocation) implements Job {
        }

        /** Leave it, and say the last event of a repair all the same. */
        record DryRun(Invocation invocation) implements Job {
        }

        /** Repair it. */
        record Repair(Invocation invocation, RepairOptions options) implements Job {
        }
    }

    /** What a run has opened. */
    private record Opened(Events events, MetricsFile metrics, ReportFile file, ReportPage page,
            Checkpoint checkpoint, Databases databases, Place place) {
    }

    /** Checks, writes the report, and does what the job says. */
    public ExitCode run(Job job, Queries queries, Connection connection) {
        return run(job, queries, connection, (check, databases, terms, atATime) -> check.parallel(atATime));
    }

    /** The same, with the ranges walked in another place. */
    public ExitCode run(Job job, Queries queries, Connection connection, Place place) {
        Optional<LastCheck> last = options.lastCheck();
        Selection selection = options.selection(queries, last);
        options.temporaryFolder().ifPresent(TemporaryFile::use);
        AccessMode access = job instanceof Job.Repair ? AccessMode.WRITE : AccessMode.READ;
        try (Events events = eventOptions.events(
                AtomicFile.isStandardOutput(options.checkResultsFile()) ? System.err : System.out);
             MetricsFile metrics = metricsOptions.file();
             ReportFile file = ReportFile.create(options.checkResultsFile());
             ReportPage page = options.page();
             Checkpoint checkpoint = options.checkpoint();
             Databases databases = same(last, connection.open(queries, access, pace, events))) {
            Opened opened = new Opened(events, metrics, file, page, checkpoint, databases, place);
            return job instanceof Job.Repair repair
                    ? checkAndRepair(repair, opened, selection) : checkAlone(job, opened, selection);
        }
    }

    private ExitCode checkAlone(Job job, Opened opened, Selection selection) {
        try (Report report = check(opened, selection)) {
            write(report, opened);
            return leave(job, report, opened);
        }
    }

    /** The lock of the repair is held from before the check on. */
    private ExitCode checkAndRepair(Job.Repair job, Opened opened, Selection selection) {
        try (Safeguards safeguards = job.options().safeguards(opened.databases(), opened.events(),
                options.checkResultsFile());
             Report report = check(opened, selection)) {
            write(report, opened);
            return opened.databases().pace().isStopping()
                    ? leave(job, report, opened) : repair(job, report, safeguards, opened);
        }
    }

    private Report check(Opened opened, Selection selection) {
        Check check = new Check(opened.databases(), opened.events(), selection, options.batchSize(),
                options.printDiffs()).settling(options.settling()).comparing(options.comparison())
                .checkpoint(opened.checkpoint());
        return opened.place().of(check, opened.databases(), pace, options.parallel()).run();
    }

    private static void write(Report report, Opened opened) {
        opened.file().write(report, opened.events());
        opened.checkpoint().keepOnlyIf(report.isPartial());
        opened.databases().pace().tellHeldBack();
    }

    private ExitCode leave(Job job, Report report, Opened opened) {
        if (!(job instanceof Job.Check)) {
            Repair.skip(opened.events());
        }
        end(Conclusion.ofCheck(job.invocation(), report, options.checkResultsFile()), report, opened);
        return opened.databases().pace().exitCode(report.exitCode());
    }

    private ExitCode repair(Job.Repair job, Report report, Safeguards safeguards, Opened opened) {
        RepairResult result;
        try {
            result = Repair.run(new RepairJob(opened.databases(), opened.events(), safeguards, options.batchSize(),
                    RepairJob.Named.by(report)));
        } catch (RuntimeException e) {
            opened.page().write(List.of(options.checkResultsFile()), List.of(report));
            throw e;
        }
        end(Conclusion.ofCheckAndRepair(job.invocation(), report, options.checkResultsFile(), result), report, opened);
        ExitCode repaired = result.exitCode();
        return opened.databases().pace().exitCode(repaired == ExitCode.IN_SYNC ? report.afterRepair() : repaired);
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
    private static void end(Conclusion conclusion, Report report, Opened opened) {
        opened.metrics().tell(conclusion, opened.events());
        opened.page().write(List.of(conclusion.reportFile()), List.of(report), conclusion.outcome());
        opened.events().tell(opened.databases().pace().heldBackInAll());
    }
}
