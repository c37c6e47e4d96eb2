package syncdata.command;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.Spec;
import picocli.CommandLine;
import syncdata.repair.RepairLock;
import syncdata.repair.Safeguards;
import syncdata.rules.DeleteLimit;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** What a repair may do. */
public final class RepairOptions {
    @Spec(Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    private DeleteLimit deletes;

    @Option(names = "--max-deletes", paramLabel = "N|P%", defaultValue = DeleteLimit.DEFAULT, order = 10,
            description =
            "Delete nothing if it would be more entities than this: a number, or a share of the entities in Neo4j, of "
            + "those that were checked."
                    + " Where PostgreSQL holds no entity at all, only a number allows it. Default: ${DEFAULT-VALUE}.")
    private void setMaxDeletes(String limit) {
        try {
            deletes = DeleteLimit.of(limit);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(),
                    "--max-deletes is \"" + limit + "\": give a whole number such as 500, or a share such as 10%");
        }
    }

    @Mixin
    private JournalOptions journal;

    @Mixin
    private LockOptions lockOptions;

    /**
     * Takes the lock, and prepares the other safeguards of a repair.
     *
     * @param report the file of the report, or {@code -}
     * @throws RefusedException if another repair of the same graph is running, or PostgreSQL is a standby and may not
     *                          be
     * @throws InputException   if the journal cannot be written where it should be
     */
    public Safeguards safeguards(Databases databases, Events events, Path report) {
        RepairLock lock = lockOptions.lock(databases);
        try {
            return new Safeguards(lock, deletes,
                    journal.journal(databases, events, isFile(report) ? report : Path.of("sync-data")));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean isFile(Path report) {
        return !report.equals(Path.of("-")) && (Files.isRegularFile(report) || !Files.exists(report));
    }
}
