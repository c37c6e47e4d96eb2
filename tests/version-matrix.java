///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES all-tests.java
//MAIN syncdata.VersionMatrix
package syncdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Version;
import syncdata.store.Failure;

@Command(name = "version-matrix", mixinStandardHelpOptions = true, version = "version-matrix " + Version.NUMBER,
        description = {
        "Runs the whole job on embedded databases of each version, in pairs of versions, and prints the outcome as a "
                + "table.",
        "Drift of every class, a dry run, a repair, a check: each must end as it should, and the graph must then "
        + "equal PostgreSQL.",
        "The scripts run on Java 17 and on the newest that is found, in turn. Ends with 0 if all went well, else with "
        + "1."})
class VersionMatrix implements Callable<Integer> {
    private static final int JAVA_OF_NEWEST_NEO4J = 21;

    @Option(names = "--postgresql", paramLabel = "A,B", split = ",",
            defaultValue = "13.23.0,14.24.0,15.19.0,16.15.0,17.11.0,18.6.0",
            description = "Versions of the embedded PostgreSQL. Default: ${DEFAULT-VALUE}.")
    private List<String> postgresql;

    @Option(names = "--neo4j", paramLabel = "A,B", split = ",", defaultValue = "4.4.48,5.26.30,2026.08.1",
            description = "Versions of Neo4j. Default: ${DEFAULT-VALUE}.")
    private List<String> neo4j;

    private final TreeMap<Integer, Path> javas = javas();

    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.config.file", "none");
        System.exit(new CommandLine(new VersionMatrix()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        System.out.println("| PostgreSQL | Neo4j | Java | |");
        System.out.println("|---|---|---|---|");
        boolean allWell = true;
        int turn = 0; // the versions of Neo4j are odd in number, so that each version meets both Javas
        for (String source : postgresql) {
            for (String graph : neo4j) {
                int java = turn++ % 2 == 0 ? javas.firstKey() : javas.lastKey();
                String outcome = outcome(source, graph, java);
                allWell &= outcome.equals("ok");
                System.out.println("| " + source + " | " + graph + " | " + java + " | " + outcome + " |");
            }
        }
        return allWell ? 0 : 1;
    }

    private String outcome(String source, String graph, int java) throws IOException {
        Integer serverJava = graph.matches("20\\d\\d.*") ? javas.ceilingKey(JAVA_OF_NEWEST_NEO4J) : javas.firstKey();
        if (serverJava == null) {
            return "not tried: needs a Java from " + JAVA_OF_NEWEST_NEO4J + " on";
        }
        try {
            return outcome(TestDatabases.ofVersions(source, graph, javas.get(serverJava)), java);
        } catch (RuntimeException e) {
            return Failure.of(e).message();
        }
    }

    private String outcome(TestDatabases test, int java) throws IOException {
        Path folder = Files.createTempDirectory("version-matrix-");
        try {
            DriftedStores.fill(test, new Random(1), 200);
            Map<String, String> environment = new HashMap<>(test.environment());
            environment.put("JAVA_HOME", javas.get(java).toString());
            String report = folder.resolve("report.json").toString();
            Script look = Script.run(environment, "sync-data.java", "--check-results-file", report, "--dry-run");
            Script repair = Script.run(environment, "sync-data.java", "--check-results-file", report, "--max-deletes",
                    "100%");
            Script check = Script.run(environment, "checks/check.java", "--check-results-file", report);
            String codes = look.exitCode() + ", " + repair.exitCode() + ", " + check.exitCode();
            if (!codes.equals("10, 0, 0")) {
                return "exit codes " + codes + ": " + (look.errors() + repair.errors() + check.errors()).lines()
                        .filter(line -> line.startsWith("error")).findFirst().orElse("");
            }
            return test.expectedGraph().equals(test.graph()) ? "ok" : "the graph does not equal PostgreSQL";
        } finally {
            test.stop();
            try (Stream<Path> files = Files.walk(folder)) { // the report and the repair's journal
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The Javas of version 17 or newer that stand beside the one that runs this, by version. */
    private static TreeMap<Integer, Path> javas() {
        Path own = Path.of(System.getProperty("java.home"));
        TreeMap<Integer, Path> javas = new TreeMap<>();
        try (Stream<Path> siblings = Files.list(own.getParent())) {
            for (Path home : siblings.filter(folder -> Files.exists(folder.resolve("release"))
                    && Files.exists(folder.resolve("bin/javac"))).toList()) {
                Properties release = new Properties();
                try (var lines = Files.newBufferedReader(home.resolve("release"))) {
                    release.load(lines);
                }
                int version = Integer.parseInt(release.getProperty("JAVA_VERSION", "0").replaceAll("[^0-9.]", "")
                        .replaceFirst("\\..*", ""));
                if (version >= 17) {
                    javas.put(version, home);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        javas.putIfAbsent(Runtime.version().feature(), own);
        return javas;
    }
}
