///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//MAIN ListRuns

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import syncdata.command.ConnectedCommand;
import syncdata.repair.JournalReader;
import syncdata.repair.KeptRun;
import syncdata.repair.Undo;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.RefusedException;
import syncdata.run.Words;
import syncdata.store.Databases;

@Command(name = "runs", description = {
        "Lists the reports and journals in a folder, the oldest first: what each run found or changed, and whether "
                + "that can be undone.",
        "Without --look it needs no database. With it, Neo4j is asked, for reading only, what an undo would do now."},
        exitCodeList = {"0:listed", "2:a folder that cannot be read, or wrong options",
                "20:with --look: a database cannot be reached, or refuses the login"},
        footerHeading = "%nExamples:%n", footer = {
            "  runs                             what lies in the current folder",
            "  runs /var/lib/graph-sync --look  and what of it can still be undone"})
class ListRuns extends ConnectedCommand {
    @Parameters(paramLabel = "FOLDER", arity = "0..1", defaultValue = ".",
            description = "Where reports and journals lie. Default: the current folder.")
    private Path folder;

    @Option(names = "--look", order = 1, description = "Ask Neo4j for each journal what an undo would do now.")
    private boolean look;

    public static void main(String[] arguments) {
        execute(new ListRuns(), arguments);
    }

    @Override
    protected ExitCode run() {
        if (!look) {
            print(KeptRun.in(folder, journal -> "yes, as far as nobody changed it since"));
            return ExitCode.IN_SYNC;
        }
        try (Databases databases = connect(queries(), AccessMode.READ)) {
            print(KeptRun.in(folder, journal -> undo(databases, journal)));
        }
        return ExitCode.IN_SYNC;
    }

    private static String undo(Databases databases, JournalReader journal) {
        try {
            journal.refuseUnlessOf(databases.graph().identity());
        } catch (RefusedException e) {
            return "not here: it is of another Neo4j";
        }
        Undo.Result result = Undo.run(databases, Events.silent(), journal,
                Optional.empty());
        if (result.restored() > 0) {
            return "yes: " + Words.count(result.restored())
                    + (result.skipped() > 0 ? ", and " + Words.count(result.skipped()) + " changed since" : "");
        }
        return result.skipped() > 0 ? "no: changed since" : "nothing to undo: it stands as before";
    }

    private static void print(List<KeptRun> runs) {
        if (runs.isEmpty()) {
            System.out.println("There is no report and no journal here.");
        }
        runs.forEach(run -> System.out.print(run.text80()));
    }
}
