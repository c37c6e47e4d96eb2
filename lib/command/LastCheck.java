package syncdata.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import syncdata.report.Provenance.Database;
import syncdata.report.Provenance;
import syncdata.report.Report;
import syncdata.report.ReportReader;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/**
 * The last check, whose report lies where the next one is to be written: {@code --changed-after last} goes on from it.
 */
final class LastCheck {
    private static final String ADVICE = ": check everything once, into the same file";

    private final Path file;
    private final Provenance check;

    private LastCheck(Path file, Provenance check) {
        this.file = file;
        this.check = check;
    }

    /**
     * Reads its report.
     *
     * @throws InputException if there is none, the beginning of its check is unknown, or it is partial
     */
    static LastCheck read(Path file) {
        if (!AtomicFile.isFile(file) || !Files.exists(file)) {
            throw new InputException("--changed-after last goes on from the report at --check-results-file, and "
                    + file + " is none" + ADVICE);
        }
        try (Report report = ReportReader.read(file, false)) {
            LastCheck last = new LastCheck(file, report.provenance());
            if (last.check.startedAt().isEmpty()) {
                throw last.refused("does not say when its check began");
            }
            if (report.isPartial()) {
                throw last.refused("is partial: its check was stopped before its end");
            }
            return last;
        }
    }

    /**
     * When it began, less the time to settle, in microseconds since 1970.
     *
     * @throws InputException if it was a check of something else
     */
    long began(Selection selection, Comparison comparison, Duration settle) {
        if (!check.isOf(selection, comparison)) {
            throw refused("is of a check with another --entity-types, --slice or --compare");
        }
        return GraphTimestamp.micros(check.startedAt().orElseThrow().minus(settle));
    }

    /**
     * Makes sure that it was a check of the connected databases.
     *
     * @throws RefusedException if it was not
     */
    void requireSame(Databases databases) {
        requireSame(check.postgres(), databases.source().identity());
        requireSame(check.neo4j(), databases.graph().identity());
    }

    private void requireSame(Database last, DatabaseIdentity connected) {
        boolean sameId = connected.id().isEmpty() || last.id().equals(connected.id());
        if (!sameId || !last.name().equals(Optional.of(connected.name()))) {
            throw new RefusedException("The report " + file + " is of another database, " + last.name().orElse("")
                    + " at " + last.host().orElse("") + " and not " + connected.name() + " at " + connected.host()
                    + ", so that --changed-after last cannot go on from it" + ADVICE);
        }
    }

    private InputException refused(String why) {
        return new InputException("The report " + file + " " + why
                + ", so that --changed-after last cannot go on from it" + ADVICE);
    }
}
