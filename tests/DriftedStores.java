package syncdata;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Two stores that differ in every way that the contract knows, quickly filled: the same for the same seed. */
final class DriftedStores {
    private static final Instant CREATED = Instant.parse("2020-01-01T00:00:00Z");

    private final Random random;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final List<Map<String, Object>> nodes = new ArrayList<>();
    private final List<Map<String, Object>> relationships = new ArrayList<>();

    private DriftedStores(Random random) {
        this.random = random;
    }

    /** Puts so many entities, and as many relations between them, into PostgreSQL, and most of them into Neo4j. */
    static void fill(TestDatabases test, Random random, int entities) {
        DriftedStores stores = new DriftedStores(random);
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < entities; i++) {
            ids.add(stores.entity(i));
        }
        for (int i = 0; i < entities; i++) {
            stores.relation(ids.get(random.nextInt(entities)), ids.get(random.nextInt(entities)));
        }
        try {
            test.sql("INSERT INTO entity SELECT (r->>'id')::uuid, r->'data', '" + CREATED + "', (r->>'last_updated_at')::timestamptz FROM jsonb_array_elements(?::jsonb) r",
                    Json.MAPPER.writeValueAsString(stores.rows));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        test.cypher("UNWIND $rows AS row CREATE (e:Entity) SET e = row", Map.of("rows", stores.nodes));
        test.cypher("UNWIND $rows AS row MATCH (s:Entity {id: row.source}) MATCH (t:Entity {id: row.target}) CREATE (s)-[r:RELATION]->(t) SET r = row.properties",
                Map.of("rows", stores.relationships));
    }

    private UUID entity(int number) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Instant changed = changed();
        boolean held = random.nextInt(8) > 0;
        if (held) {
            row(id, Map.of("type", "ttp", "title", "T" + number), changed);
        }
        for (int copy = copies(); copy > 0; copy--) {
            Map<String, Object> node = properties(id, drifted(changed));
            node.putAll(Map.of("type", "ttp", "title", "T" + number));
            nodes.add(node);
        }
        return id;
    }

    private void relation(UUID source, UUID target) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Instant changed = changed();
        row(id, Map.of("type", "relation", "source", source.toString(), "target", target.toString(), "key", "uses"), changed);
        for (int copy = copies(); copy > 0; copy--) {
            Map<String, Object> relationship = properties(id, drifted(changed));
            relationship.put("key", "uses");
            relationships.add(Map.of("source", source.toString(), "target", target.toString(), "properties", relationship));
        }
    }

    private void row(UUID id, Map<String, Object> data, Instant changed) {
        rows.add(Map.of("id", id.toString(), "data", data, "last_updated_at", changed.toString()));
    }

    private static Map<String, Object> properties(UUID id, Instant changed) {
        return new HashMap<>(Map.of("id", id.toString(), "created_at", CREATED.atZone(ZoneOffset.UTC), "last_updated_at", changed.atZone(ZoneOffset.UTC)));
    }

    private Instant changed() {
        return Instant.parse("2024-01-01T00:00:00Z").plusSeconds(random.nextInt(10_000_000));
    }

    private Instant drifted(Instant changed) {
        return switch (random.nextInt(6)) {
            case 0 -> changed.minusSeconds(1);
            case 1 -> changed.plusSeconds(1);
            default -> changed;
        };
    }

    private int copies() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> 0;
            case 2 -> 2;
            default -> 1;
        };
    }
}
