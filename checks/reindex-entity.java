///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ReindexEntity

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.check.Explanation;
import syncdata.command.ConnectedCommand;
import syncdata.command.EntityOptions;
import syncdata.command.EventOptions;
import syncdata.command.JournalOptions;
import syncdata.command.LockOptions;
import syncdata.command.PaceOptions;
import syncdata.repair.Journal;
import syncdata.repair.Reindex;
import syncdata.repair.RepairLock;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.IdLog;
import syncdata.store.Databases;

@Command(name = "reindex-entity", description = {
        "Makes entities, with all relations from and to them, equal to PostgreSQL in Neo4j, whatever their timestamps "
                + "say. Shows them before and after.",
        "A relation that Neo4j ties to them and PostgreSQL does not hold is deleted. Events go to standard error."},
        exitCodeList = {"0:all are equal now", "2:an id that is no UUID, or wrong options",
                "10:a dry run found something that differs, or it differs again already, or --run-time was over",
            "11:some could not be reindexed, each named in an event",
            "12:refused, and nothing changed: PostgreSQL does not hold one of them, or an end of it; or another "
            + "repair is running",
            "20:a database cannot be reached, or refuses the login", "130:stopped by SIGINT; safe to run again",
            "143:stopped by SIGTERM; safe to run again"},
        footerHeading = "%nExamples:%n", footer = {
            "  reindex-entity 393c0d67-0f6a-4c5e-9d3a-2b1f0e9d8c7b --dry-run",
            "  reindex-entity - --format json < ids.txt"})
class ReindexEntity extends ConnectedCommand {
    @Mixin
    private LockOptions lockOptions;

    @Mixin
    private EntityOptions options;

    @Mixin
    private JournalOptions journalOptions;

    @Mixin
    private PaceOptions pace;

    @Option(names = "--delete-if-absent", order = 3,
            description =
            "Delete from Neo4j what PostgreSQL does not hold. Without this it is refused, and nothing is changed.")
    private boolean deleteIfAbsent;

    @Option(names = "--dry-run", order = 4, description = "Show the entities as they are, change nothing.")
    private boolean dryRun;

    private long left;
    private boolean differs;
    private boolean failed;

    public static void main(String[] arguments) {
        execute(new ReindexEntity(), arguments);
    }

    @Override
    protected ExitCode run() {
        Events events = EventOptions.besideOutput();
        try (IdLog ids = options.ids();
             Databases databases = connect(queries(), dryRun ? AccessMode.READ : AccessMode.WRITE, pace, events);
             RepairLock lock = dryRun ? null : lockOptions.lock(databases);
             Journal journal = dryRun ? null : journalOptions.journal(databases, events, Path.of("reindex-entity"))) {
            Reindex.require(databases, ids, deleteIfAbsent);
            EntityOptions.forEachBatch(ids, batch -> {
                if (databases.pace().isStopping()) {
                    left += batch.size();
                } else {
                    reindex(databases, events, lock, journal, batch);
                }
            });
            databases.pace().tellHeldBack();
            if (left > 0) {
                events.warning(Events.Logger.REPAIR, "The reindexing stopped before its end", Map.of("n_left", left));
            }
            ExitCode found = differs ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
            return databases.pace().exitCode(failed ? ExitCode.PARTLY_REPAIRED : found);
        }
    }

    private void reindex(Databases databases, Events events, RepairLock lock, Journal journal, List<UUID> batch) {
        boolean different = print("before", databases, batch);
        if (!dryRun) {
            failed |= Reindex.run(databases, events, lock, journal, batch, deleteIfAbsent).failed() > 0;
            different = print("after", databases, batch);
        }
        differs |= different;
    }

    /** Prints entities, and says whether one differs. */
    private boolean print(String when, Databases databases, List<UUID> batch) {
        List<Explanation> explanations = Explanation.of(databases, batch);
        explanations.forEach(explanation -> options.print(explanation, when));
        return explanations.stream().anyMatch(Explanation::differs);
    }
}
