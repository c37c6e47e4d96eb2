///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES DemoData.java
//SOURCES DemoDatabases.java
//MAIN Demo

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import syncdata.run.ExitCode;
import syncdata.run.Version;

@Command(name = "demo", mixinStandardHelpOptions = true, version = "demo " + Version.NUMBER, description = {
        "Shows the whole job on invented data, in databases of its own: a dry run, its report, the repair, and a "
                + "second look that finds nothing.",
        "Ends with 0 if that second look found nothing, else with 1."})
class Demo implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Another number invents other data. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--keep", paramLabel = "DIR",
            description = "Keep the reports in this folder. The databases are deleted all the same.")
    private Path keep;

    @Option(names = "--serve",
            description =
            "Leave the databases running after that, drifted again, until Enter, Ctrl-C or the end of input; five "
            + "things to try are named.")
    private boolean serve;

    private final long started = System.nanoTime();
    private Path launcher;
    private Path temporary;
    private Path reports;
    private volatile Process running;
    private volatile DemoDatabases databases;
    private volatile boolean stopping;

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        Demo demo = new Demo();
        System.exit(new CommandLine(demo).setExecutionExceptionHandler((e, command, parsed) -> demo.failed(e))
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        launcher = launcher();
        temporary = Files.createTempDirectory("demo-");
        reports = keep == null ? temporary : Files.createDirectories(keep).toAbsolutePath();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));

        say("Starting a PostgreSQL and a Neo4j of our own. The first time, they are", "downloaded: about 300 MB.");
        databases = new DemoDatabases(launcher, temporary.resolve("databases"));
        databases.await();

        DemoData data = new DemoData(seed);
        databases.load(data);
        say(String.format(Locale.ROOT, "Both now hold the same %,d entities and %,d relations of invented threat",
                data.entities().size(), data.relations().size()),
                "intelligence. Then a few things go wrong, as they do in a year.");
        DemoDatabases.Drift drift = databases.drift(data, seed);

        say("1. A dry run looks for what differs, and changes nothing. Events are plain",
                "   on a terminal; elsewhere they are JSON, for programs. What only",
                "   Neo4j holds is looked at again after --settle, since a deletion may be on",
                "   its way; here nobody deletes, and 2 seconds do.");
        if (run("sync-data", "--check-results-file", "report.json", "--dry-run", "--settle",
                "2s") != ExitCode.DIFFERENCES_LEFT.code()) {
            throw new IOException("the dry run did not end as it should");
        }

        say("2. Its report has the same counts, and the ids. Look whether all that",
                "   went wrong was found, and nothing else.");
        show(new ObjectMapper().readTree(reports.resolve("report.json").toFile()), drift);

        say("3. The same without --dry-run repairs Neo4j. PostgreSQL is only read.",
                "   Look at what was repaired.");
        run("sync-data", "--check-results-file", "repair.json", "--settle", "2s");

        say("4. A second look finds nothing any more.");
        int last = run("sync-data", "--check-results-file", "after.json", "--dry-run", "--settle", "2s");

        say(last == 0 ? "Done: both are in sync." : "The second look did not end with 0: they are NOT in sync.",
                "This took " + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " seconds.");
        if (keep != null) {
            System.out.println("The reports are in " + keep + ".");
        }
        if (serve) {
            serve(databases.drift(data, seed + 1));
        } else {
            sayWhatNext();
        }
        return last == 0 ? 0 : 1;
    }

    /** Compares what the check found with what was planted, and shows some ids. */
    private static void show(JsonNode report, DemoDatabases.Drift drift) {
        System.out.println("                 planted   found");
        row("n_outdated", drift.outdated(), report.get("n_outdated"));
        row("n_missing", drift.missing(), report.get("n_missing"));
        row("n_not_deleted", drift.notDeleted(), report.get("n_not_deleted"));
        row("n_strange", drift.strange(), report.get("n_strange"));
        row("n_dangling", drift.dangling(), report.get("check").get("n_dangling"));
        ids("entity_ids_to_delete", report);
        ids("entity_ids_to_reindex", report);
    }

    private static void row(String name, int planted, JsonNode found) {
        System.out.printf("  %-14s %7d %7d%n", name, planted, found.asInt());
    }

    private static void ids(String name, JsonNode report) {
        System.out.printf("  %s, the first of %d:%n", name, report.get(name).size());
        StreamSupport.stream(report.get(name).spliterator(), false).limit(3)
                .forEach(id -> System.out.println("    " + id.asText()));
    }

    private static void sayWhatNext() {
        System.out.println("""

                Next, look at your own databases. This changes nothing in them:

                  export PGHOST=... PGDATABASE=... PGUSER=...
                  export NEO4J_URI=neo4j://... NEO4J_USERNAME=neo4j
                  ./jbang doctor
                  ./jbang check --check-results-file report.json

                It asks for the passwords, or takes them from PGPASSWORD or ~/.pgpass, and
                NEO4J_PASSWORD. All options: ./jbang check --help
                To try other scripts on invented data: ./jbang demo --serve""");
    }

    private void serve(DemoDatabases.Drift drift) throws IOException {
        say("The databases go on, and have drifted again. To use them in another terminal:", "");
        databases.environment().forEach((name, value) -> System.out.println("export " + name + "=" + value));
        System.out.println("""

                Then try there:

                  1. How has the graph drifted?
                     ./jbang check --check-results-file report.json
                  2. Why is this entity wrong?
                     ./jbang explain-entity %1$s
                  3. Mend this one, with its relations:
                     ./jbang reindex-entity %1$s
                  4. Repair all the rest, and check again:
                     ./jbang apply-report report.json
                     ./jbang check --check-results-file after.json
                  5. Put back what that repair changed:
                     ./jbang undo --last

                Enter or Ctrl-C stops the databases.""".formatted(drift.example()));
        System.in.read();
    }

    /** Prints a command as a person would type it, runs it in the reports' folder, and says how it ended. */
    private int run(String... arguments) throws IOException, InterruptedException {
        System.out.println("$ ./jbang " + String.join(" ", arguments));
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO().redirectInput(new File("/dev/null"))
                .directory(reports.toFile());
        builder.environment().putAll(databases.environment());
        running = builder.start();
        int code = running.waitFor();
        if (stopping || code == ExitCode.INTERRUPTED.code() || code == ExitCode.TERMINATED.code()) {
            System.exit(code);
        }
        String meaning = Stream.of(ExitCode.values()).filter(known -> known.code() == code)
                .map(known -> ": " + known.meaning()).findFirst().orElse("");
        System.out.println("exit code " + code + meaning);
        return code;
    }

    private static void say(String... lines) {
        System.out.println();
        Stream.of(lines).forEach(System.out::println);
    }

    /** The project's launcher, which tells where it stands; without it, the one in the current folder. */
    private static Path launcher() throws IOException {
        Path launcher = Path.of(System.getenv().getOrDefault("SYNC_DATA_HOME", "")).resolve("jbang").toAbsolutePath();
        if (!Files.isExecutable(launcher)) {
            throw new IOException("there is no ./jbang here: start the demo in the project's folder, as ./jbang demo");
        }
        return launcher;
    }

    private int failed(Exception e) {
        if (!stopping) {
            System.err.println("error: " + e.getMessage());
        }
        return 1;
    }

    /** Leaves nothing behind, however the demo ends. */
    private void stop() {
        stopping = true;
        say("Stopping and deleting the databases.");
        try {
            if (running != null) {
                running.destroy();
                running.waitFor();
            }
            if (databases != null) {
                databases.stop();
            }
            delete(temporary);
        } catch (IOException | InterruptedException e) {
            System.err.println("error: not all could be stopped or deleted: " + e.getMessage());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
