package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import syncdata.check.Check;
import syncdata.fixture.Heard;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.repair.RepairResult;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.store.Databases;

/** Random pairs of stores against a naive oracle that knows the contract's table and nothing of the library. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class RandomStoresTest {
    private static final String[] TYPES = {"indicator", "ttp", "report"};
    private static final long NONE = -1;

    /** What PostgreSQL holds; the timestamp in seconds. */
    private record Entity(UUID id, String type, long seconds, UUID source, UUID target) {
        boolean relation() {
            return type.equals("relation");
        }
    }

    /** A copy in Neo4j; the timestamp in seconds, or {@link #NONE}. */
    private record Copy(UUID id, String type, long seconds) {
    }

    static List<Long> seeds() {
        return Seeds.from(20240531L, 15, 20240647, 20240680, 20240733, 20240777);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("A check and a repair find what an oracle finds")
    void findsAndRepairsWhatTheOracleFinds(long seed) {
        Random random = new Random(seed);
        TestDatabases test = TestDatabases.empty();
        Map<UUID, Entity> entities = entities(random);
        entities.values().forEach(entity -> insert(test, entity));
        List<Copy> copies = insertCopies(test, random, entities);
        int batchSize = 1 + random.nextInt(6);
        Selection selection = new Selection(random.nextInt(3) > 0
                ? Set.of() : Set.of(TYPES[random.nextInt(2)], random.nextBoolean() ? "relation" : "report"),
                random.nextInt(3) > 0 ? Selection.EVER : 2_000_000);
        Set<String> rewritten = new TreeSet<>();

        try (Databases databases = test.open()) {
            try (Report report = check(databases, selection, batchSize)) {
                assertEquals(oracle(entities, copies, selection), summary(report), "seed " + seed);
                repair(databases, report, batchSize, rewritten);
            }
            try (Report again = check(databases, selection, batchSize)) {
                assertEquals(0, again.differences(), "the same look again, seed " + seed);
            }
            try (Report rest = check(databases, Selection.ALL, batchSize)) {
                repair(databases, rest, batchSize, rewritten);
            }
            assertEquals(structure(test.expectedGraph()), structure(withoutDangling(test.graph(), entities)),
                    "seed " + seed);
            assertEquals(only(rewritten, test.expectedGraph()), only(rewritten, test.graph()), "seed " + seed);
            try (Report last = check(databases, Selection.ALL, batchSize)) {
                assertEquals(0, last.differences(), "the last look, seed " + seed);
            }
        }
    }

    private static Report check(Databases databases, Selection selection, int batchSize) {
        return new Check(databases, Events.silent(), selection, batchSize, false).settling(WholeJob.AT_ONCE).run();
    }

    private static void repair(Databases databases, Report report, int batchSize, Set<String> rewritten) {
        report.toReindex().forEachBatch(100, ids -> ids.forEach(id -> rewritten.add(id.toString())));
        Heard said = new Heard();
        RepairResult result = TestDatabases.repair(databases, said.events(), batchSize, report);
        assertEquals(0, result.failed(), said::text);
        assertEquals(report.differences(), result.deleted() + result.reindexed() + result.healed());
    }

    /** Each id with its class by the contract's table; ok ones only counted. */
    private static Map<String, Object> oracle(Map<UUID, Entity> entities, List<Copy> copies, Selection selection) {
        Map<String, Object> found = new TreeMap<>(
                Map.of("delete", new TreeSet<String>(), "reindex", new TreeSet<String>()));
        Map<String, Integer> counts = new HashMap<>();
        Set<UUID> ids = copies.stream().map(Copy::id).collect(Collectors.toSet());
        ids.addAll(entities.keySet());
        for (UUID id : ids) {
            Entity entity = entities.get(id);
            List<Copy> held = copies.stream().filter(copy -> copy.id().equals(id)).toList();
            boolean type = selection.types().isEmpty()
                    || (entity != null ? selection.types().contains(entity.type())
                            : held.stream().anyMatch(copy -> selection.types().contains(copy.type())));
            boolean change = !selection.onlyChanged() || entity != null
                    && entity.seconds() * 1_000_000 > selection.changedAfter()
                    || held.stream().anyMatch(copy -> copy.seconds() * 1_000_000 > selection.changedAfter());
            if (!type || !change) {
                continue;
            }
            boolean same = entity != null && held.size() == 1 && held.get(0).seconds() == entity.seconds();
            String verdict;
            if (entity == null) {
                verdict = "not deleted";
            } else if (same) {
                verdict = "ok";
            } else if (isDangling(entity, entities)) {
                verdict = "dangling";
            } else if (held.isEmpty()) {
                verdict = "missing";
            } else {
                verdict = held.size() == 1 && held.get(0).seconds() != NONE
                        && held.get(0).seconds() < entity.seconds() ? "outdated" : "strange";
            }
            counts.merge(verdict, 1, Integer::sum);
            if (verdict.equals("not deleted")) {
                add(found, "delete", id);
            } else if (!Set.of("ok", "dangling").contains(verdict)) {
                add(found, "reindex", id);
            }
        }
        List.of("ok", "missing", "not deleted", "outdated", "strange")
                .forEach(name -> found.put(name, (long) counts.getOrDefault(name, 0)));
        return found;
    }

    @SuppressWarnings("unchecked")
    private static void add(Map<String, Object> found, String list, UUID id) {
        ((Set<String>) found.get(list)).add(id.toString());
    }

    /** A relation that lacks an end in PostgreSQL is left as it stands in the graph. */
    private static List<String> withoutDangling(List<String> graph, Map<UUID, Entity> entities) {
        Set<String> dangling = entities.values().stream().filter(entity -> isDangling(entity, entities))
                .map(entity -> entity.id().toString()).collect(Collectors.toSet());
        return graph.stream().filter(line -> !dangling.contains(id(line))).toList();
    }

    private static boolean isDangling(Entity entity, Map<UUID, Entity> entities) {
        return entity.relation() && !(isNode(entities.get(entity.source())) && isNode(entities.get(entity.target())));
    }

    private static boolean isNode(Entity entity) {
        return entity != null && !entity.relation();
    }

    private static Map<String, Object> summary(Report report) {
        Map<String, Object> summary =
                new TreeMap<>(Map.of("ok", report.ok(), "missing", report.missing(), "not deleted", report.notDeleted(),
                "outdated", report.outdated(), "strange", report.strange(), "delete", new TreeSet<String>(), "reindex",
                new TreeSet<String>()));
        report.toDelete().forEachBatch(100, ids -> ids.forEach(id -> add(summary, "delete", id)));
        report.toReindex().forEachBatch(100, ids -> ids.forEach(id -> add(summary, "reindex", id)));
        return summary;
    }

    private static Map<UUID, Entity> entities(Random random) {
        Map<UUID, Entity> entities = new TreeMap<>();
        // one that nobody holds
        List<UUID> ids = new ArrayList<>(List.of(new UUID(random.nextLong(), random.nextLong())));
        for (int i = random.nextInt(14); i > 0; i--) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            ids.add(id);
            entities.put(id, new Entity(id, TYPES[random.nextInt(3)], 1 + random.nextInt(4), null, null));
        }
        for (int i = random.nextInt(14); i > 0; i--) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            entities.put(id, new Entity(id, "relation", 1 + random.nextInt(4), ids.get(random.nextInt(ids.size())),
                    ids.get(random.nextInt(ids.size()))));
            if (random.nextInt(8) == 0) {
                ids.add(id); // a relation to a relation: the graph cannot hold it
            }
        }
        return entities;
    }

    private static void insert(TestDatabases test, Entity entity) {
        String time = Instant.ofEpochSecond(entity.seconds()).toString();
        if (entity.relation()) {
            test.relation(entity.id(), entity.source(), entity.target(), time);
        } else {
            test.entity(entity.id(), "{\"type\":\"" + entity.type() + "\",\"title\":\"T" + entity.seconds() + "\"}",
                    time);
        }
    }

    private static List<Copy> insertCopies(TestDatabases test, Random random, Map<UUID, Entity> entities) {
        List<Copy> copies = new ArrayList<>();
        for (Entity entity : entities.values()) {
            if (!entity.relation()) {
                for (int n = howMany(random); n > 0; n--) {
                    insertNode(test, random, copies, entity.id(), entity.type(), seconds(random, entity));
                }
            }
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            insertNode(test, random, copies, new UUID(random.nextLong(), random.nextLong()), TYPES[random.nextInt(3)],
                    random.nextInt(5) - 1);
        }
        List<UUID> nodes = copies.stream().map(Copy::id).toList();
        for (Entity entity : entities.values()) {
            if (entity.relation() && !nodes.isEmpty()) {
                boolean rightEnds = random.nextInt(5) > 0 && Collections.frequency(nodes, entity.source()) == 1
                        && Collections.frequency(nodes, entity.target()) == 1;
                UUID source = rightEnds ? entity.source() : nodes.get(random.nextInt(nodes.size()));
                UUID target = rightEnds ? entity.target() : nodes.get(random.nextInt(nodes.size()));
                for (int n = howMany(random); n > 0; n--) {
                    insertRelationship(test, random, copies, entity.id(), source, target,
                            rightEnds ? seconds(random, entity) : 0);
                }
            }
        }
        for (int i = random.nextInt(5); i > 0 && !nodes.isEmpty(); i--) {
            insertRelationship(test, random, copies, new UUID(random.nextLong(), random.nextLong()),
                    nodes.get(random.nextInt(nodes.size())), nodes.get(random.nextInt(nodes.size())),
                    random.nextInt(5) - 1);
        }
        return copies;
    }

    private static int howMany(Random random) {
        int chance = random.nextInt(10);
        return chance < 2 ? 0 : chance < 9 ? 1 : 2 + random.nextInt(2);
    }

    private static long seconds(Random random, Entity entity) {
        return random.nextInt(3) > 0 ? entity.seconds() : random.nextInt(7) - 1;
    }

    private static void insertNode(TestDatabases test, Random random, List<Copy> copies, UUID id, String type,
            long seconds) {
        test.cypher("CREATE (e:Entity {id: $id, type: $type, title: 'old', extra: 1}) SET e.last_updated_at = $time",
                parameters(random, id, seconds, "type", type));
        copies.add(new Copy(id, type, seconds));
    }

    private static void insertRelationship(TestDatabases test, Random random, List<Copy> copies, UUID id, UUID source,
            UUID target, long seconds) {
        test.cypher("MATCH (s:Entity {id: $source}) WITH s LIMIT 1 MATCH (t:Entity {id: $target}) WITH s, t LIMIT 1 "
                + "CREATE (s)-[r:RELATION {id: $id, key: 'old'}]->(t) SET r.last_updated_at = $time",
                parameters(random, id, seconds, "source", source.toString(), "target", target.toString()));
        copies.add(new Copy(id, "relation", seconds));
    }

    private static Map<String, Object> parameters(Random random, UUID id, long seconds, String... more) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("id", id.toString());
        parameters.put("time", seconds == NONE ? null : encoded(random, Instant.ofEpochSecond(seconds)));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put(more[i], more[i + 1]);
        }
        return parameters;
    }

    private static Object encoded(Random random, Instant instant) {
        return switch (random.nextInt(5)) {
            case 0 -> instant.atZone(ZoneOffset.UTC);
            case 1 -> instant.atZone(ZoneId.of("Europe/Berlin"));
            case 2 -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case 3 -> instant.toString();
            default -> instant.toEpochMilli();
        };
    }

    /** The ids and the ends, without the other properties. */
    private static List<String> structure(List<String> graph) {
        return graph.stream().map(line -> line.replaceFirst("\\{.*", "") + id(line)).sorted().toList();
    }

    private static List<String> only(Set<String> ids, List<String> graph) {
        return graph.stream().filter(line -> ids.contains(id(line))).toList();
    }

    private static String id(String line) {
        return line.replaceFirst(".*\\bid=([^,}]*).*", "$1");
    }
}
