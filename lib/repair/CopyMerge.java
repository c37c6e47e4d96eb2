package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.rules.EntityId;
import syncdata.rules.KeptProperties;
import syncdata.store.CypherName;
import syncdata.store.GraphStore;

/** Makes one node of the copies of an entity. */
final class CopyMerge {
    private final GraphStore graph;
    private final Journal journal;
    private final KeptProperties kept;
    private final Placeholders placeholders;

    CopyMerge(GraphStore graph, Journal journal, KeptProperties kept, Placeholders placeholders) {
        this.graph = graph;
        this.journal = journal;
        this.kept = kept;
        this.placeholders = placeholders;
    }

    /**
     * Merges the copies of each entity. The node with the most relationships stays. It takes the labels of the others,
     * their relationships, and what belongs to other services. It becomes a placeholder, so that it is written, or
     * found again. Relationships that have the entity's id go.
     *
     * @param limit so many relationships are moved at most
     * @return how many were; the merge is complete at 0
     */
    int merge(Going going, int limit) {
        return placeholders.leave(timestamp -> WriteTransaction.run(graph, journal, transaction -> {
            Held held = going.lock(transaction, kept);
            Copies copies = read(transaction, going.ids());
            List<Change> changes = new ArrayList<>();
            int moved = moveRelationships(transaction, copies, limit, changes);
            if (moved < limit) {
                mergeNodes(transaction, copies, going, Values.value(timestamp.orElse(null)), changes);
                deleteRelationships(transaction, going.ids(), held, changes);
            }
            transaction.journal(changes);
            return moved < limit ? 0 : moved;
        }));
    }

    private static Copies read(WriteTransaction transaction, Collection<UUID> ids) {
        Map<UUID, List<Numbered>> byId = new LinkedHashMap<>();
        if (!ids.isEmpty()) {
            transaction.queries().single("nodes-to-merge.cypher", Map.of("ids", EntityId.texts(ids))).get("nodes")
                    .values().forEach(row ->
                    byId.computeIfAbsent(UUID.fromString(row.get("id").asString()), id -> new ArrayList<>())
                            .add(new Numbered(row.get("number").asLong(), row.get("relationships").asLong(),
                                    Copy.Node.of(row.get("node").asNode()))));
        }
        byId.values().forEach(copies ->
                copies.sort(Comparator.comparing(Numbered::relationships).reversed().thenComparing(Numbered::number)));
        return new Copies(byId);
    }

    private static int moveRelationships(WriteTransaction transaction, Copies copies, int limit,
            List<Change> changes) {
        List<Long> others = copies.others();
        if (others.isEmpty()) {
            return 0;
        }
        Map<String, List<Map<String, Object>>> byType = new LinkedHashMap<>();
        List<Value> tied = transaction.queries()
                .single("relationships-to-move.cypher", Map.of("nodes", others, "limit", limit))
                .get("relationships").asList(row -> row);
        for (Value row : tied) {
            Copy.Relationship before = Copy.Relationship.of(row.get("relationship").asRelationship(),
                    row.get("source"), row.get("target"));
            long source = row.get("source_number").asLong();
            long target = row.get("target_number").asLong();
            changes.add(new Change.Moved(Change.entity(row.get("relation")), before,
                    copies.end(source, before.from()), copies.end(target, before.to())));
            byType.computeIfAbsent(before.type(), type -> new ArrayList<>())
                    .add(Map.of("number", row.get("number").asLong(), "source", copies.staying(source), "target",
                            copies.staying(target)));
        }
        byType.forEach((type, rows) -> transaction.queries().single("move-relationships.cypher",
                text -> text.replace("`type of the row`", CypherName.quoted(type)), Map.of("rows", rows)));
        return tied.size();
    }

    /** A copy to which somebody has tied a new relationship meanwhile stays; its entity is left. */
    private void mergeNodes(WriteTransaction transaction, Copies all, Going going, Value timestamp,
            List<Change> changes) {
        List<Long> others = all.others();
        Set<Long> deleted = others.isEmpty()
                ? Set.of() : Set.copyOf(transaction.queries().single("delete-copies.cypher", Map.of("nodes", others))
                        .get("deleted").asList(Value::asLong));
        Map<List<String>, List<Map<String, Object>>> byLabels = new LinkedHashMap<>();
        all.byId().forEach((id, copies) -> {
            Numbered stays = copies.get(0);
            List<Numbered> gone = copies.stream().filter(copy -> deleted.contains(copy.number())).toList();
            if (gone.size() < copies.size() - 1) {
                going.leave(List.of(id));
            }
            List<String> labels = copies.stream().filter(copy -> copy == stays || gone.contains(copy))
                    .flatMap(copy -> copy.node().labels().stream()).distinct().sorted().toList();
            Map<String, Object> properties =
                    new HashMap<>(Copy.withKept(Map.of(), gone.stream().map(Numbered::node).toList(), kept));
            properties.keySet().removeAll(stays.node().properties().keySet());
            byLabels.computeIfAbsent(labels, same -> new ArrayList<>())
                    .add(Map.of("number", stays.number(), "properties", properties));
            changes.add(new Change.Changed(id, stays.node(), timestamp, labels));
            gone.forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy.node())));
        });
        byLabels.forEach((labels, rows) -> transaction.queries().run("merge-nodes.cypher",
                text -> text.replace("`labels of the row`", CypherName.quoted(labels)),
                Map.of("rows", rows, "timestamp", timestamp)));
    }

    private static void deleteRelationships(WriteTransaction transaction, Collection<UUID> ids, Held held,
            List<Change> changes) {
        List<UUID> some = ids.stream().filter(id -> !held.relationships(id).isEmpty()).toList();
        transaction.deleteRelationships(some);
        some.forEach(id -> held.relationships(id)
                .forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy))));
    }

    /** A node with Neo4j's number of it, and how many relationships are tied to it. */
    private record Numbered(long number, long relationships, Copy.Node node) {
    }

    /** Nodes of the same ids; of each the one that stays first. */
    private record Copies(Map<UUID, List<Numbered>> byId) {
        /** The numbers of those that go. */
        List<Long> others() {
            return byId.values().stream().flatMap(copies -> copies.stream().skip(1)).map(Numbered::number).toList();
        }

        /** The number of the node that stays in the place of this one; its own where it is no copy. */
        long staying(long number) {
            return of(number).map(Numbered::number).orElse(number);
        }

        /** The end that stays in the place of this one. */
        Copy.End end(long number, Copy.End end) {
            return of(number).map(stays -> new Copy.End(end.id(), stays.node().element())).orElse(end);
        }

        private Optional<Numbered> of(long number) {
            return byId.values().stream().filter(copies -> copies.stream().anyMatch(copy -> copy.number() == number))
                    .map(copies -> copies.get(0)).findFirst();
        }
    }
}
