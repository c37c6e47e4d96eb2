package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Value;
import syncdata.check.Check;
import syncdata.fixture.Heard;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.run.ExitCode;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** What a repair does to the graph, on real databases. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class RepairTest {
    private static final UUID A = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
    private static final UUID B = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000002");
    private static final UUID C = UUID.fromString("cccccccc-0000-4000-8000-000000000003");
    private static final UUID R = UUID.fromString("0e1a0000-0000-4000-8000-000000000004");
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final String NEW = "2024-06-01T00:00:00.123456Z";

    private final TestDatabases test = TestDatabases.empty();
    private final Heard said = new Heard();
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
    @DisplayName("A reindexed node equals its row and loses other properties")
    void aReindexedNodeEqualsItsRowAndLosesOtherProperties() {
        test.entity(A, "ttp", "now", NEW);
        test.cypher(
                "CREATE (:Entity {id: $id, type: 'indicator', title: 'then', score: 7, last_updated_at: "
                + "datetime($old)})", Map.of("id", A.toString(), "old", OLD));
        repairAll();
        assertEqual();
    }

    @Test
    @DisplayName("A node brings the relations that a filter leaves out")
    void aNodeBringsTheRelationsThatAFilterLeavesOut() {
        test.node(B, NEW);
        test.entity(A, "{\"type\":\"ttp\"}", NEW);
        test.entity(B, "indicator", "b", NEW);
        test.relation(R, A, B, OLD);
        repair(Selection.ofTypes(Set.of("ttp")));
        assertTrue(test.graph().stream().anyMatch(line -> line.startsWith(A + " -> " + B)),
                String.valueOf(test.graph()));
    }

    @Test
    @DisplayName("A relation brings its missing ends")
    void aRelationBringsItsMissingEnds() {
        test.entity(A, "ttp", "a", NEW);
        test.entity(B, "indicator", "b", NEW);
        test.relation(R, A, B, OLD);
        repair(Selection.ofTypes(Set.of("relation")));
        assertEqual();
    }

    @Test
    @DisplayName("A relation is moved to its ends")
    void aRelationIsMovedToItsEnds() {
        threeInSync();
        test.relation(R, A, B, NEW);
        test.relationship(R, B, C, OLD);
        repairAll();
        assertEqual();
    }

    @Test
    @DisplayName("Duplicates become one and keep their relations")
    void duplicatesBecomeOneAndKeepTheirRelations() {
        threeInSync();
        test.node(A, NEW);
        test.relation(R, A, B, NEW);
        test.cypher(
                "MATCH (s:Entity {id: $a}) WITH s LIMIT 1 MATCH (t:Entity {id: $b}) CREATE (s)-[:RELATION {id: $r, "
                + "key: 'uses', created_at: datetime('2020-01-01'), last_updated_at: datetime($t)}]->(t)",
                Map.of("a", A.toString(), "b", B.toString(), "r", R.toString(), "t", NEW));
        repair(Selection.ofTypes(Set.of("ttp")));
        assertEqual();
    }

    @Test
    @DisplayName(
            "Of a node that is there several times one stays, with the labels, relationships and kept properties of "
            + "all")
    void aMergeLosesNothingOfOthers() {
        threeInSync();
        test.cypher("MATCH (a:Entity {id: $a}) SET a:Starred, a.score = 7", Map.of("a", A.toString()));
        test.cypher("""
                CREATE (copy:Entity:Watched:`with \\ and \u0060\u0060` {id: $a,
                             type: 'ttp', title: 'copy', last_updated_at: datetime('2024-01-01'), score: 1, rank: 3})
                WITH copy
                MATCH (b:Entity {id: $b}), (a:Entity:Starred)
                CREATE (copy)-[:SEEN_BY {often: 2}]->(:Service {name: 's'}),
                       (b)-[:`odd \\ type` {n: 1}]->(copy), (copy)-[:RELATION {key: 'of nobody'}]->(b),
                       (copy)-[:SELF]->(copy), (a)-[:SAME_AS]->(copy), (a)-[:SEEN_BY {often: 1}]->(:Service {name: 'r'})
                """, Map.of("a", A.toString(), "b", B.toString()));
        test.relation(R, A, B, NEW);
        test.cypher(
                "MATCH (s:Entity {id: $a}) MATCH (t:Entity {id: $b}) CREATE (s)-[:RELATION {id: $r, key: 'old', "
                + "last_updated_at: datetime('2024-01-01')}]->(t)",
                Map.of("a", A.toString(), "b", B.toString(), "r", R.toString()));
        databases.close();
        databases = Databases.open(test.settings(), test.queries("kept-properties.txt", "score\nrank\ntitle\n"),
                AccessMode.WRITE);
        repairAll();
        assertEquals(List.of("[Entity, Starred, Watched, with \\ and `]"),
                test.cypher("MATCH (a {id: $a}) RETURN labels(a) AS l", Map.of("a", A.toString()))
                .stream().map(row -> row.get("l").asList(Value::asString).stream().sorted().toList().toString())
                .toList());
        assertEquals(List.of("RELATION a-> {id}", "RELATION a-> {key: of nobody}", "SAME_AS a->a",
                "SEEN_BY a-> {often: 1}", "SEEN_BY a-> {often: 2}", "SELF a->a", "odd \\ type ->a"),
                test.cypher("""
                        MATCH (a {id: $a})-[r]-(other)
                        RETURN type(r) + ' ' + CASE WHEN startNode(r) = a THEN 'a' ELSE '' END
                          + '->' + CASE WHEN endNode(r) = a THEN 'a' ELSE '' END
                          + coalesce(' {often: ' + r.often + '}',
                                     CASE WHEN r.id IS NOT NULL THEN ' {id}' END, ' {key: ' + r.key + '}', '') AS line
                        """, Map.of("a", A.toString())).stream().map(row -> row.get("line").asString())
                        .sorted().toList());
        var a = test.cypher("MATCH (a {id: $a}) RETURN a.title AS title, a.score AS score, a.rank AS rank",
                Map.of("a", A.toString())).get(0);
        assertEquals(List.of("t", 3L), List.of(a.get("title").asString(), a.get("rank").asLong()));
        try (Report report = check(Selection.ALL)) {
            assertEquals(0, report.differences());
        }
    }

    @Test
    @DisplayName("A node and a relationship of one id become the node, with what hangs on it")
    void aRelationshipWithTheIdOfANodeGoesAndTheNodeStays() {
        threeInSync();
        test.relationship(A, B, C, NEW);
        test.cypher("MATCH (a:Entity {id: $a}) CREATE (a)-[:SEEN_BY]->(:Service)", Map.of("a", A.toString()));
        repairAll();
        assertEquals(1, test.cypher("MATCH (:Entity {id: $a})-[r:SEEN_BY]->() RETURN r", Map.of("a", A.toString()))
                .size());
        assertEquals(1, test.cypher("MATCH ()-[r]->() RETURN r").size());
    }

    @Test
    @DisplayName("Properties that kept-properties.txt names stay, on nodes and on relationships that are moved")
    void keptPropertiesStay() {
        threeRows();
        List.of(A, B, C).forEach(id -> test.node(id, OLD));
        test.relation(R, A, B, NEW);
        test.relationship(R, B, C, OLD);
        test.cypher("MATCH (a:Entity {id: $a}) SET a.score = 7, a.gone = 1, a.title = 'theirs'",
                Map.of("a", A.toString()));
        test.cypher("MATCH ()-[r:RELATION]->() SET r.score = 8, r.gone = 1");
        databases.close();
        databases = Databases.open(test.settings(), test.queries("kept-properties.txt", "# ours\n score \ntitle\n"),
                AccessMode.WRITE);
        repairAll();
        assertEquals(7,
                test.cypher(
                        "MATCH (a:Entity {score: 7}) WHERE a.gone IS NULL AND a.title = 't' RETURN a.score AS score")
                        .get(0).get("score").asInt());
        assertEquals(8,
                test.cypher(
                        "MATCH (:Entity {id: $a})-[r:RELATION]->(:Entity {id: $b}) WHERE r.gone IS NULL RETURN "
                        + "r.score AS score",
                Map.of("a", A.toString(), "b", B.toString())).get(0).get("score").asInt());
        test.cypher(
                "MATCH (a:Entity {id: $a}) SET a.score = 7, a.other = 1, a.key = 'of relations', a.last_updated_at = 0",
                Map.of("a", A.toString()));
        databases.close();
        databases = Databases.open(test.settings(), test.queries("kept-properties.txt", "*"), AccessMode.WRITE);
        repairAll();
        assertEquals(1, test.cypher("MATCH (a:Entity {score: 7, other: 1}) WHERE a.key IS NULL RETURN a").size());
    }

    @Test
    @DisplayName("Deleting a node does not lose a relation that PostgreSQL holds elsewhere")
    void deletingANodeDoesNotLoseARelationThatPostgresqlHoldsElsewhere() {
        threeInSync();
        UUID stray = new UUID(7, 7);
        test.node(stray, NEW);
        test.relation(R, A, B, NEW);
        test.relationship(R, A, stray, NEW);
        repairAll();
        assertEqual();
    }

    @Test
    @DisplayName("What the report says to delete but PostgreSQL holds now is reindexed")
    void whatTheReportSaysToDeleteButPostgresqlHoldsNowIsReindexed() {
        test.node(A, OLD);
        try (Report report = check(Selection.ALL)) {
            assertEquals(1, report.notDeleted());
            test.entity(A, "ttp", "back", NEW);
            RepairResult result = repair(report);
            assertEquals(new RepairResult(0, 1, 0, 0), result);
        }
        assertEqual();
    }

    @Test
    @DisplayName("What healed meanwhile is left alone")
    void whatHealedMeanwhileIsLeftAlone() {
        test.node(B, NEW);
        test.node(C, OLD);
        test.entity(A, "ttp", "a", NEW);
        test.entity(C, "ttp", "c", NEW);
        try (Report report = check(Selection.ALL)) {
            assertEquals(3, report.differences());
            test.sql("DELETE FROM entity WHERE id = ?", A);
            test.entity(B, "{\"type\":\"ttp\"}", NEW);
            test.cypher("MATCH (e:Entity {id: $id}) SET e.last_updated_at = datetime($time), e.mark = 1",
                    Map.of("id", C.toString(), "time", NEW));
            assertEquals(new RepairResult(0, 0, 3, 0), repair(report));
        }
        assertEquals(1, test.cypher("MATCH (e:Entity {mark: 1}) RETURN e").size());
    }

    @Test
    @DisplayName("Dangling relations are counted apart and left alone")
    void danglingRelationsAreCountedApartAndLeftAlone() {
        test.entity(A, "ttp", "a", NEW);
        test.node(A, NEW);
        test.relation(R, A, B, NEW);
        test.entity(C, "{\"type\":\"relation\",\"source\":\"nonsense\",\"key\":\"uses\"}", NEW);
        try (Report report = check(Selection.ALL)) {
            assertEquals(0, report.differences());
            assertEquals(2, report.provenance().dangling());
        }
    }

    @Test
    @DisplayName("Dangling relations with copies that no page shows are counted once each, and not as in sync")
    void danglingRelationsWithCopiesThatNoPageShowsAreCountedOnce() {
        test.entity(A, "ttp", "a", NEW);
        test.node(A, NEW);
        test.relation(R, A, B, NEW);
        test.relation(C, A, B, NEW);
        test.cypher("MATCH (e:Entity {id: $a}) CREATE (e)-[:RELATION {id: $twice}]->(e),"
                + " (e)-[:RELATION {id: $twice, last_updated_at: datetime($time)}]->(e),"
                + " (e)-[:RELATION {id: $once}]->(e)",
                Map.of("a", A.toString(), "twice", R.toString(), "once", C.toString(), "time", NEW));
        try (Report report = check(Selection.ALL)) {
            assertEquals(0, report.differences());
            assertEquals(1, report.ok());
            assertEquals(2, report.provenance().dangling());
        }
    }

    @Test
    @DisplayName("Nodes that belong to nobody are counted and never deleted")
    void nodesThatBelongToNobodyAreCountedAndNeverDeleted() {
        test.entity(A, "ttp", "a", NEW);
        test.node(A, NEW);
        test.cypher(
                "CREATE (:Entity {last_updated_at: datetime()}), (:Entity), (:Entity {id: 42}), (:Entity {id: 'x', "
                + "last_updated_at: datetime()}), (:Entity {id: toUpper($id)}), "
                + "(:Entity)-[:RELATION {key: 'x'}]->(:Entity)", Map.of("id", B.toString()));
        try (Report report = check(Selection.ALL)) {
            assertEquals(0, report.differences());
            assertEquals(5, report.provenance().withoutId());
            assertEquals(3, report.provenance().withOtherId());
            repair(report);
        }
        assertEquals(8, test.cypher("MATCH (e:Entity) RETURN e").size());
    }

    @Test
    @DisplayName("An empty PostgreSQL empties the graph, and an empty graph is filled")
    void anEmptyPostgresqlEmptiesTheGraphAndAnEmptyGraphIsFilled() {
        threeInSync();
        test.relation(R, A, B, NEW);
        test.relationship(R, A, B, NEW);
        test.sql("TRUNCATE entity");
        repairAll();
        assertEquals(List.of(), test.graph());
        threeRows();
        test.relation(R, A, B, NEW);
        repairAll();
        assertEqual();
    }

    @Test
    @DisplayName("One entity that fails is named and does not stop the rest")
    void oneEntityThatFailsIsNamedAndDoesNotStopTheRest() {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\",\"title\":\"t\"}', '2020-01-01Z', "
                + "'2024-06-01Z' FROM generate_series(1, 40)");
        test.sql("INSERT INTO entity VALUES (?, '{\"type\":\"ttp\"}', 'infinity', '2024-06-01Z')", A);
        try (Report report = check(Selection.ALL)) {
            RepairResult result = repair(report);
            assertEquals(new RepairResult(0, 40, 0, 1), result);
            assertEquals(ExitCode.PARTLY_REPAIRED, result.exitCode());
        }
        var failures = Script.events(said.text()).stream()
                .filter(event -> event.get("level").asText().equals("error")).toList();
        assertEquals(1, failures.size());
        assertEquals(A.toString(), failures.get(0).get("entity_id").asText());
        assertEquals("created_at is infinity, which Neo4j cannot hold", failures.get(0).get("cause").asText());
        assertEquals(40, test.graph().size());
    }

    @Test
    @DisplayName("A node with many relationships is deleted in parts")
    void aNodeWithManyRelationshipsIsDeletedInParts() {
        UUID hub = new UUID(9, 9);
        test.node(hub, NEW);
        test.cypher(
                "MATCH (h:Entity {id: $id}) UNWIND range(1, 5000) AS i CREATE (h)-[:RELATION {id: 'x' + "
                + "i}]->(:Entity), (h)<-[:OTHER]-(h)", Map.of("id", hub.toString()));
        repairAll();
        assertEquals(0, test.cypher("MATCH (h:Entity {id: $id}) RETURN h", Map.of("id", hub.toString())).size());
        assertEquals(5000, test.cypher("MATCH (e:Entity) RETURN e").size());
    }

    @Test
    @DisplayName("A repair says what became of each entity, and leaves what is not wanted")
    void saysWhatBecameOfEachEntityAndLeavesWhatIsNotWanted() {
        UUID gone = new UUID(1, 1);
        UUID unwanted = new UUID(2, 2);
        List.of(C, gone, unwanted).forEach(id -> test.node(id, NEW));
        test.entity(A, "ttp", "a", NEW);
        test.entity(B, "ttp", "t", NEW);
        test.sql("INSERT INTO entity VALUES (?, '{\"type\":\"ttp\"}', 'infinity', '2024-06-01Z')", R);
        List<Receipt> receipts = new ArrayList<>();
        try (Report report = check(Selection.ALL)) {
            test.node(B, NEW);
            test.cypher("MATCH (e:Entity {id: $id}) DELETE e", Map.of("id", gone.toString()));
            TestDatabases.repair(databases, said.events(), 10, report, difference -> !difference.id().equals(unwanted),
                    receipts::add);
        }
        assertEquals(Set.of(Receipt.of(A, Receipt.Outcome.REINDEXED), Receipt.of(B, Receipt.Outcome.ALREADY_IN_SYNC),
                Receipt.of(C, Receipt.Outcome.DELETED),
                Receipt.of(gone, Receipt.Outcome.GONE_MEANWHILE), Receipt.of(unwanted, Receipt.Outcome.LEFT),
                new Receipt(R, Receipt.Outcome.FAILED,
                        Optional.of("created_at is infinity, which Neo4j cannot hold"))),
                Set.copyOf(receipts));
        assertEquals(6, receipts.size());
        assertEquals(1, test.cypher("MATCH (e:Entity {id: $id}) RETURN e", Map.of("id", unwanted.toString())).size());
    }

    @Test
    @DisplayName("A graph that is opened for reading cannot be written to")
    void aGraphThatIsOpenedForReadingCannotBeWrittenTo() {
        test.node(A, NEW);
        try (Databases reading = Databases.open(test.settings(), Queries.builtIn(), AccessMode.READ);
             Report report = new Check(reading, said.events(), Selection.ALL, 10, false).settling(WholeJob.AT_ONCE)
                     .run()) {
            assertEquals(1, report.notDeleted());
            assertEquals(1, TestDatabases.repair(reading, said.events(), 10, report).failed());
        }
        assertEquals(1, test.graph().size());
    }

    @Test
    @DisplayName(
            "Where titles must be unique, a chain of renamed entities and two that swap theirs are written at the "
            + "end; the one that cannot be is named")
    void whatStandsInEachOthersWayIsWrittenTogether() {
        List<String> titles = List.of("one", "two", "three", "four", "five");
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < titles.size(); i++) {
            UUID id = new UUID(50, i);
            ids.add(id);
            test.cypher("CREATE (:Entity {id: $id, title: $title, last_updated_at: datetime($old)})",
                    Map.of("id", id.toString(), "title", titles.get(i), "old", OLD));
        }
        test.cypher("CREATE (:Entity {title: 'of nobody'})");
        test.cypher("CREATE CONSTRAINT title_is_unique FOR (e:Entity) REQUIRE e.title IS UNIQUE");
        try {
            // a swap, a chain, and one that is taken
            List<String> now = List.of("two", "one", "four", "six", "of nobody");
            for (int i = 0; i < ids.size(); i++) {
                test.entity(ids.get(i), "ttp", now.get(i), NEW);
            }
            try (Report report = check(Selection.ALL)) {
                assertEquals(new RepairResult(0, 4, 0, 1), repair(report));
            }
            assertEquals(List.of("two", "one", "four", "six", "five"),
                    test.cypher("MATCH (e:Entity) WHERE e.id IS NOT NULL RETURN e.title AS title ORDER BY e.id")
                    .stream().map(row -> row.get("title").asString()).toList());
            var failures = Script.events(said.text()).stream()
                    .filter(event -> event.get("level").asText().equals("error")).toList();
            assertEquals(List.of(ids.get(4).toString()),
                    failures.stream().map(event -> event.get("entity_id").asText()).toList());
        } finally {
            test.cypher("DROP CONSTRAINT title_is_unique");
        }
    }

    @Test
    @DisplayName("Nodes that are written since relations end there are counted apart")
    void endsOfOtherTypesAreCounted() {
        test.entity(A, "ttp", "a", NEW);
        test.entity(B, "indicator", "b", NEW);
        test.relation(R, A, B, OLD);
        try (Report report = check(Selection.ofTypes(Set.of("relation")))) {
            assertEquals(new RepairResult(0, 1, 2, 0, 0, Optional.empty(), Optional.empty()), repair(report));
        }
        assertTrue(said.text().contains("\"n_ends\":2"),
                said.text());
    }

    @Test
    @DisplayName("A placeholder has all of its row but the timestamp")
    void aPlaceholderHasItsRow() {
        threeRows();
        new GraphWriter(databases.graph(), Journal.none())
                .nodes().prepare(databases.source().projection().entities(List.of(A)));
        assertEquals(1,
                test.cypher(
                        "MATCH (e:Entity {id: $a, title: 't', type: 'ttp'}) WHERE e.last_updated_at IS NULL RETURN e",
                        Map.of("a", A.toString())).size());
    }

    @Test
    void twiceIsOnce() {
        threeRows();
        test.relation(R, A, B, NEW);
        try (Report report = check(Selection.ALL)) {
            assertEquals(new RepairResult(0, 4, 0, 0), repair(report));
            assertEquals(new RepairResult(0, 0, 4, 0), repair(report));
        }
        assertEqual();
    }

    private void threeRows() {
        for (UUID id : List.of(A, B, C)) {
            test.entity(id, "ttp", "t", NEW);
        }
    }

    private void threeInSync() {
        threeRows();
        List.of(A, B, C).forEach(id -> test.node(id, NEW));
    }

    private Report check(Selection selection) {
        return new Check(databases, said.events(), selection, 10, false).settling(WholeJob.AT_ONCE).run();
    }

    private RepairResult repair(Report report) {
        return TestDatabases.repair(databases, said.events(), 10, report);
    }

    private void repair(Selection selection) {
        try (Report report = check(selection)) {
            assertEquals(0, repair(report).failed(), said.text());
        }
    }

    private void repairAll() {
        repair(Selection.ALL);
    }

    private void assertEqual() {
        assertEquals(test.expectedGraph(), test.graph());
        try (Report report = check(Selection.ALL)) {
            assertEquals(0, report.differences());
        }
    }
}
