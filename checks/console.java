///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES ConsoleVerbs.java
//MAIN Console

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import syncdata.ConsoleVerbs;
import syncdata.command.ConnectedCommand;
import syncdata.command.EventOptions;
import syncdata.command.JournalOptions;
import syncdata.repair.Journal;
import syncdata.run.ExitCode;
import syncdata.store.Databases;
import syncdata.store.Queries;

@Command(name = "console",
        description =
        {"A Java shell with both databases open: check(), explain(id), node(id), reindex(id), sql(text), "
        + "cypher(text). help names all verbs.",
        "Reads what to do from standard input where that is no terminal; then it ends with the code of the last verb "
        + "that failed, or with 1 where Java did."},
        footerHeading = "%nExamples:%n", footer = {
            "  console",
            "  echo 'check(\"indicator\")' | console",
            "  echo 'sql(\"SELECT count(*) FROM entity\")' | console"})
class Console extends ConnectedCommand {
    private static final String STARTUP = """
            import java.time.*;
            import java.util.*;
            import syncdata.rules.*;
            import syncdata.run.*;
            import syncdata.report.*;
            import syncdata.page.*;
            import syncdata.store.*;
            import syncdata.check.*;
            import syncdata.repair.*;
            import syncdata.command.*;
            import static syncdata.ConsoleVerbs.*;
            """;

    @Mixin
    private JournalOptions journalOptions;

    public static void main(String[] arguments) {
        execute(new Console(), arguments);
    }

    @Override
    protected ExitCode run() throws Exception {
        boolean person = System.console() != null;
        Queries queries = queries();
        try (Databases databases = connect(queries, AccessMode.WRITE);
             Journal journal = journalOptions.journal(databases, EventOptions.besideOutput(), Path.of("console"))) {
            ConsoleVerbs.use(queries, databases, journal);
            if (person) {
                System.out.println("Both databases are open.");
                ConsoleVerbs.help();
            }
            Complaints complaints = new Complaints();
            int code = shell(person, complaints);
            if (code != 0) {
                System.exit(code); // as /exit asked
            }
            return person || !complaints.any && ConsoleVerbs.exitCode() == ExitCode.IN_SYNC ? ExitCode.IN_SYNC
                    : complaints.any ? ExitCode.FAULT : ConsoleVerbs.exitCode();
        }
    }

    /** The shell runs in this process, so that it shares the connections. */
    private static int shell(boolean person, Complaints complaints) throws Exception {
        Path startup = Files.createTempFile("console-", ".jsh");
        try {
            Files.writeString(startup, STARTUP);
            List<String> options = new ArrayList<>(
                    List.of("--execution", "local", "--class-path", System.getProperty("java.class.path"),
                    "--startup", startup.toString(), "--feedback", "concise"));
            if (!person) {
                options.add("-"); // neither prompts nor echoes
            }
            return JavaShellToolBuilder.builder().persistence(new HashMap<>()).err(new PrintStream(complaints, true))
                    .start(options.toArray(String[]::new));
        } finally {
            Files.delete(startup);
        }
    }

    /** Passes on complaints of the shell, and remembers whether there were any. */
    private static final class Complaints extends OutputStream {
        private boolean any;

        @Override
        public void write(int c) throws IOException {
            any = true;
            System.err.write(c);
        }
    }
}
