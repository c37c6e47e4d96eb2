package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.check.Doctor;
import syncdata.check.Finding;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.ExitCode;
import syncdata.run.RefusedException;

@DisplayName("Row-level security that hides rows from the user")
class RowSecurityTest {
    private final TestDatabases test = TestDatabases.empty();
    private final Map<String, String> environment = new HashMap<>(test.environment());

    @BeforeEach
    void hide() {
        for (int i = 1; i <= 40; i++) {
            UUID id = new UUID(0, i);
            test.entity(id, "ttp", "t" + i, "2024-06-01T00:00:00Z");
            test.node(id, "2024-06-01T00:00:00Z");
        }
        test.sql("DROP ROLE IF EXISTS some_reader");
        test.sql("CREATE ROLE some_reader LOGIN PASSWORD 'for-tests-only'");
        test.sql("GRANT SELECT ON entity TO some_reader");
        test.sql("ALTER TABLE entity ENABLE ROW LEVEL SECURITY");
        test.sql("CREATE POLICY hides_three ON entity FOR SELECT USING (data->>'title' NOT IN ('t1', 't2', 't3'))");
        environment.put("PGUSER", "some_reader");
        environment.put("PGPASSWORD", "for-tests-only");
    }

    @AfterEach
    void show() {
        test.sql("DROP POLICY IF EXISTS hides_three ON entity");
        test.sql("ALTER TABLE entity DISABLE ROW LEVEL SECURITY");
        test.sql("DROP VIEW IF EXISTS entities_of_somebody");
        test.sql("DROP OWNED BY some_reader");
        test.sql("DROP ROLE some_reader");
    }

    @Test
    @DisplayName("stops a run before it deletes what is hidden, with advice and exit code 12")
    void stopsARun() {
        Script script = Script.run(environment, "sync-data.java", "--check-results-file", "-");
        assertEquals(12, script.exitCode(), script.errors());
        assertTrue(script.errors().contains("ALTER ROLE") && script.errors().contains("BYPASSRLS"), script.errors());
        assertEquals(40, test.cypher("MATCH (e:Entity) RETURN count(e) AS n").get(0).get("n").asInt());
    }

    @Test
    @DisplayName("is a problem that doctor names")
    void doctorSaysSo() {
        List<Finding> findings = new ArrayList<>();
        ExitCode code = new Doctor(TestDatabases.settings(environment), Queries.builtIn(), findings::add)
                .examine(false);
        assertEquals(ExitCode.DIFFERENCES_LEFT, code);
        assertTrue(findings.stream().anyMatch(finding -> String.valueOf(finding.advice()).contains("BYPASSRLS")
                || finding.text().contains("BYPASSRLS")), findings.toString());
    }

    @Test
    @DisplayName("does not matter to a user who has BYPASSRLS")
    void bypassed() {
        test.sql("ALTER ROLE some_reader BYPASSRLS");
        try (SourceStore source = open()) {
            assertEquals(1, source.states(List.of(new UUID(0, 1))).size());
        }
    }

    @Test
    @DisplayName("is found behind a view too, by the view's owner")
    void behindAView() {
        test.sql("CREATE VIEW entities_of_somebody AS SELECT xmin, * FROM entity");
        test.sql("ALTER VIEW entities_of_somebody OWNER TO some_reader");
        try (SourceStore source = SourceStore.connect(test.settings(), Queries.builtIn())) {
            RuntimeException e = assertThrows(RuntimeException.class,
                    () -> source.query("SELECT id FROM entities_of_somebody", 1));
            assertTrue(e.getMessage().contains("row-level security"), e.getMessage());
        }
    }

    @Test
    @DisplayName("that comes in the middle of a run stops it")
    void inTheMiddle() {
        test.sql("ALTER TABLE entity DISABLE ROW LEVEL SECURITY");
        try (SourceStore source = open()) {
            assertEquals(1, source.states(List.of(new UUID(0, 1))).size());
            test.sql("ALTER TABLE entity ENABLE ROW LEVEL SECURITY");
            assertThrows(RefusedException.class, () -> source.states(List.of(new UUID(0, 1))));
        }
    }

    private SourceStore open() {
        return SourceStore.open(TestDatabases.settings(environment), Queries.builtIn(), AccessMode.READ,
                Gate.open("PostgreSQL"));
    }
}
