///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN UndoRepair

import java.util.Optional;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.command.JournalChoice;
import syncdata.command.LockOptions;
import syncdata.command.PaceOptions;
import syncdata.command.UndoConclusion;
import syncdata.repair.JournalReader;
import syncdata.repair.RepairLock;
import syncdata.repair.Undo;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.Databases;

@Command(name = "undo", description = {
        "Puts Neo4j back as it was before a repair, from the journal that the repair kept.",
        "What stands otherwise than the repair left it is not touched; an event names each. Doing it twice is doing "
        + "it once."},
        exitCodeList = {"0:all stands as it stood before", "2:no journal, a damaged one, or wrong options",
                "10:a dry run found something to put back",
            "11:some of it was left or failed, each named in an event",
            "12:refused, and nothing changed: it is the journal of another Neo4j, or a repair is running",
            "20:a database cannot be reached, or refuses the login", "130:stopped by SIGINT; safe to run again",
            "143:stopped by SIGTERM; safe to run again"},
        footerHeading = "%nExamples:%n", footer = {
            "  undo --last --dry-run                              look what it would put back",
            "  undo --last                                        put the last repair back",
            "  undo report.json.20240531T220000.000Z.journal      put that one back"})
class UndoRepair extends ConnectedCommand {
    @Mixin
    private JournalChoice choice;

    @Mixin
    private LockOptions lockOptions;

    @Option(names = "--dry-run", order = 2, description = "Look only, change nothing; needs no more than reading.")
    private boolean dryRun;

    @Option(names = "--any-database", order = 3,
            description =
            "Go on although the journal was written for another Neo4j, such as one that this was restored from.")
    private boolean anyDatabase;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private EventOptions eventOptions;

    public static void main(String[] arguments) {
        execute(new UndoRepair(), arguments);
    }

    @Override
    protected ExitCode run() {
        try (Events events = eventOptions.events(System.out);
             JournalReader journal = JournalReader.open(choice.journal());
             Databases databases = connect(queries(), dryRun ? AccessMode.READ : AccessMode.WRITE, pace, events)) {
            if (!anyDatabase) {
                journal.refuseUnlessOf(databases.graph().identity());
            }
            try (RepairLock lock = dryRun ? null : lockOptions.lock(databases)) {
                Undo.Result result = Undo.run(databases, events, journal, Optional.ofNullable(lock));
                databases.pace().tellHeldBack();
                events.tell(new UndoConclusion(invocation(), choice.journal(), result, dryRun,
                        databases.pace().isStopping()).summary(events.elapsed()));
                events.tell(databases.pace().heldBackInAll());
                return databases.pace().exitCode(result.exitCode(dryRun));
            }
        }
    }
}
