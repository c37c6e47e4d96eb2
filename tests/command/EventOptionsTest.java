package syncdata.command;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

/** What a person sees of a run on a terminal, and what a log sees of it. */
class EventOptionsTest {
    private static final UUID HUB = new UUID(0x1000, 1);
    private static final UUID GONE = new UUID(0x2000, 2);

    private static final String SUMMARY = """
            2 of 2 entities checked differ:
                       1 outdated     older in Neo4j
                       1 not deleted  only in Neo4j
            By type: 1 report, 1 ttp
            Last changed longest ago:
              %2$s  not deleted report
                2024-01-01  (no title)
              %1$s  outdated ttp
                2024-06-01  hub
            Nothing was changed.
            Report   %3$s
            Took     T
            Next     ./jbang apply-report %4$s
            """;

    private final TestDatabases test = TestDatabases.empty();
    private final Map<String, String> environment = new HashMap<>(test.environment());

    @TempDir
    private Path folder;

    @BeforeEach
    void drift() {
        test.entity(HUB, "ttp", "hub", "2024-06-01Z");
        test.cypher("CREATE (hub:Entity {id: $hub, type: 'ttp', last_updated_at: datetime('2024-01-01')})"
                + " CREATE (gone:Entity {id: $gone, type: 'report', last_updated_at: datetime('2024-01-01')})"
                + " CREATE (hub)-[:RELATION {key: 'uses'}]->(gone), (hub)-[:RELATION {key: 'uses'}]->(gone), "
                + "(gone)-[:RELATION {key: 'targets'}]->(hub)",
                Map.of("hub", HUB.toString(), "gone", GONE.toString()));
    }

    /** Standard input is no terminal here, which must not matter. */
    @Test
    @DisplayName("A terminal gets a summary and the progress is taken away again")
    void aTerminalGetsASummaryAndTheProgressIsTakenAwayAgain() {
        environment.put("TERM", "xterm");
        Script script = Script.shell(environment,
                "script -qec './jbang sync-data.java --dry-run --settle 0s --check-results-file " + report()
                + "' /dev/null");
        assertEquals(10, script.exitCode(), script.output());
        String shown = script.output().replace("\r\n", "\n").replaceAll("[^\\n]*\\r\\u001b\\[K", "");
        assertFalse(shown.contains("\u001b") || shown.contains("Checking"), shown);
        assertEquals(SUMMARY.formatted(HUB, GONE, report(), report()), summary(shown));
        // JBang may say that it builds
        assertEquals(5, shown.lines().filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d .*")).count(), shown);
    }

    @Test
    @DisplayName(
            "A terminal whose cursor cannot be moved gets the summary all the same, and JSON where that is asked for")
    void dumb() {
        environment.put("TERM", "dumb");
        Script script = Script.shell(environment,
                "script -qec './jbang sync-data.java --dry-run --settle 0s --log-format json --check-results-file "
                + report() + "' /dev/null");
        assertEquals(10, script.exitCode(), script.output());
        String shown = script.output().replace("\r\n", "\n");
        assertFalse(shown.contains("\u001b") || shown.contains("\r"), shown);
        assertEquals(SUMMARY.formatted(HUB, GONE, report(), report()), summary(shown));
        assertEquals(5, Script.events(shown.lines().filter(line -> line.startsWith("{\"")).collect(joining("\n")))
                .size(), shown);
    }

    private static String summary(String shown) {
        return shown.substring(shown.indexOf("2 of 2 entities")).replaceFirst("Took     \\S+( \\S+)?", "Took     T");
    }

    @ParameterizedTest
    @DisplayName("A mistyped option is answered with the nearest, whatever else is missing without it")
    @CsvSource({
        "--dryrun --check-results-file report.json, --dryrun, --dry-run",
        "--check-result-file report.json, --check-result-file, --check-results-file",
        "--check-result-file=report.json, --check-result-file, --check-results-file"})
    void mistyped(String arguments, String option, String meant) {
        Script script = Script.shell(environment, "./jbang sync-data.java " + arguments);
        assertEquals("error: Unknown option: '" + option + "'; did you mean " + meant
                + "? (--help lists the options)\n", script.errors());
        assertEquals(2, script.exitCode());
    }

    @Test
    @DisplayName("The environment chooses plain events, and without a terminal there is nothing else")
    void theEnvironmentChoosesPlainEventsAndWithoutATerminalThereIsNothingElse() throws IOException {
        environment.put("EIQ_LOG_FORMAT", "plain");
        Path metrics = folder.resolve("graph_sync.prom");
        Script script = Script.run(environment, "checks/check.java", "--settle", "0s", "--check-results-file",
                report().toString(), "--metrics-file", metrics.toString());
        assertEquals("", script.errors());
        assertEquals(10, script.exitCode());
        assertEquals(List.of("Starting data check",
                "Data check finished n_missing=0 n_not_deleted=1 n_ok=0 n_outdated=1 n_strange=0",
                "Blast radius best_connected={\"" + HUB + "\":3,\"" + GONE
                + "\":3} exact=true n_looked_at=2 n_relations_deleted=3 "
                + "relations_deleted_by_key={\"uses\":2,\"targets\":1}",
                "Writing check_results file filename=" + report()),
                script.output().lines().map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d ", "")).toList());
        assertTrue(Files.readString(metrics)
                .contains("graph_sync_differences{class=\"outdated\",script=\"check\"} 1.0\n"),
                Files.readString(metrics));
        assertEquals(
                "{\"n_relations_deleted\":3,\"relations_deleted_by_key\":{\"uses\":2,\"targets\":1},"
                        + "\"best_connected\":["
                + "{\"entity_id\":\"" + HUB
                + "\",\"type\":\"ttp\",\"title\":null,\"repair\":\"reindex\",\"n_relations\":3},"
                + "{\"entity_id\":\"" + GONE
                + "\",\"type\":\"report\",\"title\":null,\"repair\":\"delete\",\"n_relations\":3}],"
                + "\"n_looked_at\":2,\"exact\":true}",
                Json.MAPPER.readTree(report().toFile()).at("/check/blast_radius").toString());
    }

    @Test
    @DisplayName("An unknown format is an error that names the known ones")
    void anUnknownFormatIsAnErrorThatNamesTheKnownOnes() {
        environment.put("EIQ_LOG_FORMAT", "xml");
        Script script = Script.run(environment, "checks/check.java", "--check-results-file", report().toString());
        assertEquals("error: EIQ_LOG_FORMAT is \"xml\": give json or plain\n",
                script.errors());
        assertEquals(2, script.exitCode());
    }

    private Path report() {
        return folder.resolve("report.json");
    }
}
