package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.repair.GraphWriter;
import syncdata.repair.Journal;
import syncdata.run.Json;
import syncdata.store.Databases;

/** All scripts of the operator together: exported for a host without a network, their help, and their completion. */
class ToolkitTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("An exported toolkit starts every script with Java alone, and repairs")
    void theExportedToolkitNeedsJavaAlone() throws IOException {
        Path toolkit = export();
        for (String script : scripts()) {
            Script help = elsewhere(toolkit, Map.of(), script, "--help");
            assertEquals(0, help.exitCode(), help.errors());
            assertEquals("", help.errors());
            assertTrue(help.output().startsWith("Usage: " + script + " "), help.output());
            assertTrue(help.output().contains("\nExit codes:\n  0  "), script + " does not tell its exit codes");
            assertTrue(help.output().matches("(?s).*\nExamples:\n.*\\b" + script + "\\b.*"),
                    script + " has no examples");
        }
        Script completion = elsewhere(toolkit, Map.of(), "completion");
        assertEquals(0, completion.exitCode(), completion.errors());
        assertTrue(completion.output().contains("--check-results-file"), completion.output());

        Script again = Script.run(Map.of(), "export-toolkit", toolkit.toString());
        assertEquals(2, again.exitCode());
        assertEquals("error: " + toolkit
                + " is there already: name a folder that is not, so that no old jar gets between the new ones\n",
                again.errors());

        Script spark = elsewhere(toolkit, Map.of(), "jbang", "check-on-spark");
        assertEquals(2, spark.exitCode());
        assertEquals("error: a toolkit holds no Spark: package check-on-spark in the project, as docs/spark.md says\n",
                spark.errors());

        TestDatabases test = TestDatabases.empty();
        test.entity(new UUID(1, 1), "indicator", "a", "2024-06-01Z");
        Files.createSymbolicLink(folder.resolve("sync-data"), toolkit.resolve("sync-data"));
        Script run = elsewhere(folder, test.environment(), "sync-data", "--check-results-file",
                folder.resolve("report.json").toString(),
                "--queries", toolkit.resolve("lib/queries").toString());
        assertEquals(0, run.exitCode(), run.errors());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName(
            "An exported toolkit holds the documentation, and is built again where it lies, without JBang, Maven and "
            + "network")
    void theExportedToolkitCanBeEdited() throws IOException {
        Path toolkit = export();
        for (String file : List.of("README.md", "CHANGELOG.md", "docs/runbook.md", "docs/host/graph-sync.service",
                "checks/incident.java.qute")) {
            assertTrue(Files.isRegularFile(toolkit.resolve(file)), file);
        }
        replace(toolkit.resolve("checks/check.java"), "Finds the entities", "Edited here. Finds the entities");
        Files.writeString(toolkit.resolve("checks/count-types.java"),
                Files.readString(toolkit.resolve("checks/check.java"))
                .replace("CheckCommand", "CountTypes").replace("name = \"check\"", "name = \"count-types\""));

        Script built = elsewhere(toolkit, Map.of(), "jbang", "build");
        assertEquals(0, built.exitCode(), built.errors());
        assertTrue(elsewhere(toolkit, Map.of(), "check", "--help").output().contains("Edited here."));
        assertTrue(elsewhere(toolkit, Map.of(), "count-types", "--help").output().startsWith("Usage: count-types "));

        replace(toolkit.resolve("lib/run/ExitCode.java"), "public enum", "public enumeration");
        Script broken = elsewhere(toolkit, Map.of(), "jbang", "build");
        assertEquals(2, broken.exitCode());
        assertTrue(broken.errors()
                .endsWith("error: nothing was built, for the reason above; what was there still runs\n"),
                broken.errors());
        assertTrue(elsewhere(toolkit, Map.of(), "check", "--help").output().contains("Edited here."));

        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        Script made = Script.shell(Map.of(), "cd '" + scripts + "' && '" + toolkit.resolve("jbang")
                + "' init -t incident -Dticket=INC-4711 INC-4711");
        assertEquals(new Script(0, "INC-4711.java is made: edit it, and run it with --dry-run\n", ""), made);
        assertEquals("INC-4711 1.0.0\n", elsewhere(scripts, Map.of(), "INC-4711.java", "--version").output());
    }

    private Path export() {
        Path toolkit = folder.resolve("graph-sync");
        Script export = Script.run(Map.of(), "export-toolkit", toolkit.toString());
        assertEquals(0, export.exitCode(), export.errors());
        return toolkit;
    }

    private static void replace(Path file, String text, String other) throws IOException {
        String before = Files.readString(file);
        assertTrue(before.contains(text), file + " holds " + text);
        Files.writeString(file, before.replace(text, other));
    }

    @Test
    @DisplayName("Bash completes the options of a script however it is named")
    void bashCompletesTheOptionsOfAScriptHoweverItIsNamed() throws IOException {
        Path completion = folder.resolve("completion.bash");
        Script script = Script.run(Map.of(), "completion");
        assertEquals(0, script.exitCode(), script.errors());
        Files.writeString(completion, script.output());

        Script shell = Script.shell(Map.of(), """
                compopt() { :; } # which bash has only while it completes
                source %s
                complete_words() {
                    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
                    function=$(complete -p "${1##*/}" | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
                    "$function"
                    echo "${COMPREPLY[*]}"
                }
                complete_words ./jbang sync-data --ch
                complete_words ./jbang sync-data.java --dry
                complete_words ./jbang checks/check.java --print-d
                complete_words ./sync-data.java --ch
                complete_words /opt/graph-sync/check --ch
                complete_words ./jbang sync-
                complete_words sync-data --check-results-file README
                complete_words apply-report --only ''
                complete_words check --log-format p
                complete_words ./jbang check --entity-types ind
                complete_words sync-data --max-load rep
                complete_words show-report --class not
                complete_words compare-reports --format ''
                """.formatted(completion));

        assertEquals("", shell.errors());
        assertEquals(List.of("--check-results-file --changed-after", "--dry-run", "--print-diffs",
                "--check-results-file --changed-after", "--check-results-file --changed-after",
                "sync-data", "README.md", "delete reindex", "plain", "indicator", "replica-lag=", "not-deleted",
                "table json ids"),
                shell.output().lines().toList());
    }

    @Test
    @DisplayName("A script made from the template compiles and runs wherever it stands")
    void aScriptMadeFromTheTemplateCompilesAndRunsWhereverItStands() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        String jbang = TestDatabases.PROJECT.resolve("jbang").toString();
        Script made = Script.shell(Map.of(),
                "cd '" + elsewhere + "' && " + jbang + " init -t incident -Dticket=INC-4711 INC-4711");
        assertEquals(0, made.exitCode(), made.errors());
        Path script = elsewhere.resolve("INC-4711.java");
        assertTrue(Files.isExecutable(script));
        assertTrue(Files.readString(script).contains("// INC-4711: "));

        TestDatabases test = TestDatabases.empty();
        UUID source = new UUID(1, 1);
        UUID target = new UUID(1, 2);
        UUID lost = new UUID(1, 3);
        test.entity(source, "{\"type\":\"indicator\"}", "2024-06-01Z");
        test.entity(target, "{\"type\":\"ttp\"}", "2024-06-01Z");
        test.relation(lost, source, target, "now");
        List<UUID> ends = List.of(source, target);
        try (Databases databases = test.open()) {
            new GraphWriter(databases.graph(), Journal.none())
                    .nodes().write(databases.source().projection().entities(ends), Map.of());
        }

        Script look = Script.shell(test.environment(), "cd / && " + script + " --dry-run");
        assertEquals(new Script(10, lost + " missing\n", "1 suspects, 1 differ\n"), look);
        Script repair = Script.shell(test.environment(), "cd '" + elsewhere + "' && " + script);
        assertEquals(0, repair.exitCode(), repair.errors());
        assertEquals(test.expectedGraph(), test.graph());
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertEquals(1, files.filter(file -> file.getFileName().toString().matches("INC-4711\\..*\\.journal"))
                    .count());
        }

        Script byCatalog = Script.shell(Map.of(), "cd '" + elsewhere + "' && " + jbang + " init --template=incident@"
                + TestDatabases.PROJECT + " inc_other.java");
        assertEquals(0, byCatalog.exitCode(), byCatalog.errors());
        assertEquals(0, Script.run(Map.of(), elsewhere.resolve("inc_other.java").toString(), "--version").exitCode());
    }

    /**
     * Runs an exported script with an empty folder as its home, without JBang and Maven; without databases, also
     * without a network, where that may be done.
     */
    private Script elsewhere(Path toolkit, Map<String, String> environment, String script, String... arguments)
            throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("HOME", home.toString());
        settings.put("JBANG_DIR", home.resolve(".jbang").toString());
        Path none = Files.createDirectories(folder.resolve("none"));
        for (String absent : List.of("jbang", "mvn")) {
            Path stub = none.resolve(absent);
            Files.writeString(stub, "#!/bin/sh\necho \"$0 was asked for\" >&2\nexit 99\n");
            stub.toFile().setExecutable(true);
        }
        settings.put("PATH", none + ":" + System.getenv("PATH"));
        String networkOff = environment.isEmpty() ? "$(unshare -n true 2>/dev/null && echo unshare -n) " : "";
        String line = Stream.concat(Stream.of(toolkit.resolve(script).toString()), Stream.of(arguments))
                .collect(Collectors.joining("' '", "'", "'"));
        Script ended = Script.shell(settings, "cd '" + home + "' && " + networkOff + line);
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(), left.toList(), script + " left something behind");
        }
        return ended;
    }

    /** The operator's, less the one that needs Spark, which a toolkit does not hold. */
    private static TreeSet<String> scripts() throws IOException {
        TreeSet<String> scripts = new TreeSet<>();
        JsonNode aliases = Json.MAPPER.readTree(TestDatabases.PROJECT.resolve("jbang-catalog.json").toFile())
                .get("aliases");
        aliases.properties().stream()
                .filter(alias -> !alias.getValue().get("script-ref").asText().matches("tests/.*|.*/check-on-spark/.*"))
                .forEach(alias -> scripts.add(alias.getKey()));
        return scripts;
    }
}
