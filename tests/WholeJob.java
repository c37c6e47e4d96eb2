package syncdata;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.neo4j.driver.AccessMode;

/** A check, its report and the repair in this process, as sync-data.java does them. */
final class WholeJob {
    static final Events SILENT = new Events(new PrintStream(OutputStream.nullOutputStream()));

    private WholeJob() {
    }

    /** Runs it, and says how it ended: the exit code, or the error where it did not come to one. */
    static Failure run(ConnectionSettings settings, Path reportFile, int batchSize) {
        try (ReportFile file = ReportFile.create(reportFile);
             Databases databases = Databases.open(settings, Queries.builtIn(), AccessMode.WRITE);
             Report report = new Check(databases, SILENT, Selection.ALL, batchSize, true).run()) {
            file.write(report, SILENT);
            return new Failure(TestDatabases.repair(databases, SILENT, batchSize, report).exitCode(), "", false);
        } catch (RuntimeException e) {
            return Failure.of(e);
        }
    }
}
