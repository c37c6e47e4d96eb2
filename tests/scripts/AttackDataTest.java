package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.check.Check;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.repair.RepairResult;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.Json;
import syncdata.store.Databases;

/** Two releases of real threat intelligence: the newer in PostgreSQL, the older in Neo4j. */
class AttackDataTest {
    static final Path DATA = TestDatabases.PROJECT.resolve("../shared/data");

    @Test
    @DisplayName("The older release is repaired until it equals the newer")
    void theOlderReleaseIsRepairedUntilItEqualsTheNewer() throws IOException {
        assumeTrue(Files.isDirectory(DATA), "needs the data of two releases in ../shared/data");
        TestDatabases test = TestDatabases.empty();
        List<JsonNode> newer = read("ics-18.1.jsonl.gz");
        List<JsonNode> older = read("ics-17.1.jsonl.gz");
        insertIntoPostgres(test, newer);
        insertIntoNeo4j(test, older);
        Map<String, String> before = timestamps(held(older));
        Map<String, String> now = timestamps(held(newer));
        long missing = now.keySet().stream().filter(id -> !before.containsKey(id)).count();
        long outdated = now.keySet().stream()
                .filter(id -> before.containsKey(id) && before.get(id).compareTo(now.get(id)) < 0).count();
        long notDeleted = before.keySet().stream().filter(id -> !timestamps(newer).containsKey(id)).count();
        Events silent = Events.silent();

        try (Databases databases = test.open()) {
            try (Report report = new Check(databases, silent, Selection.ALL, 1000, false).settling(WholeJob.AT_ONCE)
                    .run()) {
                assertEquals(2, report.provenance().dangling());
                assertEquals(List.of(missing, outdated, notDeleted, 0L),
                        List.of(report.missing(), report.outdated(), report.notDeleted(), report.strange()));
                assertEquals(new RepairResult(report.notDeleted(), report.missing() + report.outdated(), 0, 0),
                        TestDatabases.repair(databases, silent, 1000, report));
            }
            List<String> repaired = test.graph();
            assertEquals(test.expectedGraph(), repaired);
            try (Report again = new Check(databases, silent, Selection.ALL, 1000, false).settling(WholeJob.AT_ONCE)
                    .run()) {
                assertEquals(0, again.differences());
                assertEquals(newer.size() - 2, again.ok());
                TestDatabases.repair(databases, silent, 1000, again);
            }
            assertEquals(repaired, test.graph());
            assertEquals(Set.of(), altered(databases));
            Set<UUID> spoiled = spoil(test);
            assertEquals(spoiled, altered(databases));
            assertEquals(Set.of(), altered(databases));
            assertEquals(repaired, test.graph());
        }
    }

    /** Changes one value of each property of some entities, and an end of a relation. */
    private static Set<UUID> spoil(TestDatabases test) {
        List<String> changes = List.of(
                "MATCH (e:Entity) WITH e ORDER BY e.id SKIP 1 LIMIT 1 SET e.type = 'spoiled' RETURN e.id AS id",
                "MATCH (e:Entity) WITH e ORDER BY e.id SKIP 2 LIMIT 2 SET e.title = e.title + ' ' RETURN e.id AS id",
                "MATCH (e:Entity) WITH e ORDER BY e.id SKIP 4 LIMIT 1 REMOVE e.title RETURN e.id AS id",
                "MATCH (e:Entity) WITH e ORDER BY e.id SKIP 5 LIMIT 1 SET e.more = 1 RETURN e.id AS id",
                "MATCH (e:Entity) WITH e ORDER BY e.id SKIP 6 LIMIT 1"
                + " SET e.created_at = e.created_at + duration('PT1S') RETURN e.id AS id",
                "MATCH ()-[r:RELATION]->() WITH r ORDER BY r.id SKIP 1 LIMIT 1 SET r.key = 'spoiled' RETURN r.id AS id",
                "MATCH ()-[r:RELATION]->() WITH r ORDER BY r.id SKIP 2 LIMIT 1"
                + " SET r.created_at = localdatetime() RETURN r.id AS id",
                "MATCH (s)-[r:RELATION]->(t) WHERE s <> t WITH s, r, t ORDER BY r.id SKIP 3 LIMIT 1"
                + " CREATE (t)-[turned:RELATION]->(s) SET turned = properties(r) DELETE r RETURN turned.id AS id");
        Set<UUID> spoiled = new HashSet<>();
        changes.forEach(change -> test.cypher(change)
                .forEach(row -> spoiled.add(UUID.fromString(row.get("id").asString()))));
        assertEquals(changes.size() + 1, spoiled.size());
        return spoiled;
    }

    /** Those that a check of the content finds, all of which differ by it alone, and repairs. */
    private static Set<UUID> altered(Databases databases) {
        try (Report report = new Check(databases, Events.silent(), Selection.ALL, 100, false)
                .settling(WholeJob.AT_ONCE).comparing(Comparison.CONTENT).run()) {
            Set<UUID> altered = new HashSet<>(report.toReindex().batch(0, (int) report.toReindex().count()));
            assertEquals(altered.size(), report.altered());
            assertEquals(altered.size(), report.differences());
            assertEquals(altered.size(), TestDatabases.repair(databases, Events.silent(), 100, report).reindexed());
            return altered;
        }
    }

    /** A release without the relations that lack an end in it: neither has the ends of two of its relations. */
    private static List<JsonNode> held(List<JsonNode> release) {
        Map<String, String> ids = timestamps(release);
        return release.stream().filter(row -> !row.has("source")
                || ids.containsKey(row.get("source").asText()) && ids.containsKey(row.get("target").asText())).toList();
    }

    private static Map<String, String> timestamps(List<JsonNode> rows) {
        Map<String, String> timestamps = new HashMap<>();
        rows.forEach(row -> timestamps.put(row.get("id").asText(), row.get("last_updated_at").asText()));
        return timestamps;
    }

    static List<JsonNode> read(String name) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(DATA.resolve(name))),
                        StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(Json.MAPPER.readTree(line));
            }
        }
        return rows;
    }

    static void insertIntoPostgres(TestDatabases test, List<JsonNode> rows) {
        test.sql("INSERT INTO entity SELECT (r->>'id')::uuid, r, (r->>'created_at')::timestamptz,"
                + " (r->>'last_updated_at')::timestamptz FROM jsonb_array_elements(?::jsonb) r", rows.toString());
    }

    static void insertIntoNeo4j(TestDatabases test, List<JsonNode> rows) {
        List<Map<String, Object>> nodes = new ArrayList<>();
        List<Map<String, Object>> relations = new ArrayList<>();
        for (JsonNode row : rows) {
            Map<String, Object> properties = new HashMap<>(Map.of("id", row.get("id").asText(),
                    "created_at", ZonedDateTime.parse(row.get("created_at").asText()), "last_updated_at",
                    ZonedDateTime.parse(row.get("last_updated_at").asText())));
            if (row.has("source")) {
                properties.put("key", row.get("key").asText());
                relations.add(Map.of("source", row.get("source").asText(), "target", row.get("target").asText(),
                        "properties", properties));
            } else {
                properties.put("type", row.get("type").asText());
                properties.put("title", row.get("title").asText());
                nodes.add(properties);
            }
        }
        test.cypher("UNWIND $rows AS row CREATE (e:Entity) SET e = row", Map.of("rows", nodes));
        test.cypher(
                "UNWIND $rows AS row MATCH (s:Entity {id: row.source}), (t:Entity {id: row.target}) CREATE "
                + "(s)-[r:RELATION]->(t) SET r = row.properties", Map.of("rows", relations));
    }
}
