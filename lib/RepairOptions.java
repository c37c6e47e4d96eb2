package syncdata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What a repair may do. */
public final class RepairOptions {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    private DeleteLimit deletes;

    @Option(names = "--max-deletes", paramLabel = "N|P%", defaultValue = DeleteLimit.DEFAULT, order = 10,
            description = "Delete nothing if it would be more entities than this: a number, or a share of the entities in Neo4j, of those that were checked."
                    + " Where PostgreSQL holds no entity at all, only a number allows it. Default: ${DEFAULT-VALUE}.")
    private void setMaxDeletes(String limit) {
        try {
            deletes = DeleteLimit.of(limit);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--max-deletes is \"" + limit + "\": give a whole number such as 500, or a share such as 10%");
        }
    }

    @Option(names = "--journal", paramLabel = "FILE", order = 11,
            description = "Where what is changed or deleted is kept as it was, for checks/undo.java. Default: beside the report, with its name and the time;"
                    + " in the current folder where the report goes to standard output.")
    private Path journal;

    @Option(names = "--no-journal", order = 12, description = "Keep no journal: what is changed cannot be undone.")
    private boolean noJournal;

    /**
     * Takes what a repair needs.
     *
     * @param report where the report is, or {@code -}
     * @throws RefusedException if another repair of the same graph is running
     * @throws InputException   if the journal cannot be written where it should be
     */
    public Safeguards safeguards(Databases databases, Events events, Path report) {
        if (noJournal && journal != null) {
            throw new ParameterException(command.commandLine(), "--journal and --no-journal exclude each other: give one of them");
        }
        RepairLock lock = RepairLock.take(databases);
        try {
            return new Safeguards(lock, deletes, noJournal ? Journal.none() : Journal.at(journal == null ? beside(report) : journal, databases, events));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Path beside(Path report) {
        String time = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC).format(Instant.now());
        boolean aFile = !report.equals(Path.of("-")) && (Files.isRegularFile(report) || !Files.exists(report));
        return aFile ? report.resolveSibling(report.getFileName() + "." + time + ".journal") : Path.of("sync-data." + time + ".journal");
    }
}
