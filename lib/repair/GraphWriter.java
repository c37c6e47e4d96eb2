package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.neo4j.driver.TransactionContext;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Relationship;
import syncdata.check.Merge;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.store.CypherDialect;
import syncdata.store.GraphStore;
import syncdata.store.SourceStore.Relation;

/**
 * Every write to Neo4j, each a compare-and-set: an entity is changed only where its copies still have the timestamps that were seen.
 * Neo4j reads what is committed, so a transaction takes the locks first, then looks, then tells the journal, then writes.
 * Whatever stands otherwise than was seen is left as it is, and said.
 */
public final class GraphWriter {

    /**
     * How the writing of relations went.
     *
     * @param changed     stand otherwise than was seen, and were left
     * @param withoutEnds have ends that do not each stand in the graph exactly once; where there are any, nothing was changed
     * @param replaced    had copies that were deleted before they were made anew; what somebody else was about to write to those is lost
     */
    record Outcome(Set<UUID> changed, List<Relation> withoutEnds, Set<UUID> replaced) {
        static final Outcome NONE = new Outcome(Set.of(), List.of(), Set.of());
    }

    /** What a transaction found under its locks. */
    record Held(Map<UUID, List<GraphState>> states, Map<UUID, List<Copy>> copies) {
        /** The nodes of an entity. */
        List<Copy.Node> nodes(UUID id) {
            return of(id, Copy.Node.class);
        }

        /** Its relationships. */
        List<Copy.Relationship> relationships(UUID id) {
            return of(id, Copy.Relationship.class);
        }

        private <T extends Copy> List<T> of(UUID id, Class<T> kind) {
            return copies.getOrDefault(id, List.of()).stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        /** Those of these entities that stand as they were seen. */
        Set<UUID> unchanged(Collection<UUID> ids, Map<UUID, List<GraphState>> seen) {
            return ids.stream().filter(id -> sameTimestamps(seen.getOrDefault(id, List.of()), states.getOrDefault(id, List.of())))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    private final GraphStore graph;
    private final Journal journal;

    public GraphWriter(GraphStore graph, Journal journal) {
        this.graph = graph;
        this.journal = journal;
    }

    /**
     * Makes nodes equal to their rows.
     *
     * @param seen the copies of each; none where there was none
     * @return the ids of those that stand otherwise, and were left
     */
    public Set<UUID> writeNodes(List<Map<String, Object>> rows, Map<UUID, List<GraphState>> seen) {
        Map<UUID, Map<String, Object>> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(UUID.fromString((String) row.get("id")), row));
        return create(byId.keySet(), seen, (transaction, ids) ->
                graph.run(transaction, "write-nodes.cypher", Map.of("rows", ids.stream().map(byId::get).toList())).counters().nodesCreated(),
                id -> byId.get(id).get("last_updated_at"));
    }

    /**
     * Makes nodes that have an id and nothing else, where none was seen.
     *
     * @return the ids of those that are there by now
     */
    public Set<UUID> prepareNodes(Collection<UUID> ids) {
        return create(ids, Map.of(), (transaction, some) ->
                graph.run(transaction, "prepare-nodes.cypher", Map.of("ids", texts(some))).counters().nodesCreated(), id -> null);
    }

    /** Writes nodes; the locks of those that are there, and the number of those that are made, tell that nobody came between. */
    private Set<UUID> create(Collection<UUID> ids, Map<UUID, List<GraphState>> seen, Merge merge, Function<UUID, Object> timestamps) {
        Map<UUID, List<GraphState>> expected = new HashMap<>();
        ids.forEach(id -> expected.put(id, seen.getOrDefault(id, List.of())));
        Set<UUID> changed = new HashSet<>();
        while (changed.size() < ids.size()) {
            Set<UUID> some = without(ids, changed);
            try {
                changed.addAll(change(tell -> transaction -> {
                    Held held = hold(transaction, some.stream().filter(id -> !expected.get(id).isEmpty()).toList(), List.of());
                    Set<UUID> unchanged = held.unchanged(some, expected);
                    List<Change> changes = new ArrayList<>();
                    for (UUID id : unchanged) {
                        Value timestamp = Values.value(timestamps.apply(id));
                        changes.add(held.copies().containsKey(id) ? new Change.Changed(id, held.copies().get(id).get(0), timestamp)
                                : new Change.Made(false, id, timestamp));
                    }
                    tell.accept(changes);
                    long absent = changes.stream().filter(Change.Made.class::isInstance).count();
                    if (!unchanged.isEmpty() && merge.run(transaction, unchanged) != absent) {
                        throw new Undone(); // some of them are there now
                    }
                    return without(some, unchanged);
                }));
                return changed;
            } catch (Undone e) {
                Map<UUID, List<GraphState>> there = graph.states(some.stream().filter(id -> expected.get(id).isEmpty()).toList());
                if (there.isEmpty()) { // and gone again
                    changed.addAll(some);
                }
                there.forEach((id, copies) -> {
                    if (isPlaceholder(copies)) {
                        expected.put(id, copies);
                    } else {
                        changed.add(id);
                    }
                });
            }
        }
        return changed;
    }

    /** Whether this is what {@link #prepareNodes} leaves: it says nothing that could be newer. */
    private static boolean isPlaceholder(List<GraphState> copies) {
        return copies.size() == 1 && !copies.get(0).relationship() && copies.get(0).stored() == null;
    }

    /**
     * Makes relationships equal to relations, their ends included: one that is there once and between the right ends
     * is updated, any other is deleted and created anew.
     *
     * @param seen the copies of each; none where there was none
     */
    public Outcome writeRelationships(List<Relation> relations, Map<UUID, List<GraphState>> seen) {
        try {
            return change(tell -> transaction -> {
                List<UUID> ids = relations.stream().map(Relation::id).toList();
                boolean anySeen = ids.stream().anyMatch(seen::containsKey);
                Held held = anySeen ? hold(transaction, List.of(), ids) : look(transaction, List.of(), ids);
                Set<UUID> unchanged = held.unchanged(ids, seen);
                Set<UUID> replaced = writeRelationships(transaction, tell, relations.stream().filter(relation -> unchanged.contains(relation.id())).toList(), held);
                return new Outcome(without(ids, unchanged), List.of(), replaced);
            });
        } catch (Undone e) {
            return new Outcome(Set.of(), e.relations, Set.of());
        }
    }

    private Set<UUID> writeRelationships(TransactionContext transaction, Tell tell, List<Relation> relations, Held held) {
        List<Relation> toUpdate = new ArrayList<>();
        List<Relation> toCreate = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Relation relation : relations) {
            List<GraphState> states = held.states().getOrDefault(relation.id(), List.of());
            List<Copy> copies = held.copies().getOrDefault(relation.id(), List.of());
            boolean rightPlace = states.size() == 1 && relation.source().equals(states.get(0).source()) && relation.target().equals(states.get(0).target());
            Value timestamp = Values.value(relation.properties().get("last_updated_at"));
            UUID id = relation.id();
            if (rightPlace) {
                toUpdate.add(relation);
                changes.add(new Change.Changed(id, copies.get(0), timestamp));
            } else {
                toCreate.add(relation);
                copies.forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy)));
                changes.add(new Change.Made(true, id, timestamp));
            }
        }
        tell.accept(changes);
        Set<UUID> toReplace = toCreate.stream().map(Relation::id).filter(held.states()::containsKey).collect(Collectors.toSet());
        if (!toReplace.isEmpty()) {
            graph.run(transaction, "delete-relationships.cypher", Map.of("ids", texts(toReplace)));
        }
        if (!toUpdate.isEmpty()) {
            Map<String, Object> properties = new HashMap<>();
            toUpdate.forEach(relation -> properties.put(relation.id().toString(), relation.properties()));
            graph.run(transaction, "update-relationships.cypher", Map.of("ids", properties.keySet(), "properties", properties));
        }
        if (!toCreate.isEmpty()) {
            List<String> created = graph.single(transaction, "create-relationships.cypher", Map.of("rows", rows(toCreate))).get("created").asList(Value::asString);
            List<Relation> failed = notCreatedOnce(toCreate, created);
            if (!failed.isEmpty()) {
                throw new Undone(failed);
            }
        }
        return toReplace;
    }

    /**
     * Deletes relationships that are tied to entities which are going.
     *
     * @param relations only those of these ids; null for any, of any type
     * @param limit     so many at most
     * @return how many were deleted
     */
    int deleteAttached(Going going, Collection<UUID> relations, int limit) {
        return change(tell -> transaction -> {
            going.look(this, transaction);
            Map<String, Object> parameters = new HashMap<>(Map.of("ids", texts(going.ids()), "limit", limit));
            parameters.put("relations", relations == null ? null : texts(relations));
            List<Change> changes = graph.single(transaction, "delete-attached-relationships.cypher", parameters).get("deleted").asList(GraphWriter::deleted);
            tell.accept(changes);
            return changes.size();
        });
    }

    /** Deletes every copy of the entities that are going, once nothing is tied to them. */
    void delete(Going going) {
        change(tell -> transaction -> {
            Held held = going.look(this, transaction);
            List<UUID> nodes = held.states().entrySet().stream().filter(entry -> going.ids().contains(entry.getKey()) && entry.getValue().stream().anyMatch(copy -> !copy.relationship()))
                    .map(Map.Entry::getKey).toList();
            if (!nodes.isEmpty()) {
                List<String> deleted = graph.single(transaction, "delete-nodes.cypher", Map.of("ids", texts(nodes))).get("deleted").asList(Value::asString);
                going.leave(nodes.stream().filter(id -> deleted.stream().filter(id.toString()::equals).count()
                        < held.states().get(id).stream().filter(copy -> !copy.relationship()).count()).toList());
            }
            List<UUID> relationships = going.ids().stream().filter(id -> held.states().getOrDefault(id, List.of()).stream().anyMatch(GraphState::relationship)).toList();
            if (!relationships.isEmpty()) {
                graph.run(transaction, "delete-relationships.cypher", Map.of("ids", texts(relationships)));
            }
            tell.accept(going.ids().stream().flatMap(id -> held.copies().getOrDefault(id, List.of()).stream()
                    .<Change>map(copy -> new Change.Deleted(Optional.of(id), copy))).toList());
            return null;
        });
    }

    /** Which of these ids more than one node has. */
    List<UUID> duplicateNodes(Collection<UUID> ids) {
        return duplicates("duplicate-ids.cypher", ids);
    }

    /** Which of these ids more than one relationship has. */
    List<UUID> duplicateRelationships(Collection<UUID> ids) {
        return duplicates("duplicate-relation-ids.cypher", ids);
    }

    private List<UUID> duplicates(String query, Collection<UUID> ids) {
        return graph.readSingle(query, Map.of("ids", texts(ids))).get("ids").asList(Value::asString).stream().map(UUID::fromString).toList();
    }

    /** Entities that are about to be deleted, as long as they stand as they were seen. */
    static final class Going {
        private final Map<UUID, List<GraphState>> seen;
        private final Function<Collection<UUID>, Set<UUID>> keeps;
        private Set<UUID> ids;

        /** @param keeps which of some entities are not to be deleted after all; asked under the locks */
        Going(Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps) {
            this.seen = seen;
            this.keeps = keeps;
            this.ids = new LinkedHashSet<>(seen.keySet());
        }

        /** Those that are still going. */
        Set<UUID> ids() {
            return ids;
        }

        /** Leaves some alone. */
        void leave(Collection<UUID> staying) {
            ids = without(ids, staying);
        }

        private Held look(GraphWriter writer, TransactionContext transaction) {
            List<UUID> nodes = ids.stream().filter(id -> seen.get(id).stream().anyMatch(copy -> !copy.relationship())).toList();
            List<UUID> relationships = ids.stream().filter(id -> seen.get(id).stream().anyMatch(GraphState::relationship)).toList();
            Held held = writer.hold(transaction, nodes, relationships);
            ids = held.unchanged(ids, seen);
            leave(ids.isEmpty() ? List.of() : keeps.apply(ids));
            return held;
        }
    }

    Held hold(TransactionContext transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        if (!nodes.isEmpty()) {
            graph.run(transaction, "lock-nodes.cypher", Map.of("ids", texts(nodes)));
        }
        if (!relationships.isEmpty()) {
            graph.run(transaction, "lock-relationships.cypher", Map.of("ids", texts(relationships)));
        }
        return look(transaction, nodes, relationships);
    }

    Held look(TransactionContext transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        Held held = new Held(new HashMap<>(), new HashMap<>());
        look(transaction, "nodes-to-change.cypher", nodes, held);
        look(transaction, "relationships-to-change.cypher", relationships, held);
        return held;
    }

    private void look(TransactionContext transaction, String query, Collection<UUID> ids, Held held) {
        if (ids.isEmpty()) {
            return;
        }
        for (Value row : graph.single(transaction, query, Map.of("ids", texts(ids))).get("states").values()) {
            GraphState state = GraphStore.state(row);
            held.states().computeIfAbsent(state.id(), id -> new ArrayList<>()).add(state);
            held.copies().computeIfAbsent(state.id(), id -> new ArrayList<>()).add(copy(row));
        }
    }

    private static Copy copy(Value row) {
        if (row.size() == 4) {
            Node node = row.get(3).asNode();
            List<String> labels = new ArrayList<>();
            node.labels().forEach(labels::add);
            return new Copy.Node(node.elementId(), labels, node.asMap(Function.identity()));
        }
        Relationship relationship = row.get(3).asRelationship();
        return new Copy.Relationship(relationship.elementId(), relationship.type(),
                new Copy.End(Optional.ofNullable(text(row.get(4))), relationship.startNodeElementId()),
                new Copy.End(Optional.ofNullable(text(row.get(5))), relationship.endNodeElementId()),
                relationship.asMap(Function.identity()));
    }

    /** What a row of delete-attached-relationships tells of. */
    private static Change deleted(Value row) {
        Copy copy = new Copy.Relationship(CypherDialect.element(row.get(5)), row.get(0).asString(), end(row.get(2).asNode()), end(row.get(3).asNode()),
                row.get(1).asMap(Function.identity()));
        Optional<UUID> entity = Optional.ofNullable(text(row.get(4))).filter(EntityId::isCanonical).map(UUID::fromString);
        return new Change.Deleted(entity, copy);
    }

    private static Copy.End end(Node node) {
        return new Copy.End(Optional.ofNullable(text(node.get("id"))), node.elementId());
    }

    private static String text(Value value) {
        return value.type().name().equals("STRING") ? value.asString() : null;
    }

    /** Whether copies that were seen and copies that are there now are as many, of the same kinds, with the same timestamps in the same encodings. */
    private static boolean sameTimestamps(List<GraphState> seen, List<GraphState> now) {
        List<GraphState> left = new ArrayList<>(now);
        return seen.size() == now.size() && seen.stream().allMatch(copy -> {
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i).relationship() == copy.relationship() && Objects.deepEquals(left.get(i).stored(), copy.stored())) {
                    left.remove(i);
                    return true;
                }
            }
            return false;
        });
    }

    /** Runs a transaction. Its batches of the journal are voided where it fails before it is committed; where nobody knows, they stay. */
    private <T> T change(Function<Tell, Function<TransactionContext, T>> work) {
        return graph.write(transaction -> {
            List<Long> batches = new ArrayList<>();
            try {
                return work.apply(changes -> batches.add(journal.add(changes))).apply(transaction);
            } catch (RuntimeException e) {
                batches.forEach(journal::voided);
                throw e;
            }
        });
    }

    private static List<Relation> notCreatedOnce(List<Relation> relations, List<String> created) {
        if (created.size() == relations.size() && created.stream().distinct().count() == created.size()) {
            return List.of();
        }
        Map<String, Integer> times = new HashMap<>();
        created.forEach(id -> times.merge(id, 1, Integer::sum));
        return relations.stream().filter(relation -> times.getOrDefault(relation.id().toString(), 0) != 1).toList();
    }

    private static List<Map<String, Object>> rows(List<Relation> relations) {
        return relations.stream().map(relation -> Map.<String, Object>of("id", relation.id().toString(),
                "source", relation.source(), "target", relation.target(), "properties", relation.properties())).toList();
    }

    private static List<String> texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    private static Set<UUID> without(Collection<UUID> ids, Collection<UUID> others) {
        Set<UUID> rest = new LinkedHashSet<>(ids);
        rest.removeAll(Set.copyOf(others));
        return rest;
    }

    /** Takes what a transaction is about to change. */
    private interface Tell {
        void accept(List<Change> changes);
    }

    private interface Merge {
        int run(TransactionContext transaction, Set<UUID> ids);
    }

    /** Thrown inside a transaction to roll it back. */
    private static final class Undone extends RuntimeException {
        private final transient List<Relation> relations;

        Undone() {
            this(List.of());
        }

        Undone(List<Relation> relations) {
            super(null, null, false, false);
            this.relations = relations;
        }
    }
}
