package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import syncdata.check.Check;
import syncdata.check.Explanation;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.repair.Journal;
import syncdata.repair.Reindex;
import syncdata.repair.RepairChoice;
import syncdata.repair.RepairLock;
import syncdata.repair.RepairPlan;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.EntityId;
import syncdata.rules.RepairAction;
import syncdata.rules.Selection;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.Ids;
import syncdata.store.Databases;

/**
 * A check, an explanation and a repair judge the same random stores, in which labels, kinds, ends and timestamps vary:
 * what they say of an entity never disagrees.
 */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class AgreementTest {
    private static final String[] LABELS = {"Entity", "Entity", "Entity", "Entity", "Entity:Extra", "Old"};

    private final TestDatabases test = TestDatabases.empty();
    private final TreeSet<UUID> ids = new TreeSet<>();
    private final Map<UUID, List<UUID>> ends = new HashMap<>();

    static List<Long> seeds() {
        return Seeds.from(1, 18, 7_100_084, 7_100_087);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("A check, an explanation and a repair never disagree")
    void agree(long seed) {
        Random random = new Random(seed);
        fill(random);
        if (random.nextBoolean()) { // a page of PostgreSQL is read in one way with its indexes, in another without
            test.sql("DROP INDEX entity_relation_id");
        }
        try (Databases databases = test.open()) {
            int batchSize = 1 + random.nextInt(6);
            try (Report report = check(databases, Comparison.TIMESTAMPS, batchSize)) {
                assertAgree(databases, report, Comparison.TIMESTAMPS, "seed " + seed);
            }
            try (Report report = check(databases, Comparison.CONTENT, batchSize)) {
                assertAgree(databases, report, Comparison.CONTENT, "content, seed " + seed);
                assertEquals(0, TestDatabases.repair(databases, Events.silent(), batchSize, report).failed(),
                        "seed " + seed);
            }
            for (Comparison comparison : Comparison.values()) {
                try (Report again = check(databases, comparison, batchSize)) {
                    assertEquals(0, again.differences(), "after the repair, seed " + seed);
                    assertAgree(databases, again, comparison, "after the repair, seed " + seed);
                }
            }
            List<UUID> held = databases.source().states(ids).values().stream().filter(state -> !state.dangling())
                    .map(state -> state.id()).toList();
            try (RepairLock lock = RepairLock.take(databases)) {
                assertEquals(0, Reindex.run(databases, Events.silent(), lock, Journal.none(), held, false).failed(),
                        "seed " + seed);
            }
            assertEquals(List.of(), Explanation.of(databases, held).stream().filter(Explanation::differs)
                    .map(Explanation::toString).toList(),
                    "after reindexing, seed " + seed);
            assertEquals(test.expectedGraph(), ours(held), "seed " + seed);
        }
    }

    private static Report check(Databases databases, Comparison comparison, int batchSize) {
        return new Check(databases, Events.silent(), Selection.ALL, batchSize, false).settling(WholeJob.AT_ONCE)
                .comparing(comparison).run();
    }

    /** The graph without what PostgreSQL does not hold, or holds without its ends. */
    private List<String> ours(List<UUID> held) {
        return test.graph().stream().filter(line -> held.stream()
                .anyMatch(id -> line.contains(" id=" + id + ",") || line.contains("{id=" + id + ","))).toList();
    }

    private void assertAgree(Databases databases, Report report, Comparison comparison, String story) {
        Map<String, Object> explained = new TreeMap<>();
        List<UUID> toDelete = new ArrayList<>();
        List<UUID> toReindex = new ArrayList<>();
        for (Explanation explanation : Explanation.of(databases, ids)) {
            boolean unseen = comparison == Comparison.TIMESTAMPS && explanation.rule() != ruleOfTimestamps(explanation);
            count(explained, unseen ? Verdict.OK : explanation.verdict());
            if (explanation.verdict().isDifference() && !unseen) {
                (explanation.verdict() == Verdict.NOT_DELETED ? toDelete : toReindex).add(explanation.id());
            }
        }
        Map<String, Object> checked = new TreeMap<>();
        Map.of(Verdict.MISSING, report.missing(), Verdict.NOT_DELETED, report.notDeleted(), Verdict.OK, report.ok(),
                Verdict.OUTDATED, report.outdated(),
                Verdict.STRANGE, report.strange(), Verdict.ALTERED, report.altered(), Verdict.DANGLING,
                report.provenance().dangling())
                .forEach((verdict, count) -> {
                    for (long i = 0; i < count; i++) {
                        count(checked, verdict);
                    }
                });
        assertEquals(explained, checked, story);
        assertEquals(sorted(toDelete), ids(report.toDelete()), story);
        assertEquals(sorted(toReindex), ids(report.toReindex()), story);

        Map<UUID, RepairAction> planned = new HashMap<>();
        try (RepairPlan plan = RepairPlan.of(databases, report, 3, new RepairChoice(Optional.empty(), Set.of()),
                Long.MAX_VALUE, difference -> planned.put(difference.id(), RepairAction.of(difference.verdict())),
                receipt -> { })) {
            assertEquals(ids(report.toDelete()), ids(plan.toDelete()), story);
            assertEquals(ids(report.toReindex()), ids(plan.toReindex()), story);
        }
    }

    private static Verdict.Rule ruleOfTimestamps(Explanation explanation) {
        return Verdict.rule(explanation.difference().source(), explanation.difference().graph(), Selection.ALL);
    }

    private static void count(Map<String, Object> counts, Verdict verdict) {
        if (verdict != Verdict.GONE) {
            counts.merge(verdict.label(), 1, (one, other) -> (Integer) one + (Integer) other);
        }
    }

    private static List<UUID> sorted(List<UUID> ids) {
        return ids.stream().sorted(EntityId.ORDER).toList();
    }

    private static List<UUID> ids(Ids file) {
        List<UUID> ids = new ArrayList<>();
        file.forEachBatch(10, ids::addAll);
        return ids;
    }

    /** Entities and relations on either side, each as a node or a relationship there, once or more often. */
    private void fill(Random random) {
        List<UUID> entities = ids(random, 2 + random.nextInt(6));
        List<UUID> relations = ids(random, random.nextInt(8));
        List<UUID> strangers = ids(random, random.nextInt(3));
        List<UUID> possible = Stream.of(entities, entities, strangers, relations.stream().limit(1).toList())
                .flatMap(List::stream).toList();
        for (UUID id : entities) {
            if (random.nextInt(5) > 0) {
                test.entity(id, "ttp", "T", time(1 + random.nextInt(2)));
            }
        }
        for (UUID id : relations) {
            if (random.nextInt(5) > 0) {
                ends.put(id, List.of(any(random, possible), any(random, possible)));
                test.relation(id, ends.get(id).get(0), ends.get(id).get(1), time(1 + random.nextInt(2)));
            }
        }
        List<UUID> all = Stream.of(entities, relations, strangers).flatMap(List::stream).toList();
        for (UUID id : all) {
            for (int copies = random.nextInt(12) == 0 ? 2 : random.nextInt(6) == 0 ? 0 : 1; copies > 0
                    && entities.contains(id) == random.nextInt(10) > 0; copies--) {
                node(random, id);
            }
        }
        if (test.cypher("MATCH (n) RETURN count(n) AS n").get(0).get("n").asLong() > 0) {
            for (UUID id : all) {
                for (int copies = random.nextInt(12) == 0 ? 2 : random.nextInt(6) == 0 ? 0 : 1; copies > 0
                        && relations.contains(id) == random.nextInt(10) > 0; copies--) {
                    relationship(random, id);
                }
            }
        }
        ids.addAll(all);
    }

    private void node(Random random, UUID id) {
        Map<String, Object> parameters = parameters(random, id);
        parameters.put("more", any(random,
                List.of(Map.of("title", "T"), Map.of("title", "T"), Map.of("title", "old"),
                        Map.of("title", "T", "extra", 1), Map.of())));
        test.cypher("CREATE (e:" + LABELS[random.nextInt(LABELS.length)]
                + " {id: $id, type: 'ttp', created_at: datetime('2020-01-01T00:00:00Z')}) SET e += $more, "
                + "e.last_updated_at = datetime($time)", parameters);
        if (random.nextInt(8) == 0) {
            test.cypher("CREATE (:Theirs {id: $id})", parameters);
        }
    }

    /** Between the ends that PostgreSQL names where there are such nodes, of whatever label, or between any. */
    private void relationship(Random random, UUID id) {
        Map<String, Object> parameters = parameters(random, id);
        List<UUID> right = random.nextInt(4) > 0 ? ends.getOrDefault(id, List.of()) : List.of();
        parameters.put("more", any(random,
                List.of(Map.of("key", "uses"), Map.of("key", "uses"), Map.of("key", "used"))));
        parameters.put("source", nodeOf(random, right.isEmpty() ? null : right.get(0)));
        parameters.put("target", nodeOf(random, right.isEmpty() ? null : right.get(1)));
        test.cypher("MATCH (s) WHERE elementId(s) = $source MATCH (t) WHERE elementId(t) = $target"
                + " CREATE (s)-[r:RELATION {id: $id, created_at: datetime('2020-01-01T00:00:00Z')}]->(t) SET r += "
                + "$more, r.last_updated_at = datetime($time)", parameters);
    }

    /** One of the nodes of this id; of all where there is none. */
    private String nodeOf(Random random, UUID id) {
        List<String> nodes = new ArrayList<>();
        for (int all = 0; nodes.isEmpty(); all++) {
            test.cypher("MATCH (n) WHERE $all OR n.id = $id RETURN elementId(n) AS node ORDER BY node",
                    Map.of("all", all > 0, "id", String.valueOf(id)))
                    .forEach(row -> nodes.add(row.get("node").asString()));
        }
        return any(random, nodes);
    }

    private static Map<String, Object> parameters(Random random, UUID id) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("id", id.toString());
        parameters.put("time", random.nextInt(8) == 0 ? null : time(1 + random.nextInt(2)));
        return parameters;
    }

    private static String time(int seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }

    private static <T> T any(Random random, List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    private static List<UUID> ids(Random random, int count) {
        return Stream.generate(() -> new UUID(random.nextLong(), random.nextLong())).limit(count).toList();
    }
}
