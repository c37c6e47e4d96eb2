package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.exceptions.ClientException;
import syncdata.check.Check;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;
import syncdata.rules.Relation;
import syncdata.rules.SeenCopies;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.store.Databases;
import syncdata.store.Queries;
import syncdata.store.RunTerms;

/** Another writer that comes between a look at an entity and its write. */
class CompareAndSetTest {
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);
    private static final UUID R = new UUID(3, 3);
    private static final String TIE =
            "MATCH (a:Entity {id: $a}), (b:Entity {id: $b}) MERGE (a)-[r:RELATION {id: $r}]->(b) SET "
            + "r.last_updated_at = datetime('2024-07-01')";
    private static final Map<String, Object> ROW =
            Map.of("id", A.toString(), "title", "ours", "last_updated_at", ZonedDateTime.parse("2024-06-01T00:00:00Z"));

    private final TestDatabases test = TestDatabases.empty();
    private Databases databases;
    private GraphWriter writer;

    @BeforeEach
    void open() {
        databases = test.open();
        writer = new GraphWriter(databases.graph(), Journal.none());
    }

    @AfterEach
    void close() {
        databases.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"datetime('2024-01-01T00:00:00Z')", "datetime('2024-01-01T01:00:00[Europe/Berlin]')",
            "localdatetime('2024-01-01T00:00:00')", "'2024-01-01T00:00:00Z'",
            "1704067200000", "1704067200000.0", "0.0/0.0", "[1, 2]", "date('2024-01-01')", "true", "null"})
    @DisplayName("A timestamp is compared in its own encoding")
    void aTimestampIsComparedInItsOwnEncoding(String timestamp) {
        test.cypher("CREATE (e:Entity {id: $id}) SET e.last_updated_at = " + timestamp, Map.of("id", A.toString()));
        Map<UUID, List<GraphState>> seen = databases.graph().states().of(List.of(A));
        for (String other : List.of("datetime('2024-01-01T01:00:00+01:00')", "'2024-01-01'", "1704067200001")) {
            test.cypher("MATCH (e:Entity) SET e.last_updated_at = " + other);
            assertEquals(Set.of(A), writer.nodes().write(List.of(ROW), seen));
        }
        test.cypher("MATCH (e:Entity) SET e.last_updated_at = " + timestamp);
        assertEquals(Set.of(), writer.nodes().write(List.of(ROW), seen));
        assertEquals("ours", title());
    }

    @ParameterizedTest(name = "SET e.{0}")
    @DisplayName("A node that differs by its content is left where that is another by now, whatever its timestamp")
    @ValueSource(strings = {"title = 'A'", "title = null", "title = 5", "created_at = localdatetime('2024-01-01')",
            "more = [1, 2]", "more = '1'"})
    void contentIsComparedToo(String change) {
        test.cypher("CREATE (e:Entity {id: $id, title: '5', more: 1, score: 1, last_updated_at: datetime($now)})",
                Map.of("id", A.toString(), "now", "2024-06-01T00:00:00Z"));
        KeptProperties kept = KeptProperties.of(List.of("score"), Set.of("id", "title", "last_updated_at"));
        GraphWriter careful = new GraphWriter(databases.graph(), Journal.none(), kept);
        Map<UUID, List<GraphState>> seen = databases.graph().states().of(List.of(A));
        seen.replaceAll((id, copies) -> List.of(SeenCopies.byContent(copies.get(0), kept::keeps)));
        test.cypher("MATCH (e:Entity) SET e." + change);
        assertEquals(Set.of(A), careful.nodes().write(List.of(ROW), seen));
        test.cypher("MATCH (e:Entity) SET e = {id: e.id, title: '5', more: 1, score: 2,"
                + " last_updated_at: e.last_updated_at}");
        assertEquals(Set.of(), careful.nodes().write(List.of(ROW), seen));
        assertEquals("ours", title());
        assertEquals(1, test.cypher("MATCH (e:Entity {score: 2}) RETURN e").size());
    }

    @Test
    @DisplayName("So is a relation, its ends included")
    void contentOfARelation() {
        test.cypher(
                "CREATE (a:Entity {id: $a}), (b:Entity {id: $b}), (a)-[:RELATION {id: $r, last_updated_at: 1}]->(b)",
                Map.of("a", A.toString(), "b", B.toString(), "r", R.toString()));
        Map<UUID, List<GraphState>> seen = databases.graph().states().ofRelationships(List.of(R));
        seen.replaceAll((id, copies) -> List.of(SeenCopies.byContent(copies.get(0), name -> false)));
        Relation relation = new Relation(R, A.toString(), B.toString(), Map.of("id", R.toString(), "key", "ours"));
        test.cypher("MATCH (a)-[r:RELATION]->(b) CREATE (b)-[copy:RELATION]->(a) SET copy = properties(r) DELETE r");
        assertEquals(new RelationsWritten.Done(Set.of(R), Set.of()),
                writer.relationships().write(List.of(relation), seen));
        test.cypher("MATCH (b)-[r:RELATION]->(a) CREATE (a)-[copy:RELATION]->(b) SET copy = properties(r) DELETE r");
        assertEquals(new RelationsWritten.Done(Set.of(), Set.of()),
                writer.relationships().write(List.of(relation), seen));
    }

    @Test
    @DisplayName("A node is not made twice nor written over one that came meanwhile")
    void aNodeIsNotMadeTwiceNorWrittenOverOneThatCameMeanwhile() {
        Map<UUID, List<GraphState>> none = databases.graph().states().of(List.of(A, B));
        test.cypher("CREATE (:Entity {id: $id, title: 'theirs', last_updated_at: datetime()})",
                Map.of("id", A.toString()));
        Map<String, Object> other = new HashMap<>(ROW);
        other.put("id", B.toString());
        assertEquals(Set.of(A), writer.nodes().write(List.of(ROW, other), none));
        assertEquals(2, test.cypher("MATCH (e:Entity) RETURN e").size());
        assertEquals("theirs", title());
    }

    @Test
    @DisplayName("A relationship that changed meanwhile is left")
    void aRelationshipThatChangedIsLeft() {
        test.cypher(
                "CREATE (a:Entity {id: $a}), (b:Entity {id: $b}), (a)-[:RELATION {id: $r, last_updated_at: 1}]->(b)",
                Map.of("a", A.toString(), "b", B.toString(), "r", R.toString()));
        Map<UUID, List<GraphState>> seen = databases.graph().states().ofRelationships(List.of(R));
        Relation relation =
                new Relation(R, A.toString(), B.toString(), Map.of("id", R.toString(), "key", "ours"));
        test.cypher("MATCH ()-[r:RELATION]->() SET r.last_updated_at = 2");
        RelationsWritten left = new RelationsWritten.Done(Set.of(R), Set.of());
        assertEquals(left, writer.relationships().write(List.of(relation), seen));
        assertEquals(left, writer.relationships().write(List.of(relation), Map.of()));
        assertEquals(1, test.cypher("MATCH ()-[r:RELATION {last_updated_at: 2}]->() RETURN r").size());
    }

    @Test
    @DisplayName("Deletions ask PostgreSQL under the lock and leave what changed")
    void deletionsAskPostgresqlUnderTheLockAndLeaveWhatChanged() {
        for (UUID id : List.of(A, B)) {
            test.cypher("CREATE (:Entity {id: $id, last_updated_at: 1})", Map.of("id", id.toString()));
        }
        Going going = new Going(databases.graph().states().of(List.of(A, B)), ids -> {
            CompletableFuture<?> theirs = CompletableFuture.runAsync(() ->
                    test.cypher("MATCH (e:Entity {id: $id}) SET e.mark = 1", Map.of("id", B.toString())));
            assertFalse(isDone(theirs, 500), "another writer gets in while PostgreSQL is asked");
            return Set.of(A);
        });
        writer.deletion().delete(going);
        assertEquals(Set.of(B), going.ids());
        assertEquals(1, test.cypher("MATCH (e:Entity) RETURN e").size());

        Map<UUID, List<GraphState>> seen = databases.graph().states().of(List.of(A));
        test.cypher("MATCH (e:Entity) SET e.last_updated_at = 2");
        Going changed = new Going(seen, ids -> Set.of());
        writer.deletion().delete(changed);
        assertEquals(Set.of(), changed.ids());
        assertEquals(1, test.cypher("MATCH (e:Entity) RETURN e").size());
    }

    /** Neo4j reads what is committed: the lock must come before the look, or a writer that was first is overwritten. */
    @Test
    @DisplayName("A writer that holds the lock is waited for and then seen")
    void aWriterThatHoldsTheLockIsWaitedForAndThenSeen() {
        test.cypher("CREATE (:Entity {id: $id, title: 'old', last_updated_at: 1})", Map.of("id", A.toString()));
        Map<UUID, List<GraphState>> seen = databases.graph().states().of(List.of(A));
        CompletableFuture<Set<UUID>> ours;
        try (Driver driver = GraphDatabase.driver(test.environment().get("NEO4J_URI"),
                AuthTokens.basic("neo4j", test.environment().get("NEO4J_PASSWORD")));
             Session session = driver.session(); Transaction theirs = session.beginTransaction()) {
            theirs.run("MATCH (e:Entity) SET e.title = 'theirs', e.last_updated_at = 2").consume();
            ours = CompletableFuture.supplyAsync(() -> writer.nodes().write(List.of(ROW), seen));
            assertFalse(isDone(ours, 500), "it did not wait");
            theirs.commit();
        }
        assertEquals(Set.of(A), ours.join());
        assertEquals("theirs", title());
    }

    @Test
    void aLockWritesNothing() {
        test.cypher("CREATE (:Entity {id: $id, last_updated_at: 1})", Map.of("id", A.toString()));
        var counters = databases.graph()
                .write(transaction -> transaction.run("lock-nodes.cypher", Map.of("ids", List.of(A.toString()))))
                .counters();
        assertEquals(0, counters.nodesCreated() + counters.labelsAdded());
        assertTrue(counters.propertiesSet() <= 1);
    }

    /** A repair that meets a writer judges again, and what it leaves is never older than what the writer wrote. */
    @Test
    @DisplayName("A repair judges again what changed and merges what both made")
    void aRepairJudgesAgainWhatChangedAndMergesWhatBothMade() {
        for (int i = 0; i < 40; i++) {
            UUID id = new UUID(100 + i, i);
            test.entity(id, "ttp", "t", "2024-06-01T00:00:00Z");
            test.cypher("CREATE (:Entity {id: $id, last_updated_at: datetime('2024-01-01')})",
                    Map.of("id", id.toString()));
        }
        Events events = Events.silent();
        try (Report report = new Check(databases, events, Selection.ALL, 10, false).settling(WholeJob.AT_ONCE).run()) {
            assertEquals(40, report.outdated());
            boolean[] written = new boolean[1];
            RepairResult result = TestDatabases.repair(databases, events, 10, report, difference -> {
                if (!written[0] && difference.id().equals(new UUID(125, 25))) { // between the look and the write
                    written[0] = true;
                    test.sql(
                            "UPDATE entity SET last_updated_at = '2024-07-01Z', data = data || '{\"title\":\"new\"}' "
                            + "WHERE id = ?", difference.id());
                    test.cypher(
                            "MATCH (e:Entity {id: $id}) SET e.last_updated_at = datetime('2024-07-01'), e.title = "
                            + "'theirs'", Map.of("id", difference.id().toString()));
                }
                return true;
            }, receipt -> { });
            assertEquals(new RepairResult(0, 39, 1, 0), result);
        }
        assertEquals(1, test.cypher("MATCH (e:Entity {title: 'theirs'}) RETURN e").size());
    }

    /**
     * Neo4j takes a write to a relationship that another transaction is about to delete, and says nothing: it would be
     * lost with that.
     */
    @Test
    @DisplayName("A write that is lost with the relationship it went to is made good")
    void aWriteThatIsLostWithTheRelationshipItWentToIsMadeGood() throws Exception {
        writeBeforeEachRequest(true,
                "MATCH (a:Entity {id: $a}), (b:Entity {id: $b}) CREATE (b)-[:RELATION {id: $r, last_updated_at: "
                + "datetime('2024-01-01')}]->(a)",
                "MATCH ()-[r:RELATION {id: $r}]->() SET r.last_updated_at = datetime('2024-07-01')",
                difference -> true);
    }

    /**
     * What others write to a relation while one of its ends is not there comes to nothing: the repair, which makes the
     * end, may not come with an older row.
     */
    @Test
    @DisplayName("A write without an end to tie to is made good")
    void aWriteThatFoundNoEndToTieItToIsMadeGood() throws Exception {
        writeBeforeEachRequest(true, "MATCH (a:Entity {id: $a}) DELETE a", TIE,
                difference -> difference.id().equals(R));
    }

    /** The same while a node that is there twice is made anew. */
    @Test
    @DisplayName("A relation that is new is not lost while its end is made anew")
    void aRelationThatIsNewIsNotLostWhileItsEndIsMadeAnew() throws Exception {
        writeBeforeEachRequest(false, "MATCH (a:Entity {id: $a}) CREATE (copy:Entity) SET copy = a", TIE,
                difference -> true);
    }

    /**
     * Before each request of a repair in turn, somebody else writes to a relation in PostgreSQL and then in Neo4j.
     *
     * @param held   whether PostgreSQL holds it before that
     * @param drift  what is wrong in Neo4j
     * @param wanted what is to be repaired
     */
    private void writeBeforeEachRequest(boolean held, String drift, String theirs, Predicate<Difference> wanted)
            throws Exception {
        Map<String, Object> ids = Map.of("a", A.toString(), "b", B.toString(), "r", R.toString());
        for (UUID id : List.of(A, B)) {
            test.entity(id, "{\"type\":\"ttp\"}", "2024-06-01Z");
        }
        int request = 0;
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j();
             Databases watched = Databases.open(test.settings(postgres, neo4j), Queries.builtIn(), AccessMode.WRITE,
                     RunTerms.forgiving(Duration.ofMinutes(1), Events.silent()))) { // as the scripts do
            for (int made = 0; made == request; ) {
                request++;
                test.sql("DELETE FROM entity WHERE id = ?", R);
                test.cypher("MATCH (e) DETACH DELETE e");
                if (held) {
                    test.relation(R, A, B, "2024-06-01Z");
                }
                test.cypher(
                        "UNWIND [$a, $b] AS id CREATE (:Entity {id: id, type: 'ttp', created_at: "
                        + "datetime('2020-01-01'), last_updated_at: datetime('2024-06-01')})", ids);
                test.cypher(drift, ids);
                int last = request;
                AtomicInteger requests = new AtomicInteger();
                AtomicReference<CompletableFuture<?>> writing =
                        new AtomicReference<>(CompletableFuture.completedFuture(null));
                try (Report report = new Check(watched, Events.silent(), Selection.ALL, 10, false)
                        .settling(WholeJob.AT_ONCE).run()) {
                    neo4j.beforeEachRequest(() -> {
                        if (requests.incrementAndGet() == last) {
                            test.sql("DELETE FROM entity WHERE id = ?", R);
                            test.relation(R, A, B, "2024-07-01Z");
                            writing.set(CompletableFuture.runAsync(() -> writeAsThePlatform(theirs, ids)));
                            isDone(writing.get(), 100);
                        }
                    });
                    TestDatabases.repair(watched, Events.silent(), 10, report, wanted, receipt -> { });
                    neo4j.beforeEachRequest(() -> { });
                }
                writing.get().get(10, TimeUnit.SECONDS);
                made = Math.min(request, requests.get());
                List<String> expected = made == request ? List.of("2024-07-01T00:00Z") : held
                        ? List.of("2024-06-01T00:00Z") : List.of();
                assertEquals(expected, test.cypher("MATCH ()-[r:RELATION]->() RETURN r.last_updated_at AS changed")
                        .stream()
                        .map(row -> row.get("changed").asZonedDateTime().toString()).toList(),
                        "written before request " + request);
            }
        }
        assertTrue(request > 5, "the repair made only " + request + " requests");
    }

    /** Tries again where the server ended a deadlock at its cost, and where a node was deleted under its hands. */
    private void writeAsThePlatform(String query, Map<String, Object> parameters) {
        try {
            test.writeAsPlatform(query, parameters);
        } catch (ClientException e) {
            assertEquals("Neo.ClientError.Statement.EntityNotFound", e.code());
            writeAsThePlatform(query, parameters);
        }
    }

    private static boolean isDone(CompletableFuture<?> future, int milliseconds) {
        try {
            future.get(milliseconds, TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            return false;
        } catch (Exception e) {
            return true;
        }
    }

    private String title() {
        return test.cypher("MATCH (e:Entity {id: $id}) RETURN e.title AS title", Map.of("id", A.toString())).get(0)
                .get("title").asString();
    }
}
