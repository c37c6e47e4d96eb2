package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.check.Doctor;
import syncdata.check.Finding.Level;
import syncdata.check.Finding;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.ExitCode;
import syncdata.store.Queries;

/** What the doctor finds in real databases. */
class DoctorTest {
    private static final String NEW = "2024-06-01T00:00:00Z";

    private final TestDatabases test = TestDatabases.empty();
    private final List<Finding> findings = new ArrayList<>();

    @AfterEach
    void forgetRelationIndexes() {
        test.sql("DROP INDEX IF EXISTS entity_relation_source, entity_relation_target");
    }

    @Test
    @DisplayName("The script finds a database that cannot be reached and examines the other")
    void theScriptFindsADatabaseThatCannotBeReachedAndExaminesTheOther() {
        test.entity(new UUID(1, 1), "{\"type\":\"ttp\"}", NEW);
        node(new UUID(1, 1), "datetime('" + NEW + "')");
        // a name in the query files that no other test may have made known
        test.cypher("CREATE (e:Entity {key: 'x', title: 'x'}) DELETE e");
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.put("PGPORT", "1");

        Script script = Script.run(environment, "checks/doctor.java");

        assertEquals("", script.errors());
        assertEquals(20, script.exitCode());
        String[] lines = script.output().split("\n");
        assertTrue(lines[0].startsWith("problem  PostgreSQL: PostgreSQL cannot be reached: Connection to localhost:1"),
                script.output());
        assertTrue(script.output().contains("\n         -> check PGHOST and PGPORT, or --postgres-url\n"),
                script.output());
        assertTrue(script.output()
                .contains("\nok       Neo4j, privileges: the user may read and write (tried, and rolled back)\n"),
                script.output());
        assertEquals("6 ok, 0 warnings, 1 problem", lines[lines.length - 1], script.output());
        assertTrue(script.output().lines().allMatch(line -> line.length() <= 80), script.output());
        assertEquals(1, test.graph().size());
    }

    @Test
    void aSoundPairHasNoProblem() {
        entities("datetime('" + NEW + "')", 5);
        assertEquals(ExitCode.IN_SYNC, examine(false), String.valueOf(findings));
        assertEquals(List.of(), about(Level.PROBLEM));
        // the tests connect as a superuser, and the two relation indexes are not made
        assertTrue(about(Level.WARNING).containsAll(List.of("PostgreSQL, privileges", "PostgreSQL, index")),
                String.valueOf(findings));
        assertEquals("of 5 sampled in Neo4j: 5 DateTime in UTC", text("Timestamps"));
        assertEquals("of 5 entities in both, 0 have another timestamp in Neo4j", text("Sample"));
        assertTrue(text("Duration").startsWith("a check of about 5 entities takes about 1 s"), text("Duration"));
    }

    @Test
    @DisplayName("Missing indexes are made in Neo4j alone, and only where asked")
    void missingIndexesAreMadeInNeo4jAloneAndOnlyWhereAsked() {
        entities("datetime('" + NEW + "')", 1);
        test.dropSchema();
        try {
            examine(false);
            assertEquals(4, about(Level.WARNING).stream().filter("Neo4j, index"::equals).count(),
                    String.valueOf(findings));
            examine(true);
            assertEquals(4, about(Level.OK).stream().filter("Neo4j, index"::equals).count(), String.valueOf(findings));
            examine(false);
            assertEquals("all that are used are there", text("Neo4j, indexes"));
            for (String statement : findings.stream().filter(finding -> finding.about().equals("PostgreSQL, index"))
                    .map(Finding::advice).toList()) {
                test.sql(statement);
            }
            examine(false);
            assertEquals(0, about(Level.WARNING).stream().filter("PostgreSQL, index"::equals).count(),
                    String.valueOf(findings));
        } finally {
            test.createIndexes();
        }
    }

    @Test
    @DisplayName("What an older copy holds is counted by its encoding")
    void whatAnOlderCopyHoldsIsCountedByItsEncoding() {
        entities("datetime('2024-06-01T02:00:00+02:00')", 4);
        node(new UUID(7, 1), "localdatetime('2024-06-01T00:00:00')");
        node(new UUID(7, 2), "1717200000000");
        node(new UUID(7, 2), "1717200000000");
        node(new UUID(7, 3), "'2024-06-01T00:00:00'");
        test.cypher("CREATE (:Entity {id: 42}), (:Entity), (:Entity {id: 'x'})");
        examine(false);
        assertEquals(
                "of 8 sampled in Neo4j: 4 DateTime at +02:00, 2 integers of milliseconds, 1 LocalDateTime, 1 text "
                + "without a zone", text("Timestamps"));
        assertEquals("1 of 8 sampled ids are there more than once", text("Duplicates"));
        assertEquals("1 nodes and relationships have no id, 1 one that is no text", text("Neo4j, ids"));
        assertEquals("1 nodes and relationships have an id and no last_updated_at", text("Neo4j, timestamps"));
    }

    @Test
    @DisplayName("A systematic offset is a problem")
    void aSystematicOffsetIsAProblem() {
        entities("localdatetime('2024-06-01T02:00:00')", 25);
        assertEquals(ExitCode.DIFFERENCES_LEFT, examine(false));
        assertEquals(
                "of the sample, 100 % of the 25 timestamps that differ are exactly 2 hours ahead in Neo4j: that is a "
                + "mistake with a time zone, not drift", text("Systematic offset"));
    }

    @Test
    @DisplayName("An empty PostgreSQL and a label of another name are problems")
    void anEmptyPostgresqlAndALabelOfAnotherNameAreProblems() {
        test.cypher("CREATE (:Thing {id: 'x'})");
        assertEquals(ExitCode.DIFFERENCES_LEFT, examine(false));
        assertEquals(List.of("PostgreSQL, entities", "Neo4j, entities"), about(Level.PROBLEM));
    }

    @Test
    @DisplayName("A table that is not there is a problem, and Neo4j is examined")
    void aTableThatIsNotThereIsAProblemAndNeo4jIsExamined() {
        test.sql("ALTER TABLE entity RENAME TO entity_elsewhere");
        try {
            assertEquals(ExitCode.DIFFERENCES_LEFT, examine(false));
            Finding problem = findings.stream().filter(finding -> finding.level() == Level.PROBLEM).findFirst()
                    .orElseThrow();
            assertEquals("PostgreSQL says of lib/queries/entity-page.sql: relation \"entity\" does not exist",
                    problem.text());
            assertEquals("connect to the platform's own database (PGDATABASE), or name its table in that file",
                    problem.advice());
            assertTrue(about(Level.OK).contains("Neo4j, indexes"));
        } finally {
            test.sql("ALTER TABLE entity_elsewhere RENAME TO entity");
        }
    }
    @Test
    @DisplayName("A text or full-text index finds only some, and does not count as the index that is asked for")
    void aTextIndexIsNotTheIndexThatIsAskedFor() {
        entities("datetime('" + NEW + "')", 1);
        test.dropSchema();
        try {
            test.cypher("CREATE TEXT INDEX text_of_nodes FOR (e:Entity) ON (e.id)");
            test.cypher("CREATE TEXT INDEX text_of_relations FOR ()-[r:RELATION]-() ON (r.id)");
            test.cypher("CREATE FULLTEXT INDEX words_of_nodes FOR (e:Entity) ON EACH [e.id, e.last_updated_at]");
            test.cypher("CREATE FULLTEXT INDEX words_of_relations FOR ()-[r:RELATION]-() ON EACH [r.id]");
            test.cypher("CALL db.awaitIndexes(60)");
            examine(false);
            assertEquals(4, about(Level.WARNING).stream().filter("Neo4j, index"::equals).count(),
                    String.valueOf(findings));
            test.createIndexes();
            examine(false);
            assertEquals("all that are used are there", text("Neo4j, indexes"));
        } finally {
            test.dropSchema();
            test.createIndexes();
        }
    }

    @Test
    @DisplayName("Ids that Neo4j writes otherwise are a problem, since a repair would be refused")
    void idsThatAreWrittenOtherwiseAreAProblem() {
        for (int i = 1; i <= 12; i++) {
            UUID id = new UUID(0xabcL + i, i);
            test.entity(id, "{\"type\":\"ttp\"}", NEW);
            test.cypher("CREATE (:Entity {id: toUpper($id), last_updated_at: datetime($now)})",
                    Map.of("id", id.toString(), "now", NEW));
        }
        assertEquals(ExitCode.DIFFERENCES_LEFT, examine(false));
        assertTrue(about(Level.PROBLEM).contains("Ids"), String.valueOf(findings));
        assertTrue(text("Ids").startsWith("12 of 12 sampled ids are no lower-case UUIDs, such as \"00000000-0000-0A"),
                text("Ids"));
        assertTrue(text("Ids").endsWith("; PostgreSQL holds 12 of them, written otherwise"), text("Ids"));
    }

    private ExitCode examine(boolean createIndexes) {
        findings.clear();
        return new Doctor(test.settings(), Queries.builtIn(), findings::add).examine(createIndexes);
    }

    private List<String> about(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).map(Finding::about).toList();
    }

    private String text(String about) {
        return findings.stream().filter(finding -> finding.about().equals(about)).map(Finding::text).findFirst()
                .orElseThrow(() -> new AssertionError(findings.toString()));
    }

    /** So many entities in both, whose timestamp in Neo4j is given as Cypher. */
    private void entities(String timestamp, int count) {
        for (int i = 0; i < count; i++) {
            UUID id = new UUID((long) (i + 1) << 56, i);
            test.entity(id, "{\"type\":\"ttp\"}", NEW);
            node(id, timestamp);
        }
    }

    private void node(UUID id, String timestamp) {
        test.cypher("CREATE (:Entity {id: $id, type: 'ttp', last_updated_at: " + timestamp + "})",
                Map.of("id", id.toString()));
    }
}
