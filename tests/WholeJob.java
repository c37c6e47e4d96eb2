package syncdata;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.driver.AccessMode;

/** A check, its report and the repair in this process, as sync-data.java does them. */
final class WholeJob {
    static final Events SILENT = new Events(new PrintStream(OutputStream.nullOutputStream()));

    private WholeJob() {
    }

    /**
     * Runs it, and says how it ended: the exit code, or the error where it did not come to one.
     *
     * @param connected   called once both databases are open
     * @param giveUpAfter how long what can heal is tried again
     */
    static Failure run(ConnectionSettings settings, Path reportFile, int batchSize, Runnable connected, Duration giveUpAfter) {
        try (ReportFile file = ReportFile.create(reportFile);
             Databases opened = Databases.open(settings, Queries.builtIn(), AccessMode.WRITE)) {
            connected.run();
            Databases databases = opened.with(Pace.UNLIMITED, new Retry(giveUpAfter, Pace.UNLIMITED, SILENT));
            return checkAndRepair(databases, file, batchSize);
        } catch (RuntimeException e) {
            return Failure.of(e);
        }
    }

    /** The same on databases that are expected to stay as they are. */
    static Failure run(ConnectionSettings settings, Path reportFile, int batchSize) {
        return run(settings, reportFile, batchSize, () -> { }, Duration.ZERO);
    }

    private static Failure checkAndRepair(Databases databases, ReportFile file, int batchSize) {
        try (Report report = new Check(databases, SILENT, Selection.ALL, batchSize, true).run()) {
            file.write(report, SILENT);
            return new Failure(TestDatabases.repair(databases, SILENT, batchSize, report).exitCode(), "", false);
        }
    }
}
