package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.Heard;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.Slice;
import syncdata.run.Events;
import syncdata.run.Ids;
import syncdata.store.Databases;

/** A check of content on real databases: what a check of timestamps takes for in sync. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class ContentCheckTest {
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final UUID A = id(1);
    private static final UUID B = id(2);
    private static final UUID C = id(3);
    private static final UUID RELATION = id(4);

    private final TestDatabases test = TestDatabases.empty();
    private Databases databases = test.open();
    private final Heard said = new Heard();

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    @DisplayName("Another value, one missing, one too many and another end are altered; a repair makes them equal")
    void findsAndRepairsWhatHasAnotherContent() {
        inSync();
        assertEquals(Map.of(), altered());
        Map<String, UUID> spoiled = new TreeMap<>(Map.of(
                "MATCH (e:Entity {id: $id}) SET e.title = 'B'", A,
                "MATCH (e:Entity {id: $id}) SET e.extra = 1", B,
                "MATCH (e:Entity {id: $id}) REMOVE e.created_at", C,
                "MATCH (s)-[r:RELATION {id: $id}]->() MATCH (t:Entity {id: '" + C
                + "'}) CREATE (s)-[n:RELATION]->(t) SET n = r DELETE r", RELATION));
        spoiled.forEach((cypher, id) -> test.cypher(cypher, Map.of("id", id.toString())));
        assertEquals(Map.of(A, Set.of("title"), B, Set.of("extra"), C, Set.of("created_at"), RELATION,
                Set.of("target")), altered());
        try (Report timestamps = check(Selection.ALL, Comparison.TIMESTAMPS, WholeJob.AT_ONCE)) {
            assertEquals(4, timestamps.ok());
        }
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            assertEquals(List.of(4L, 0L, 4L), List.of(report.altered(), report.ok(), report.differences()));
            assertTrue(said.text().contains("\"n_altered\":4"), said::text);
            assertEquals(4, TestDatabases.repair(databases, Events.silent(), 2, report).reindexed());
        }
        assertEquals(test.expectedGraph(), test.graph());
        assertEquals(Map.of(), altered());
    }

    @Test
    @DisplayName("What kept-properties.txt names is not compared, and stays where the rest is repaired")
    void keptPropertiesAreNotAltered() {
        inSync();
        test.cypher("MATCH (e:Entity {id: $id}) SET e.score = 7", Map.of("id", A.toString()));
        test.cypher("MATCH (e:Entity {id: $id}) SET e.score = 8, e.title = 'B', e.extra = 1",
                Map.of("id", B.toString()));
        test.cypher("MATCH ()-[r:RELATION]->() SET r.score = 9");
        databases.close();
        databases = keeping("score");
        assertEquals(Map.of(B, Set.of("title", "extra")), altered());
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            assertEquals(List.of(B), all(report));
            assertEquals(1, TestDatabases.repair(databases, Events.silent(), 2, report).reindexed());
        }
        assertEquals(Map.of(), altered());
        assertEquals(List.of(7L, 8L, 9L), test.cypher("MATCH (e:Entity) WHERE e.score > 0 RETURN e.score AS score "
                + "UNION ALL MATCH ()-[r:RELATION]->() RETURN r.score AS score").stream()
                .map(row -> row.get("score").asLong()).sorted().toList());
        databases.close();
        databases = keeping("# none of score");
        assertEquals(Set.of(A, B, RELATION), altered().keySet());
        databases.close();
        databases = keeping("*");
        assertEquals(Map.of(), altered());
    }

    private Databases keeping(String names) {
        return Databases.open(test.settings(), test.queries("kept-properties.txt", names + "\n"), AccessMode.WRITE);
    }

    @Test
    @DisplayName("An end that lost its label, or belongs to another service, is another end")
    void anEndCountsOnlyWithItsLabel() {
        inSync();
        test.cypher(
                "MATCH (:Entity {id: $b})<-[r:RELATION]-(s) CREATE (s)-[n:RELATION]->(:Theirs {id: $b}) SET n = r "
                + "DELETE r", Map.of("b", B.toString()));
        assertEquals(Map.of(RELATION, Set.of("target")), altered());
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            TestDatabases.repair(databases, Events.silent(), 2, report);
        }
        assertEquals(Map.of(), altered());
        assertEquals(1, test.cypher("MATCH (n:Theirs) RETURN n").size(), "what is theirs stays");
    }

    @Test
    @DisplayName("A platform that writes the title first and the rest a little later is not reported")
    void aChangeUnderWayIsNotReported() {
        inSync();
        test.sql("UPDATE entity SET data = data || '{\"title\":\"new\"}' WHERE id IN (?, ?)", A, B);
        CompletableFuture<Void> platform = CompletableFuture.runAsync(() -> {
            await("Waiting before");
            test.cypher("MATCH (e:Entity {id: $id}) SET e.title = 'new'", Map.of("id", A.toString()));
        });
        try (Report report = check(Selection.ALL, Comparison.CONTENT,
                new Settling(Duration.ofSeconds(4), Duration.ofSeconds(30)))) {
            platform.join();
            assertEquals(List.of(B), ids(report.toReindex()));
            assertEquals(List.of(1L, 3L), List.of(report.altered(), report.ok()));
            assertTrue(said.text().contains("other contents first seen less than 4s ago"), said::text);
        }
    }

    @Test
    @DisplayName("Texts of many megabytes are compared, a few at a time")
    void comparesVeryLongTexts() {
        String text = "x".repeat(8_000_000);
        for (UUID id : List.of(A, B, C)) {
            test.sql(
                    "INSERT INTO entity VALUES (?, jsonb_build_object('type', 'ttp', 'title', repeat('x', 8000000)), "
                    + "'2020-01-01Z', ?::timestamptz)", id, OLD);
            node(id, text + (id.equals(B) ? "y" : ""));
        }
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            assertEquals(List.of(B), ids(report.toReindex()));
        }
    }

    @Test
    @DisplayName("All slices together find what a whole check finds, each entity once and in its own")
    void slicesAreTheWhole() {
        DriftedStores.fill(test, new Random(5), 60);
        test.cypher("MATCH (e:Entity) WITH e LIMIT 20 SET e.title = 'spoiled'");
        test.cypher("MATCH (e:Entity) WITH e SKIP 30 LIMIT 5 REMOVE e.last_updated_at");
        List<UUID> whole;
        long ok;
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            whole = all(report);
            ok = report.ok();
        }
        List<UUID> parts = new ArrayList<>();
        for (int number = 1; number <= 7; number++) {
            Slice slice = new Slice(number, 7);
            try (Report report = check(new Selection(Set.of(), Selection.EVER, slice), Comparison.CONTENT,
                    WholeJob.AT_ONCE)) {
                assertEquals(number + "/7", report.provenance().fields().get("slice").asText());
                parts.addAll(all(report));
                ok -= report.ok();
            }
        }
        assertEquals(sorted(whole), sorted(parts));
        assertEquals(0, ok);
    }

    /** Two entities and one that nothing is tied to, and a relation, the same on both sides. */
    private void inSync() {
        for (UUID id : List.of(A, B, C)) {
            test.entity(id, "ttp", "A", OLD);
            node(id, "A");
        }
        test.relation(RELATION, A, B, OLD);
        test.relationship(RELATION, A, B, OLD);
    }

    private void node(UUID id, String title) {
        test.node(id, "ttp", title, OLD);
    }

    /** Each altered entity with the properties in which it differs. */
    private Map<UUID, Set<String>> altered() {
        Map<UUID, Set<String>> altered = new TreeMap<>();
        try (Report report = check(Selection.ALL, Comparison.CONTENT, WholeJob.AT_ONCE)) {
            report.diffs().orElseThrow().forEach((id, diff) -> {
                assertEquals("altered", diff.get("class").asText());
                Set<String> names = new HashSet<>();
                diff.get("properties").fieldNames().forEachRemaining(names::add);
                altered.put(id, names);
            });
        }
        return altered;
    }

    private Report check(Selection selection, Comparison comparison, Settling settling) {
        Events events = said.events();
        return new Check(databases, events, selection, 2, true).settling(settling).comparing(comparison).run();
    }

    private void await(String event) {
        for (int i = 0; !said.text().contains(event); i++) {
            assertTrue(i < 3000, said::text);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<UUID> all(Report report) {
        List<UUID> ids = ids(report.toDelete());
        ids.addAll(ids(report.toReindex()));
        return ids;
    }

    private static List<UUID> sorted(List<UUID> ids) {
        return ids.stream().sorted().toList();
    }

    private static List<UUID> ids(Ids file) {
        List<UUID> ids = new ArrayList<>();
        file.forEachBatch(10, ids::addAll);
        return ids;
    }

    private static UUID id(int number) {
        return UUID.fromString("%08x-0000-4000-8000-000000000000".formatted(number * 0x30000000L));
    }
}
