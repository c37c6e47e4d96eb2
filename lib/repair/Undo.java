package syncdata.repair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.neo4j.driver.TransactionContext;
import org.neo4j.driver.Value;
import syncdata.repair.GraphWriter.Held;
import syncdata.repair.JournalReader.End;
import syncdata.repair.JournalReader.Line;
import syncdata.repair.JournalReader.Standing;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.store.CypherName;
import syncdata.store.GraphStore;

/**
 * Puts the graph back as it was before a repair: each transaction of its journal, the last first, in a transaction of its own.
 * A node or relationship is put back only where it still stands as the repair left it. Doing it twice is doing it once.
 */
public final class Undo {

    /**
     * What an undo did, or would do.
     *
     * @param restored nodes and relationships that stand as before again
     * @param already  stood as before, for instance because the repair's transaction was not committed
     * @param skipped  stand otherwise than the repair left them, and were left; each named in an event
     */
    public record Result(long restored, long already, long skipped) {
        public ExitCode exitCode(boolean dryRun) {
            if (dryRun) {
                return restored > 0 ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
            }
            return skipped > 0 ? ExitCode.PARTLY_REPAIRED : ExitCode.IN_SYNC;
        }
    }

    private final GraphStore graph;
    private final GraphWriter writer;
    private final Events events;
    private final boolean dryRun;
    /** The element ids that copies of the same entity have now, by those that they had. */
    private final Map<String, String> elements = new HashMap<>();
    /** How many relationships of a kind, none of which has an id, were made by this run. */
    private final Map<String, Integer> madeWithoutId = new HashMap<>();
    /** What stands otherwise than a transaction left it. */
    private final Map<String, Line> left = new LinkedHashMap<>();
    /** In a dry run, what later transactions hide. */
    private final Set<String> wouldBeBack = new HashSet<>();
    private long restored;
    private long already;
    private long skipped;

    private Undo(GraphStore graph, Events events, boolean dryRun) {
        this.graph = graph;
        this.writer = new GraphWriter(graph, Journal.none());
        this.events = events;
        this.dryRun = dryRun;
    }

    /**
     * Undoes what a journal tells of.
     *
     * @param lock   held against repairs meanwhile; null in a dry run
     * @param dryRun whether to look only
     */
    public static Result run(GraphStore graph, Events events, JournalReader journal, RepairLock lock, boolean dryRun) {
        long started = System.nanoTime();
        Undo undo = new Undo(graph, events, dryRun);
        events.info(Events.Logger.REPAIR, "Undoing a repair", Map.of("started", journal.started(), "cut_off", journal.cut()));
        journal.forEachTransaction(changes -> {
            if (lock != null) {
                lock.ensureHeld();
            }
            undo.undo(changes);
        });
        undo.left.values().forEach(undo::skipped);
        Result result = new Result(undo.restored, undo.already, undo.skipped);
        events.info(Events.Logger.REPAIR, dryRun ? "undo.dry-run" : "undo.done", Map.of("n_restored", result.restored(), "n_already", result.already(),
                "n_skipped", result.skipped(), "took", Events.took(Duration.ofNanos(System.nanoTime() - started))));
        return result;
    }

    /** What is to be done about the changes of one entity in one transaction. */
    private enum Step { ALREADY, SKIP, PUT_BACK }

    private void undo(List<Line> changes) {
        Map<Line, Step> done = graph.write(transaction -> {
            Held held = dryRun ? writer.look(transaction, ids(changes, false), ids(changes, true)) : writer.hold(transaction, ids(changes, false), ids(changes, true));
            Map<Line, Step> steps = new IdentityHashMap<>(); // two may be alike
            Map<String, List<Line>> byEntity = changes.stream().filter(change -> change.id() != null)
                    .collect(Collectors.groupingBy(Undo::key, LinkedHashMap::new, Collectors.toList()));
            byEntity.values().forEach(some -> {
                Step step = wouldBeBack.contains(some.get(0).id()) ? Step.PUT_BACK : step(some, standing(held, some.get(0)));
                some.forEach(change -> steps.put(change, step));
            });
            changes.stream().filter(change -> change.id() == null).forEach(change -> steps.put(change, Step.PUT_BACK));
            if (!dryRun) {
                putBack(transaction, steps, held);
            }
            return steps;
        });
        done.forEach((change, step) -> {
            switch (step) {
                case PUT_BACK -> putBack(change);
                case ALREADY -> {
                    already++;
                    left.remove(key(change)); // a later transaction's change of it is undone already
                }
                case SKIP -> {
                    if (change.id() == null) {
                        skipped(change);
                    } else {
                        left.put(key(change), change);
                    }
                }
            }
        });
    }

    private static String key(Line change) {
        return change.relationship() + change.id();
    }

    private void putBack(Line change) {
        restored++;
        if (dryRun) {
            wouldBeBack.add(change.id());
        }
    }

    private void skipped(Line change) {
        skipped++;
        events.warning(Events.Logger.REPAIR, "Left as it is: it stands otherwise than the repair left it", change.id() == null
                ? Map.of("kind", "relationship", "type", change.before().type())
                : Map.of("entity_id", change.id(), "kind", change.relationship() ? "relationship" : "node"));
    }

    /** The changes of one entity, of which there are several where copies were deleted, or one was deleted and made anew. */
    private static Step step(List<Line> changes, List<Standing> now) {
        List<Standing> before = changes.stream().map(Line::before).filter(Objects::nonNull).toList();
        List<Line> after = changes.stream().filter(Line::kept).toList();
        boolean asLeft = now.size() == after.size() && (after.isEmpty() || Objects.equals(timestamp(now.get(0)), orNull(after.get(0).timestamp())));
        boolean sameAsBefore = now.size() == before.size() && now.stream().allMatch(copy -> before.stream().anyMatch(other -> other.properties().equals(copy.properties())
                && (copy.type() == null || sameEnds(copy, other))));
        return sameAsBefore ? Step.ALREADY : asLeft ? Step.PUT_BACK : Step.SKIP;
    }

    private static boolean sameEnds(Standing one, Standing other) {
        return Objects.equals(one.source().id(), other.source().id()) && Objects.equals(one.target().id(), other.target().id());
    }

    private static Object orNull(Value value) {
        return value == null || value.isNull() ? null : value;
    }

    private static Object timestamp(Standing copy) {
        return orNull(copy.properties().get("last_updated_at"));
    }

    private void putBack(TransactionContext transaction, Map<Line, Step> steps, Held held) {
        List<Line> todo = steps.entrySet().stream().filter(entry -> entry.getValue() == Step.PUT_BACK).map(Map.Entry::getKey).toList();
        // What was made goes first, then what was changed is set back, then what was deleted comes again: nodes, then what is tied to them.
        List<String> madeRelationships = made(todo, true);
        if (!madeRelationships.isEmpty()) {
            graph.run(transaction, "delete-relationships.cypher", Map.of("ids", madeRelationships));
        }
        List<String> madeNodes = made(todo, false);
        if (!madeNodes.isEmpty()) {
            List<String> deleted = graph.single(transaction, "delete-nodes.cypher", Map.of("ids", madeNodes)).get("deleted").asList(Value::asString);
            todo.stream().filter(change -> !change.relationship() && change.before() == null && !deleted.contains(change.id()))
                    .forEach(change -> steps.put(change, Step.SKIP)); // something new is tied to it
        }
        setBack(transaction, "restore-node-properties.cypher", todo.stream().filter(change -> !change.relationship()), held);
        setBack(transaction, "restore-relationship-properties.cypher", todo.stream().filter(Line::relationship), held);
        List<Line> deleted = todo.stream().filter(change -> change.before() != null && !change.kept()).toList();
        restoreNodes(transaction, deleted.stream().filter(change -> !change.relationship()).toList());
        restoreRelationships(transaction, deleted.stream().filter(Line::relationship).toList(), steps);
    }

    private static List<String> made(List<Line> changes, boolean relationship) {
        return changes.stream().filter(change -> change.relationship() == relationship && change.before() == null).map(Line::id).toList();
    }

    private void setBack(TransactionContext transaction, String query, Stream<Line> changes, Held held) {
        List<Map<String, Object>> rows = changes.filter(change -> change.before() != null && change.kept())
                .map(change -> Map.<String, Object>of("element", standing(held, change).get(0).element(), "properties", change.before().properties())).toList();
        if (!rows.isEmpty()) {
            graph.run(transaction, query, Map.of("rows", rows));
        }
    }

    private void restoreNodes(TransactionContext transaction, List<Line> deleted) {
        Map<List<String>, List<Line>> byLabels = deleted.stream().collect(Collectors.groupingBy(change -> change.before().labels()));
        Map<String, Long> copies = deleted.stream().collect(Collectors.groupingBy(Line::id, Collectors.counting()));
        byLabels.forEach((labels, some) -> {
            List<Map<String, Object>> rows = some.stream()
                    .map(change -> Map.<String, Object>of("element", change.before().element(), "properties", change.before().properties())).toList();
            String names = CypherName.quoted(labels);
            Value made = graph.single(transaction, "restore-nodes.cypher", text -> text.replace("`labels of the row`", names), Map.of("rows", rows)).get("restored");
            Map<String, String> ids = some.stream().collect(Collectors.toMap(change -> change.before().element(), Line::id));
            for (Value pair : made.values()) {
                if (copies.get(ids.get(pair.get(0).asString())) > 1) { // the id does not tell which one it is
                    elements.put(pair.get(0).asString(), pair.get(1).asString());
                }
            }
        });
    }

    private void restoreRelationships(TransactionContext transaction, List<Line> deleted, Map<Line, Step> steps) {
        if (deleted.isEmpty()) {
            return;
        }
        Map<End, String> ends = ends(transaction, deleted);
        Map<String, List<Line>> byType = deleted.stream().collect(Collectors.groupingBy(change -> change.before().type()));
        byType.forEach((type, some) -> {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                Standing before = some.get(i).before();
                String source = ends.get(before.source());
                String target = ends.get(before.target());
                if (source != null && target != null) {
                    Map<String, Object> row = new HashMap<>(Map.of("number", i, "source", source, "target", target, "properties", before.properties()));
                    row.put("id", some.get(i).id());
                    row.put("before", some.get(i).id() == null ? madeWithoutId.getOrDefault(kind(type, row), 0) : 0);
                    rows.add(row);
                }
            }
            List<Integer> made = graph.single(transaction, "restore-relationships.cypher", text -> text.replace("`type of the row`", CypherName.quoted(type)), Map.of("rows", rows))
                    .get("restored").asList(Value::asInt);
            rows.stream().filter(row -> row.get("id") == null && made.contains(row.get("number"))).forEach(row -> madeWithoutId.merge(kind(type, row), 1, Integer::sum));
            for (int i = 0; i < some.size(); i++) {
                if (!made.contains(i)) {
                    Standing before = some.get(i).before();
                    boolean there = some.get(i).id() == null && ends.get(before.source()) != null && ends.get(before.target()) != null;
                    steps.put(some.get(i), there ? Step.ALREADY : Step.SKIP);
                }
            }
        });
    }

    private static String kind(String type, Map<String, Object> row) {
        return type + row.get("source") + row.get("target") + row.get("properties");
    }

    /** Where the ends of relationships are now; one that is not there has no entry. */
    private Map<End, String> ends(TransactionContext transaction, List<Line> deleted) {
        List<End> wanted = deleted.stream().flatMap(change -> Stream.of(change.before().source(), change.before().target())).distinct().toList();
        Map<String, List<String>> byId = new HashMap<>();
        Map<String, String> ids = new HashMap<>();
        List<String> old = wanted.stream().map(end -> elements.getOrDefault(end.element(), end.element())).distinct().toList();
        for (var row : graph.rows(transaction, "ends.cypher", Map.of("ids", wanted.stream().map(End::id).filter(Objects::nonNull).distinct().toList(), "elements", old))) {
            for (Value pair : row.get("found").values()) {
                String id = pair.get(0).type().name().equals("STRING") ? pair.get(0).asString() : null;
                ids.put(pair.get(1).asString(), id);
                List<String> same = byId.computeIfAbsent(String.valueOf(id), any -> new ArrayList<>());
                if (!same.contains(pair.get(1).asString())) {
                    same.add(pair.get(1).asString());
                }
            }
        }
        Map<End, String> found = new HashMap<>();
        for (End end : wanted) {
            String element = elements.getOrDefault(end.element(), end.element());
            List<String> same = end.id() == null ? List.of() : byId.getOrDefault(end.id(), List.of());
            if (ids.containsKey(element) && Objects.equals(ids.get(element), end.id())) {
                found.put(end, element); // an element id may have been given to another node since
            } else if (same.size() == 1) {
                found.put(end, same.get(0));
            }
        }
        return found;
    }

    private static List<UUID> ids(List<Line> changes, boolean relationship) {
        return changes.stream().filter(change -> change.relationship() == relationship && change.id() != null).map(Line::id).distinct().map(UUID::fromString).toList();
    }

    private static List<Standing> standing(Held held, Line change) {
        return held.of(UUID.fromString(change.id()), change.relationship()).stream().map(copy -> copy instanceof Copy.Relationship relationship
                ? new Standing(copy.element(), null, relationship.type(), end(relationship.source()), end(relationship.target()), copy.properties())
                : new Standing(copy.element(), ((Copy.Node) copy).labels(), null, null, null, copy.properties())).toList();
    }

    private static End end(Copy.End end) {
        return new End(end.id().orElse(null), end.element());
    }
}
