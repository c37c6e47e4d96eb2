///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN UndoRepair

import java.nio.file.Path;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.repair.JournalReader;
import syncdata.repair.RepairLock;
import syncdata.repair.Undo;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.Databases;

@Command(name = "undo", description = {
        "Puts Neo4j back as it was before a repair, from the journal that the repair kept.",
        "What stands otherwise than the repair left it is not touched; an event names each."},
        footerHeading = "%nExamples:%n", footer = {
            "  undo report.json.20240531T220000.000Z.journal --dry-run    look what would be put back",
            "  undo report.json.20240531T220000.000Z.journal              put it back"})
class UndoRepair extends ConnectedCommand {
    @Mixin
    private EventOptions eventOptions;

    @Parameters(paramLabel = "JOURNAL", description = "The file that the event \"Writing journal\" of the repair names.")
    private Path journal;

    @Option(names = "--dry-run", order = 1, description = "Look only, change nothing.")
    private boolean dryRun;

    @Option(names = "--any-database", order = 2, description = "Go on although the journal was written for another Neo4j, such as one that this is a copy of.")
    private boolean anyDatabase;

    public static void main(String[] arguments) {
        execute(new UndoRepair(), arguments);
    }

    @Override
    protected ExitCode run() {
        try (Events events = eventOptions.events(System.out);
             JournalReader reader = JournalReader.open(journal);
             Databases databases = connect(queries(), AccessMode.WRITE);
             RepairLock lock = RepairLock.take(databases)) {
            if (!anyDatabase) {
                reader.refuseUnlessOf(databases.graph().identity());
            }
            return Undo.run(databases.graph(), events, reader, lock, dryRun).exitCode(dryRun);
        }
    }
}
