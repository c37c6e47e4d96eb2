package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.repair.Journal;
import syncdata.repair.Reindex;
import syncdata.repair.RepairLock;
import syncdata.repair.RepairResult;
import syncdata.run.Events;
import syncdata.run.RefusedException;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/** What reindex-entity makes of an entity and its relations, on real databases. */
class ReindexEntityTest {
    private static final UUID A = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
    private static final UUID B = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000002");
    private static final UUID C = UUID.fromString("cccccccc-0000-4000-8000-000000000003");
    private static final UUID STRAY = UUID.fromString("dddddddd-0000-4000-8000-000000000004");
    private static final UUID HELD = UUID.fromString("0e1a0000-0000-4000-8000-000000000005");
    private static final UUID MOVED = UUID.fromString("0e1a0000-0000-4000-8000-000000000006");
    private static final UUID LOST = UUID.fromString("0e1a0000-0000-4000-8000-000000000007");
    private static final UUID SURPLUS = UUID.fromString("0e1a0000-0000-4000-8000-000000000008");
    private static final UUID DANGLING = UUID.fromString("0e1a0000-0000-4000-8000-000000000009");
    private static final String NEW = "2024-06-01T00:00:00.123456Z";

    @TempDir
    private Path folder;

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
    @DisplayName("The script shows the entity before and after")
    void theScriptShowsTheEntityBeforeAndAfter() {
        wrongThoughTheTimestampsAgree();

        Path journal = folder.resolve("journal");
        List<String> before = test.graph();

        Script script = reindex(A.toString(), "--format", "json", "--journal", journal.toString());

        assertEquals("Writing journal", Script.events(script.errors()).get(0).get("event").asText());
        assertEquals(1, Script.events(script.errors()).size(), script.errors());
        assertEquals(0, script.exitCode());
        List<JsonNode> moments = script.events();
        assertEquals(List.of("before", "after"), moments.stream().map(moment -> moment.get("when").asText()).toList());
        assertEquals(List.of(true, false), moments.stream().map(moment -> moment.get("differs").asBoolean()).toList());
        assertEquals("{\"title\":{\"postgresql\":\"t\",\"neo4j\":\"wrong\"}}",
                moments.get(0).get("properties").toString());
        assertEquals(List.of(3, 0), moments.stream().map(moment -> moment.get("relations").get("n_differing").asInt())
                .toList());
        assertEquals(test.expectedGraph(), test.graph());

        assertEquals(0, Script.run(test.environment(), "checks/undo.java", journal.toString()).exitCode());
        assertEquals(before, test.graph());
    }

    @Test
    @DisplayName("A dry run shows the entity and changes nothing")
    void aDryRunShowsTheEntityAndChangesNothing() {
        wrongThoughTheTimestampsAgree();
        List<String> graph = test.graph();

        Script script = reindex(A.toString(), "--dry-run");

        assertEquals(10, script.exitCode(), script.errors());
        assertTrue(script.output().startsWith("BEFORE  " + A + "  ttp  ALTERED\n"), script.output());
        assertFalse(script.output().contains("AFTER"), script.output());
        assertEquals(graph, test.graph());
    }

    @Test
    @DisplayName("What PostgreSQL does not hold is refused unless it may be deleted")
    void whatPostgresqlDoesNotHoldIsRefusedUnlessItMayBeDeleted() {
        wrongThoughTheTimestampsAgree();
        node(STRAY, "stray");
        relationship(new UUID(7, 7), STRAY, B);
        List<String> graph = test.graph();

        Script refused = reindex(A.toString(), STRAY.toString());

        assertEquals(12, refused.exitCode());
        assertEquals("", refused.output());
        assertEquals("error: Nothing was changed: PostgreSQL does not hold " + STRAY
                + ", under which Neo4j has a node of type ttp with 1 relation"
                + ". --delete-if-absent deletes from Neo4j what PostgreSQL does not hold\n", refused.errors());
        assertEquals(graph, test.graph());

        Script deleted = reindex(A.toString(), STRAY.toString(), "--delete-if-absent", "--format", "json",
                "--no-journal");

        assertEquals(0, deleted.exitCode(), deleted.errors());
        assertEquals("gone", deleted.events().get(3).get("class").asText());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A dangling relation is refused with its reason")
    void aDanglingRelationIsRefusedWithItsReason() {
        wrongThoughTheTimestampsAgree();
        test.relation(DANGLING, A, STRAY, NEW);
        RefusedException refused = assertThrows(RefusedException.class, () -> require(true, DANGLING, A));
        assertEquals("Nothing was changed: the relation " + DANGLING
                + " lacks an end in PostgreSQL, so that the graph cannot hold it: "
                + "give it back its end there, or delete it there", refused.getMessage());
    }

    @Test
    @DisplayName("Of many that are refused a few are named")
    void ofManyThatAreRefusedAFewAreNamed() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(new UUID(1, i));
        }
        RefusedException refused = assertThrows(RefusedException.class, () -> require(false, ids.toArray(UUID[]::new)));
        assertTrue(refused.getMessage()
                .matches(
                        "Nothing was changed: (PostgreSQL does not hold \\S+, under which Neo4j has nothing; ){3}and "
                        + "2 more\\. --delete.*"), refused.getMessage());
    }

    @Test
    @DisplayName("A relation is reindexed between its ends though its timestamp agrees")
    void aRelationIsReindexedBetweenItsEndsThoughItsTimestampAgrees() {
        test.entity(A, "ttp", "t", NEW);
        test.entity(B, "ttp", "t", NEW);
        test.entity(C, "ttp", "t", NEW);
        List.of(A, B, C).forEach(id -> node(id, "t"));
        test.relation(MOVED, A, B, NEW);
        relationship(MOVED, B, C);
        assertEquals(reindexed(1), run(List.of(MOVED)));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("Duplicates become one and a node that should be a relation is replaced")
    void duplicatesBecomeOneAndANodeThatShouldBeARelationIsReplaced() {
        wrongThoughTheTimestampsAgree();
        node(A, "t");
        node(LOST, "wrong kind");
        assertEquals(reindexed(2), run(List.of(LOST, A)));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("What vanishes from PostgreSQL meanwhile is left")
    void whatVanishesFromPostgresqlMeanwhileIsLeft() {
        node(A, "t");
        assertEquals(reindexed(0), run(List.of(A)));
        assertEquals(1, test.graph().size());
    }

    @Test
    @DisplayName("A hub loses all strays and keeps what is not ours")
    void aHubLosesAllStraysAndKeepsWhatIsNotOurs() {
        test.entity(A, "ttp", "t", NEW);
        node(A, "t");
        test.cypher(
                "MATCH (h:Entity {id: $id}) UNWIND range(1, 12000) AS i CREATE (h)-[:RELATION {id: toString(10000000 "
                + "+ i) + '-0000-4000-8000-000000000000', last_updated_at: datetime()}]->(:Entity)",
                Map.of("id", A.toString()));
        test.cypher(
                "MATCH (h:Entity {id: $id}) CREATE (h)-[:RELATION {key: 'of nobody'}]->(:Entity), "
                + "(h)-[:OTHER]->(:Entity), (h)-[:RELATION {id: 'x'}]->(:Entity)", Map.of("id", A.toString()));
        assertEquals(reindexed(1), run(List.of(A)));
        assertEquals(3, test.cypher("MATCH ()-[r]->() RETURN r").size());
    }

    /**
     * A and its relations: the timestamps of all agree; a title is wrong, and a relation moved, one lost, one in Neo4j
     * alone.
     */
    private void wrongThoughTheTimestampsAgree() {
        for (UUID id : List.of(A, B, C)) {
            test.entity(id, "ttp", "t", NEW);
            node(id, id.equals(A) ? "wrong" : "t");
        }
        test.relation(HELD, A, B, NEW);
        relationship(HELD, A, B);
        test.relation(MOVED, B, C, NEW);
        relationship(MOVED, C, A);
        test.relation(LOST, C, A, NEW);
        relationship(SURPLUS, A, C);
    }

    private Script reindex(String... arguments) {
        List<String> all = new ArrayList<>(List.of("checks/reindex-entity.java"));
        all.addAll(List.of(arguments));
        return Script.run(test.environment(), all.toArray(String[]::new));
    }

    private static RepairResult reindexed(int entities) {
        return new RepairResult(0, entities, 0, 0);
    }

    private RepairResult run(List<UUID> ids) {
        try (RepairLock lock = RepairLock.take(databases)) {
            return Reindex.run(databases, Events.silent(), lock,
                    Journal.none(), ids, false);
        }
    }

    private void require(boolean deleteIfAbsent, UUID... ids) {
        try (SortedIds file = SortedIds.of(List.of(ids))) {
            Reindex.require(databases, file, deleteIfAbsent);
        }
    }

    private void node(UUID id, String title) {
        test.node(id, "ttp", title, NEW);
    }

    private void relationship(UUID id, UUID source, UUID target) {
        test.relationship(id, source, target, NEW);
    }
}
