package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.check.Explanation;
import syncdata.check.ExplanationText;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.rules.TiedRelations;
import syncdata.rules.Verdict;
import syncdata.store.Databases;

/** What explain-entity says of an entity, on real databases. */
class ExplainEntityTest {
    private static final UUID A = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
    private static final UUID B = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000002");
    private static final UUID C = UUID.fromString("cccccccc-0000-4000-8000-000000000003");
    private static final UUID NOBODY = UUID.fromString("dddddddd-0000-4000-8000-000000000004");
    private static final UUID HELD = UUID.fromString("0e1a0000-0000-4000-8000-000000000005");
    private static final UUID MOVED = UUID.fromString("0e1a0000-0000-4000-8000-000000000006");
    private static final UUID LOST = UUID.fromString("0e1a0000-0000-4000-8000-000000000007");
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final String NEW = "2024-06-01T00:00:00.123456Z";

    private final TestDatabases test = TestDatabases.empty();
    private Databases databases;

    @BeforeEach
    void open() {
        databases = test.open();
    }

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    @DisplayName("The script shows both sides of each entity")
    void theScriptShowsBothSidesOfEachEntity() throws IOException {
        drift();

        Script script = Script.run(test.environment(), "checks/explain-entity.java", A.toString(),
                C.toString().toUpperCase(), NOBODY.toString());

        assertEquals("", script.errors());
        assertEquals(10, script.exitCode());
        assertEquals("""
                aaaaaaaa-0000-4000-8000-000000000001  ttp  OUTDATED
                  Its last_updated_at is older in Neo4j than in PostgreSQL. It is 152 days
                  behind. sync-data would reindex it.

                                   PostgreSQL                     Neo4j
                  created_at       2020-01-01T00:00:00Z           2020-01-01T00:00:00Z
                * last_updated_at  2024-06-01T00:00:00.123456Z    2024-01-01T00:00:00Z
                * score            -                              7
                * title            now                            then
                  type             ttp                            ttp

                  Relations: 3 in PostgreSQL, 2 in Neo4j; 2 differ; all are shown.
                * altered      0e1a0000-0000-4000-8000-000000000006
                      PostgreSQL  uses -> bbbbbbbb-0000-4000-8000-000000000002
                      Neo4j       uses <- cccccccc-0000-4000-8000-000000000003
                * missing      0e1a0000-0000-4000-8000-000000000007
                      uses <- cccccccc-0000-4000-8000-000000000003
                  ok           0e1a0000-0000-4000-8000-000000000005
                      uses -> bbbbbbbb-0000-4000-8000-000000000002

                cccccccc-0000-4000-8000-000000000003  ttp  OK
                  Its last_updated_at is the same instant in both, at the coarser of the two
                  precisions. But what has a star differs: reindex-entity makes it equal.

                                   PostgreSQL                     Neo4j
                  created_at       2020-01-01T00:00:00Z           2020-01-01T00:00:00Z
                  last_updated_at  2024-06-01T00:00:00.123456Z    2024-06-01T00:00:00.123456Z
                  title            t                              t
                  type             ttp                            ttp

                  Relations: 1 in PostgreSQL, 1 in Neo4j; 2 differ; all are shown.
                * altered      0e1a0000-0000-4000-8000-000000000006
                      PostgreSQL  uses from aaaaaaaa-0000-4000-8000-000000000001
                                       to   bbbbbbbb-0000-4000-8000-000000000002
                      Neo4j       uses -> aaaaaaaa-0000-4000-8000-000000000001
                * missing      0e1a0000-0000-4000-8000-000000000007
                      uses -> aaaaaaaa-0000-4000-8000-000000000001

                dddddddd-0000-4000-8000-000000000004  GONE
                  Neither PostgreSQL nor Neo4j holds it. There is nothing to repair.

                  No relations, in either.

                """, script.output());
    }

    @Test
    @DisplayName("JSON is an object a line, and ids come from standard input")
    void jsonIsAnObjectALineAndIdsComeFromStandardInput() throws IOException {
        drift();

        Script script = Script.shell(test.environment(),
                "printf '%s\\n\\n%s\\n' " + B + " " + LOST
                + " | ./jbang checks/explain-entity.java - --format json --relations 1");

        assertEquals(10, script.exitCode(), script.errors());
        assertEquals("""
                {"id":"%1$s","type":"ttp","class":"ok",\
                "rule":"Its last_updated_at is the same instant in both, at the coarser of the two precisions.",\
                "differs":true,\
                "postgresql":{"created_at":"2020-01-01T00:00:00Z","id":"%1$s",\
                "last_updated_at":"2024-06-01T00:00:00.123456Z","title":"t","type":"ttp"},\
                "neo4j":[{"created_at":"2020-01-01T00:00:00Z","id":"%1$s",\
                "last_updated_at":"2024-06-01T00:00:00.123456Z","title":"t","type":"ttp"}],\
                "properties":{},"relations":{"n_in_postgresql":2,"n_in_neo4j":1,"n_compared":2,"n_differing":1,\
                "shown":[\
                {"id":"%2$s","class":"altered","postgresql":{"source":"%3$s","key":"uses","target":"%1$s"},\
                "neo4j":[{"source":"%4$s","key":"uses","target":"%3$s"}]}]}}
                {"id":"%5$s","type":"relation","class":"missing",\
                "rule":"PostgreSQL holds it and Neo4j does not.","differs":true,\
                "postgresql":{"created_at":"2020-01-01T00:00:00Z","id":"%5$s","key":"uses",\
                "last_updated_at":"2024-06-01T00:00:00.123456Z","source":"%4$s","target":"%3$s"},\
                "neo4j":[],"properties":{},\
                "relations":{"n_in_postgresql":0,"n_in_neo4j":0,"n_compared":0,"n_differing":0,\
                "shown":[]}}
                """.formatted(B, MOVED, A, C, LOST), script.output());
    }

    @Test
    @DisplayName("The script refuses an id that is no UUID")
    void theScriptRefusesAnIdThatIsNoUuid() {
        Script script = Script.run(Map.of(), "checks/explain-entity.java", A.toString(), "393c0d67");

        assertEquals(2, script.exitCode());
        assertEquals("", script.output());
        assertEquals(
                "error: \"393c0d67\" is no entity id: give a UUID such as 393c0d67-0f6a-4c5e-9d3a-2b1f0e9d8c7b "
                + "(--help lists the options)\n", script.errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'2024-06-01T02:00:00.123+02:00'", "1717200000123",
            "localdatetime('2024-06-01T00:00:00.123456')",
            "datetime('2024-06-01T02:00:00.123456[Europe/Berlin]')"})
    @DisplayName("The same instant in another encoding is no difference, and the encoding is named")
    void theSameInstantInAnotherEncodingIsNoDifferenceAndTheEncodingIsNamed(String timestamp) {
        test.entity(A, "ttp", "t", NEW);
        test.cypher(
                "CREATE (:Entity {id: $id, type: 'ttp', title: 't', created_at: datetime('2020-01-01'), "
                + "last_updated_at: " + timestamp + "})",
                Map.of("id", A.toString()));
        Explanation explanation = explain(A);
        assertEquals(Verdict.Rule.SAME, explanation.rule());
        assertFalse(explanation.differs(), ExplanationText.of(explanation, 10));
        assertTrue(ExplanationText.of(explanation, 10).replaceAll("\\s+", " ")
                .matches(".*\\((text|milliseconds|LocalDateTime|held as .+)\\).*"),
                ExplanationText.of(explanation, 10));
    }

    @Test
    @DisplayName("An entity that Neo4j cannot hold is explained, and so are the others")
    void anEntityThatNeo4jCannotHoldIsExplainedAndSoAreTheOthers() {
        test.sql("INSERT INTO entity VALUES (?, '{\"type\":\"ttp\"}', 'infinity', '2024-06-01Z')", A);
        test.entity(B, "ttp", "t", NEW);
        List<Explanation> explanations = Explanation.of(databases, List.of(A, B));
        assertEquals("created_at is infinity, which Neo4j cannot hold", explanations.get(0).unreadable());
        assertTrue(ExplanationText.of(explanations.get(0), 10)
                .contains("It cannot be written into Neo4j: created_at is infinity"),
                ExplanationText.of(explanations.get(0), 10));
        assertEquals("t", explanations.get(1).row().get("title"));
    }

    @Test
    @DisplayName("A text that a terminal would obey is shown as escapes")
    void aTextThatATerminalWouldObeyIsShownAsEscapes() {
        test.entity(A, "{\"type\":\"ttp\",\"title\":\"\\u001b[31mred\\n\"}", NEW);
        assertTrue(ExplanationText.of(explain(A), 10).contains("\\u001b[31mred\\n"),
                ExplanationText.of(explain(A), 10));
    }

    @Test
    @DisplayName("A hub is compared in part, and that is said")
    void aHubIsComparedInPartAndSaysSo() {
        node(A, "t", NEW);
        test.entity(A, "ttp", "t", NEW);
        test.cypher(
                "MATCH (h:Entity {id: $id}) UNWIND range(1, 1500) AS i CREATE (h)-[:RELATION {id: toString(10000000 + "
                + "i) + '-0000-4000-8000-000000000000', last_updated_at: datetime()}]->(:Entity)",
                Map.of("id", A.toString()));
        Explanation explanation = explain(A);
        assertEquals(new TiedRelations(1500, explanation.inNeo4j().first()), explanation.inNeo4j());
        assertEquals(1000, explanation.relations().size());
        assertTrue(ExplanationText.of(explanation, 3).replaceAll("\\s+", " ")
                .contains(
                        "Relations: 0 in PostgreSQL, 1,500 in Neo4j; 1,000 differ of the 1,000 compared; 3 of 1,000 "
                        + "shown."),
                ExplanationText.of(explanation, 3));
        assertTrue(ExplanationText.of(explanation, 3).lines().allMatch(line -> line.length() <= 80),
                ExplanationText.of(explanation, 3));
    }

    /** A is outdated, one of its relations is in sync, one is tied to other ends, one is missing. */
    private void drift() {
        test.entity(A, "ttp", "now", NEW);
        test.entity(B, "ttp", "t", NEW);
        test.entity(C, "ttp", "t", NEW);
        node(A, "then", OLD);
        test.cypher("MATCH (e:Entity {id: $id}) SET e.score = 7", Map.of("id", A.toString()));
        node(B, "t", NEW);
        node(C, "t", NEW);
        test.relation(HELD, A, B, NEW);
        relationship(HELD, A, B);
        test.relation(MOVED, A, B, NEW);
        relationship(MOVED, C, A);
        test.relation(LOST, C, A, NEW);
    }

    private Explanation explain(UUID id) {
        return Explanation.of(databases, List.of(id)).get(0);
    }

    private void node(UUID id, String title, String lastUpdatedAt) {
        test.node(id, "ttp", title, lastUpdatedAt);
    }

    private void relationship(UUID id, UUID source, UUID target) {
        test.relationship(id, source, target, NEW);
    }
}
