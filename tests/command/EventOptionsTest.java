package syncdata.command;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

/** What a person sees of a run on a terminal, and what a log sees of it. */
class EventOptionsTest {
    private static final UUID HUB = new UUID(0x1000, 1);
    private static final UUID GONE = new UUID(0x2000, 2);

    private final TestDatabases test = TestDatabases.empty();
    private final Map<String, String> environment = new HashMap<>(test.environment());

    @TempDir
    private Path folder;

    @BeforeEach
    void drift() {
        test.entity(HUB, "{\"type\":\"ttp\",\"title\":\"hub\"}", "2024-06-01Z");
        test.cypher("CREATE (hub:Entity {id: $hub, type: 'ttp', last_updated_at: datetime('2024-01-01')})"
                + " CREATE (gone:Entity {id: $gone, type: 'report', last_updated_at: datetime('2024-01-01')})"
                + " CREATE (hub)-[:RELATION {key: 'uses'}]->(gone), (hub)-[:RELATION {key: 'uses'}]->(gone), (gone)-[:RELATION {key: 'targets'}]->(hub)",
                Map.of("hub", HUB.toString(), "gone", GONE.toString()));
    }

    /** Standard input is no terminal here, which must not matter. */
    @Test
    void aTerminalGetsASummaryAndTheProgressIsTakenAwayAgain() {
        environment.put("TERM", "xterm");
        Script script = Script.shell(environment, "script -qec './jbang sync-data.java --dry-run --check-results-file " + report() + "' /dev/null");
        assertEquals(10, script.exitCode(), script.output());
        String shown = script.output().replace("\r\n", "\n").replaceAll("[^\\n]*\\r\\u001b\\[K", "");
        assertFalse(shown.contains("\u001b") || shown.contains("Checking"), shown);
        String summary = shown.substring(shown.indexOf("2 of 2 entities"));
        assertEquals("""
                2 of 2 entities checked differ:
                           1 outdated     older in Neo4j
                           1 not deleted  only in Neo4j
                With the deleted go 3 relations: 2 uses, 1 targets.
                Best connected of those that differ:
                         3 relations  %s  ttp
                         3 relations  %s  report
                Nothing was changed.
                Report   %s
                Took     T
                Next     the same command without --dry-run repairs them
                """.formatted(HUB, GONE, report()), summary.replaceFirst("Took     \\S+( \\S+)?", "Took     T"));
        assertEquals(5, shown.lines().filter(line -> line.startsWith("{\"")).count(), shown); // JBang may say that it builds
    }

    @Test
    void theEnvironmentChoosesPlainEventsAndWithoutATerminalThereIsNothingElse() throws IOException {
        environment.put("EIQ_LOG_FORMAT", "plain");
        Path metrics = folder.resolve("graph_sync.prom");
        Script script = Script.run(environment, "checks/check.java", "--check-results-file", report().toString(), "--metrics-file", metrics.toString());
        assertEquals("", script.errors());
        assertEquals(10, script.exitCode());
        assertEquals(List.of("Starting data check",
                "Data check finished n_missing=0 n_not_deleted=1 n_ok=0 n_outdated=1 n_strange=0",
                "Blast radius best_connected={\"" + HUB + "\":3,\"" + GONE + "\":3} exact=true n_looked_at=2 n_relations_deleted=3 relations_deleted_by_key={\"uses\":2,\"targets\":1}",
                "Writing check_results file filename=" + report()),
                script.output().lines().map(line -> line.replaceFirst("^\\d\\d:\\d\\d:\\d\\d ", "")).toList());
        assertTrue(Files.readString(metrics).contains("graph_sync_differences{class=\"outdated\",script=\"check\"} 1.0\n"), Files.readString(metrics));
        assertEquals("{\"n_relations_deleted\":3,\"relations_deleted_by_key\":{\"uses\":2,\"targets\":1},\"best_connected\":["
                + "{\"entity_id\":\"" + HUB + "\",\"type\":\"ttp\",\"repair\":\"reindex\",\"n_relations\":3},"
                + "{\"entity_id\":\"" + GONE + "\",\"type\":\"report\",\"repair\":\"delete\",\"n_relations\":3}],\"n_looked_at\":2,\"exact\":true}",
                Json.MAPPER.readTree(report().toFile()).at("/check/blast_radius").toString());
    }

    @Test
    void anUnknownFormatIsAnErrorThatNamesTheKnownOnes() {
        environment.put("EIQ_LOG_FORMAT", "xml");
        Script script = Script.run(environment, "checks/check.java", "--check-results-file", report().toString());
        assertEquals("error: EIQ_LOG_FORMAT is \"xml\": give json or plain (--help lists the options)\n", script.errors());
        assertEquals(2, script.exitCode());
    }

    private Path report() {
        return folder.resolve("report.json");
    }
}
