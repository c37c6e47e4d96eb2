package syncdata.repair;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Relationship;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.KeptProperties;
import syncdata.rules.Relation;
import syncdata.rules.SeenCopies;
import syncdata.store.CypherDialect;
import syncdata.store.CypherName;
import syncdata.store.GraphStates;
import syncdata.store.GraphStore;
import syncdata.store.GraphTransaction;

/**
 * Every write to Neo4j, each a compare-and-set: an entity is changed only where its copies still have the timestamps
 * that were seen, or the content, where that makes the difference.
 * Neo4j reads what is committed, so a transaction takes the locks first, then looks, then tells the journal, then
 * writes.
 * Whatever stands otherwise than was seen is left as it is, and said.
 */
public final class GraphWriter {
    private static final String TIMESTAMP = "last_updated_at";
    /** The timestamp of unfinished nodes where a constraint asks for one: a check finds them as outdated. */
    private static final ZonedDateTime LONG_AGO = Instant.EPOCH.atZone(ZoneOffset.UTC);
    private static final Pattern TIMESTAMP_ASKED_FOR = Pattern.compile("must have .*" + TIMESTAMP);

    /** How the writing of relations went. */
    sealed interface RelationsWritten {
        RelationsWritten NONE = new Done(Set.of(), Set.of());

        /** With what came of others after them. */
        RelationsWritten and(RelationsWritten later);

        /**
         * They are written.
         *
         * @param changed  lost the compare-and-set, and were left
         * @param replaced had copies that were deleted before they were made anew; what somebody else was about to
         *                 write to those is lost
         */
        record Done(Set<UUID> changed, Set<UUID> replaced) implements RelationsWritten {
            @Override
            public RelationsWritten and(RelationsWritten later) {
                return later instanceof Done more
                        ? new Done(union(changed, more.changed), union(replaced, more.replaced)) : later;
            }

            private static Set<UUID> union(Set<UUID> some, Set<UUID> more) {
                Set<UUID> all = new HashSet<>(some);
                all.addAll(more);
                return all;
            }
        }

        /** These have ends that do not each stand in the graph exactly once; nothing was changed. */
        record EndsMissing(List<Relation> relations) implements RelationsWritten {
            @Override
            public RelationsWritten and(RelationsWritten later) {
                return this;
            }
        }
    }

    /** Of several entities that are written in one transaction, this one cannot be. */
    static final class OneFailsException extends RuntimeException {
        private final UUID id;

        OneFailsException(UUID id, RuntimeException cause) {
            super(cause);
            this.id = id;
        }

        UUID id() {
            return id;
        }
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
        Set<UUID> unchanged(Collection<UUID> ids, Map<UUID, List<GraphState>> seen, KeptProperties kept) {
            return ids.stream().filter(id ->
                    areStill(seen.getOrDefault(id, List.of()), states.getOrDefault(id, List.of()), kept))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }

        /** Whether copies that are there now are as many as were seen, and each still what one of those was. */
        private static boolean areStill(List<GraphState> seen, List<GraphState> now, KeptProperties kept) {
            List<GraphState> left = new ArrayList<>(now);
            return seen.size() == now.size() && seen.stream().allMatch(copy -> left.stream()
                    .filter(other -> SeenCopies.isStill(other, copy, kept::keeps)).findFirst().map(left::remove)
                    .orElse(false));
        }
    }

    private final GraphStore graph;
    private final Journal journal;
    private final KeptProperties kept;
    /** Whether Neo4j takes no node without a timestamp, by an existence constraint. */
    private volatile boolean timestampRequired;

    public GraphWriter(GraphStore graph, Journal journal) {
        this(graph, journal, KeptProperties.NONE);
    }

    /** @param kept what belongs to other services, and stays as it is */
    GraphWriter(GraphStore graph, Journal journal, KeptProperties kept) {
        this.graph = graph;
        this.journal = journal;
        this.kept = kept;
    }

    /**
     * Makes nodes equal to their rows.
     *
     * @param seen the copies of each; none where there was none
     * @return the ids of those that stand otherwise, and were left
     */
    public Set<UUID> writeNodes(List<Map<String, Object>> rows, Map<UUID, List<GraphState>> seen) {
        return write(byId(rows), seen, (transaction, whole) -> merge(transaction, "write-nodes.cypher", whole));
    }

    /**
     * The same for nodes whose values may stand in each other's way where they must be unique: each gives up its own
     * before the first is written.
     *
     * @throws OneFailsException at the first that cannot be written all the same; none is written then
     */
    Set<UUID> writeNodesTogether(List<Map<String, Object>> rows, Map<UUID, List<GraphState>> seen) {
        return write(byId(rows), seen, (transaction, whole) -> {
            transaction.run("clear-nodes.cypher", Map.of("ids", whole.stream().map(row -> row.get("id")).toList()));
            int made = 0;
            for (Map<String, Object> row : whole) {
                try {
                    made += merge(transaction, "write-nodes.cypher", List.of(row));
                } catch (ClientException e) {
                    throw new OneFailsException(UUID.fromString((String) row.get("id")), e);
                }
            }
            return made;
        });
    }

    /**
     * Makes nodes that have all of their rows but the timestamp, where none was seen. Where Neo4j takes none without,
     * they have one of long ago.
     *
     * @return the ids of those that stand otherwise, and were left
     */
    public Set<UUID> prepareNodes(List<Map<String, Object>> rows) {
        return unfinished(timestamp -> {
            Map<UUID, Map<String, Object>> untimed = byId(rows);
            untimed.replaceAll((id, row) -> {
                Map<String, Object> rest = new LinkedHashMap<>(row);
                rest.remove(TIMESTAMP);
                timestamp.ifPresent(time -> rest.put(TIMESTAMP, time));
                return rest;
            });
            return write(untimed, Map.of(), (transaction, whole) -> merge(transaction, "prepare-nodes.cypher", whole));
        });
    }

    /** An unfinished node, as this leaves it for others to tie relations to. */
    List<GraphState> placeholder(UUID id) {
        Object stored = timestampRequired ? LONG_AGO : null;
        return List.of(new GraphState(id, false, null, GraphTimestamp.of(stored), Map.of(), null, null, stored));
    }

    /** Leaves nodes without a timestamp, or with one of long ago where a constraint asks for one. */
    private <T> T unfinished(Function<Optional<Object>, T> work) {
        if (!timestampRequired) {
            try {
                return work.apply(Optional.empty());
            } catch (Neo4jException e) {
                if (!TIMESTAMP_ASKED_FOR.matcher(String.valueOf(e.getMessage())).find()) {
                    throw e;
                }
                timestampRequired = true;
            }
        }
        return work.apply(Optional.of(LONG_AGO));
    }

    private static int merge(GraphTransaction transaction, String query, List<Map<String, Object>> rows) {
        return transaction.run(query, Map.of("rows", rows)).counters().nodesCreated();
    }

    private static Map<UUID, Map<String, Object>> byId(List<Map<String, Object>> rows) {
        Map<UUID, Map<String, Object>> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(UUID.fromString((String) row.get("id")), row));
        return byId;
    }

    /**
     * Writes nodes; the locks of those that are there, and the number of those that are made, tell that nobody came
     * between.
     */
    private Set<UUID> write(Map<UUID, Map<String, Object>> rows, Map<UUID, List<GraphState>> seen, NodeQuery query) {
        Map<UUID, List<GraphState>> expected = new HashMap<>();
        rows.keySet().forEach(id -> expected.put(id, seen.getOrDefault(id, List.of())));
        Set<UUID> changed = new HashSet<>();
        while (changed.size() < rows.size()) {
            Set<UUID> some = without(rows.keySet(), changed);
            Optional<Set<UUID>> left = writeOnce(rows, some, expected, query);
            if (left.isPresent()) {
                changed.addAll(left.get());
                return changed;
            }
            Map<UUID, List<GraphState>> there =
                    graph.states().of(some.stream().filter(id -> expected.get(id).isEmpty()).toList());
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
        return changed;
    }

    /**
     * Gives those that were left; empty where nothing was written, since somebody made a node meanwhile that was not
     * there.
     */
    private Optional<Set<UUID>> writeOnce(Map<UUID, Map<String, Object>> rows, Set<UUID> ids,
            Map<UUID, List<GraphState>> expected, NodeQuery query) {
        return change(tell -> transaction -> {
            Held held = hold(transaction, ids.stream().filter(id -> !expected.get(id).isEmpty()).toList(), List.of());
            Set<UUID> unchanged = held.unchanged(ids, expected, kept);
            List<Change> changes = new ArrayList<>();
            List<Map<String, Object>> whole = new ArrayList<>();
            for (UUID id : unchanged) {
                List<Copy> before = held.copies().getOrDefault(id, List.of());
                Value timestamp = Values.value(rows.get(id).get(TIMESTAMP));
                whole.add(withKept(rows.get(id), before));
                changes.add(before.isEmpty() ? new Change.Made(false, id, timestamp)
                        : new Change.Changed(id, before.get(0), timestamp));
            }
            tell.accept(changes);
            long absent = changes.stream().filter(Change.Made.class::isInstance).count();
            if (!unchanged.isEmpty() && query.run(transaction, whole) != absent) {
                transaction.rollBack(); // some of them are there now
                return Optional.empty();
            }
            return Optional.of(without(ids, unchanged));
        });
    }

    /**
     * Properties as they are to be, and of copies what belongs to other services; of several copies the first that has
     * it.
     */
    private Map<String, Object> withKept(Map<String, Object> properties, List<Copy> copies) {
        if (kept.equals(KeptProperties.NONE) || copies.isEmpty()) {
            return properties;
        }
        Map<String, Object> whole = new LinkedHashMap<>(properties);
        copies.forEach(copy -> kept.of(copy.properties()).forEach(whole::putIfAbsent));
        return whole;
    }

    /** Whether this is what {@link #prepareNodes} leaves: it says nothing that could be newer. */
    private static boolean isPlaceholder(List<GraphState> copies) {
        return copies.size() == 1 && !copies.get(0).relationship()
                && (copies.get(0).stored() == null || copies.get(0).stored().equals(LONG_AGO));
    }

    /**
     * Makes relationships equal to relations, their ends included: one that is there once and between the right ends
     * is updated, any other is deleted and created anew.
     *
     * @param seen the copies of each; none where there was none
     */
    RelationsWritten writeRelationships(List<Relation> relations, Map<UUID, List<GraphState>> seen) {
        if (relations.isEmpty()) {
            return RelationsWritten.NONE;
        }
        return change(tell -> transaction -> {
            List<UUID> ids = relations.stream().map(Relation::id).toList();
            boolean anySeen = ids.stream().anyMatch(seen::containsKey);
            Held held = anySeen ? hold(transaction, List.of(), ids) : look(transaction, List.of(), ids);
            Set<UUID> unchanged = held.unchanged(ids, seen, kept);
            List<Relation> some = relations.stream().filter(relation -> unchanged.contains(relation.id())).toList();
            return writeRelationships(transaction, tell, some, held, without(ids, unchanged));
        });
    }

    private RelationsWritten writeRelationships(GraphTransaction transaction, Tell tell, List<Relation> relations,
            Held held, Set<UUID> changed) {
        List<Relation> toUpdate = new ArrayList<>();
        List<Relation> toCreate = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Relation relation : relations) {
            List<GraphState> states = held.states().getOrDefault(relation.id(), List.of());
            List<Copy> copies = held.copies().getOrDefault(relation.id(), List.of());
            boolean rightPlace = states.size() == 1 && relation.from().equals(states.get(0).from())
                    && relation.to().equals(states.get(0).to());
            Value timestamp = Values.value(relation.properties().get(TIMESTAMP));
            UUID id = relation.id();
            Relation whole = new Relation(id, relation.from(), relation.to(),
                    withKept(relation.properties(), copies));
            if (rightPlace) {
                toUpdate.add(whole);
                changes.add(new Change.Changed(id, copies.get(0), timestamp));
            } else {
                toCreate.add(whole);
                copies.forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy)));
                changes.add(new Change.Made(true, id, timestamp));
            }
        }
        tell.accept(changes);
        Set<UUID> toReplace = toCreate.stream().map(Relation::id).filter(held.states()::containsKey)
                .collect(Collectors.toSet());
        if (!toReplace.isEmpty()) {
            transaction.run("delete-relationships.cypher", Map.of("ids", EntityId.texts(toReplace)));
        }
        if (!toUpdate.isEmpty()) {
            Map<String, Object> properties = new HashMap<>();
            toUpdate.forEach(relation -> properties.put(relation.id().toString(), relation.properties()));
            transaction.run("update-relationships.cypher",
                    Map.of("ids", properties.keySet(), "properties", properties));
        }
        if (!toCreate.isEmpty()) {
            List<String> created = transaction.single("create-relationships.cypher", Map.of("rows", rows(toCreate)))
                    .get("created").asList(Value::asString);
            List<Relation> failed = notCreatedOnce(toCreate, created);
            if (!failed.isEmpty()) {
                transaction.rollBack();
                return new RelationsWritten.EndsMissing(failed);
            }
        }
        return new RelationsWritten.Done(changed, toReplace);
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
            Map<String, Object> parameters = new HashMap<>(Map.of("ids", EntityId.texts(going.ids()), "limit", limit));
            parameters.put("relations", relations == null ? null : EntityId.texts(relations));
            List<Change> changes = transaction.single("delete-attached-relationships.cypher", parameters).get("deleted")
                    .asList(GraphWriter::deleted);
            tell.accept(changes);
            return changes.size();
        });
    }

    /** Deletes every copy of the entities that are going, once nothing is tied to them. */
    void delete(Going going) {
        change(tell -> transaction -> {
            Held held = going.look(this, transaction);
            List<UUID> nodes = held.states().entrySet().stream()
                    .filter(entry -> going.ids().contains(entry.getKey())
                            && entry.getValue().stream().anyMatch(copy -> !copy.relationship()))
                    .map(Map.Entry::getKey).toList();
            if (!nodes.isEmpty()) {
                List<String> deleted = transaction.single("delete-nodes.cypher", Map.of("ids", EntityId.texts(nodes)))
                        .get("deleted").asList(Value::asString);
                going.leave(nodes.stream().filter(id -> deleted.stream().filter(id.toString()::equals).count()
                        < held.states().get(id).stream().filter(copy -> !copy.relationship()).count()).toList());
            }
            List<UUID> relationships = going.ids().stream()
                    .filter(id -> held.states().getOrDefault(id, List.of()).stream().anyMatch(GraphState::relationship))
                    .toList();
            if (!relationships.isEmpty()) {
                transaction.run("delete-relationships.cypher", Map.of("ids", EntityId.texts(relationships)));
            }
            tell.accept(going.ids().stream().flatMap(id -> held.copies().getOrDefault(id, List.of()).stream()
                    .<Change>map(copy -> new Change.Deleted(Optional.of(id), copy))).toList());
            return null;
        });
    }

    /**
     * Makes one node of the copies of each of these entities: the one with the most relationships stays, takes the
     * labels of the others,
     * what belongs to other services, and whatever is tied to them. It loses its timestamp, so that it is written or
     * found again.
     * A relationship that has the id of such an entity goes.
     *
     * @param limit so many relationships are moved at most
     * @return how many were; the rest of the merge waits until there are fewer than the limit
     */
    int merge(Going going, int limit) {
        return unfinished(timestamp -> change(tell -> transaction -> {
            Held held = going.look(this, transaction);
            Merging merging = merging(transaction, going.ids());
            List<Change> changes = new ArrayList<>();
            int moved = moveRelationships(transaction, merging, limit, changes);
            if (moved < limit) {
                mergeNodes(transaction, merging, going, Values.value(timestamp.orElse(null)), changes);
                deleteRelationships(transaction, going.ids(), held, changes);
            }
            tell.accept(changes);
            return moved < limit ? 0 : moved;
        }));
    }

    private Merging merging(GraphTransaction transaction, Collection<UUID> ids) {
        Map<UUID, List<Numbered>> byId = new LinkedHashMap<>();
        if (!ids.isEmpty()) {
            Value nodes = transaction.single("nodes-to-merge.cypher", Map.of("ids", EntityId.texts(ids))).get("nodes");
            nodes.values().forEach(row ->
                    byId.computeIfAbsent(UUID.fromString(row.get("id").asString()), id -> new ArrayList<>())
                            .add(new Numbered(row.get("number").asLong(), row.get("relationships").asLong(),
                                    copy(row.get("node").asNode()))));
        }
        byId.values().forEach(copies ->
                copies.sort(Comparator.comparing(Numbered::relationships).reversed().thenComparing(Numbered::number)));
        return new Merging(byId);
    }

    private int moveRelationships(GraphTransaction transaction, Merging merging, int limit, List<Change> changes) {
        List<Long> others = merging.others();
        if (others.isEmpty()) {
            return 0;
        }
        Map<String, List<Map<String, Object>>> byType = new LinkedHashMap<>();
        List<Value> tied = transaction.single("relationships-to-move.cypher", Map.of("nodes", others, "limit", limit))
                .get("relationships").asList(Function.identity());
        for (Value row : tied) {
            Copy.Relationship before = copy(row.get("relationship").asRelationship(), row.get("source"),
                    row.get("target"));
            long source = row.get("source_number").asLong();
            long target = row.get("target_number").asLong();
            changes.add(new Change.Moved(entity(row.get("relation")), before, merging.end(source, before.from()),
                    merging.end(target, before.to())));
            byType.computeIfAbsent(before.type(), type -> new ArrayList<>())
                    .add(Map.of("number", row.get("number").asLong(), "source", merging.staying(source), "target",
                            merging.staying(target)));
        }
        byType.forEach((type, rows) -> transaction.single("move-relationships.cypher",
                text -> text.replace("`type of the row`", CypherName.quoted(type)), Map.of("rows", rows)));
        return tied.size();
    }

    /** Somebody may have tied a new relationship to a copy meanwhile: that one stays, and its entity is left. */
    private void mergeNodes(GraphTransaction transaction, Merging merging, Going going, Value timestamp,
            List<Change> changes) {
        List<Long> others = merging.others();
        Set<Long> deleted = others.isEmpty()
                ? Set.of() : Set.copyOf(transaction.single("delete-copies.cypher", Map.of("nodes", others))
                        .get("deleted").asList(Value::asLong));
        Map<List<String>, List<Map<String, Object>>> byLabels = new LinkedHashMap<>();
        merging.byId().forEach((id, copies) -> {
            Numbered stays = copies.get(0);
            List<Numbered> gone = copies.stream().filter(copy -> deleted.contains(copy.number())).toList();
            if (gone.size() < copies.size() - 1) {
                going.leave(List.of(id));
            }
            List<String> labels = copies.stream().filter(copy -> copy == stays || gone.contains(copy))
                    .flatMap(copy -> copy.node().labels().stream()).distinct().sorted().toList();
            Map<String, Object> properties =
                    new HashMap<>(withKept(Map.of(), gone.stream().<Copy>map(Numbered::node).toList()));
            properties.keySet().removeAll(stays.node().properties().keySet());
            byLabels.computeIfAbsent(labels, same -> new ArrayList<>())
                    .add(Map.of("number", stays.number(), "properties", properties));
            changes.add(new Change.Changed(id, stays.node(), timestamp, labels));
            gone.forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy.node())));
        });
        byLabels.forEach((labels, rows) -> transaction.run("merge-nodes.cypher",
                text -> text.replace("`labels of the row`", CypherName.quoted(labels)),
                Map.of("rows", rows, "timestamp", timestamp)));
    }

    private void deleteRelationships(GraphTransaction transaction, Collection<UUID> ids, Held held,
            List<Change> changes) {
        List<UUID> some = ids.stream()
                .filter(id -> held.states().getOrDefault(id, List.of()).stream().anyMatch(GraphState::relationship))
                .toList();
        if (some.isEmpty()) {
            return;
        }
        transaction.run("delete-relationships.cypher", Map.of("ids", EntityId.texts(some)));
        some.forEach(id -> held.copies().get(id).stream().filter(Copy.Relationship.class::isInstance)
                .forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy))));
    }

    /** A node with Neo4j's own number of it, and how many relationships are tied to it. */
    private record Numbered(long number, long relationships, Copy.Node node) {
    }

    /** Nodes of the same ids; of each the one that stays first. */
    private record Merging(Map<UUID, List<Numbered>> byId) {
        /** The numbers of those that go. */
        List<Long> others() {
            return byId.values().stream().flatMap(copies -> copies.stream().skip(1)).map(Numbered::number).toList();
        }

        /** The number of the node that stays for this one, which may be no copy at all. */
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

    /** Which of these ids more than one node has. */
    List<UUID> duplicateNodes(Collection<UUID> ids) {
        return graph.states().duplicateNodes(ids);
    }

    /** Which of these ids more than one relationship has. */
    List<UUID> duplicateRelationships(Collection<UUID> ids) {
        return graph.states().duplicateRelationships(ids);
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

        private Held look(GraphWriter writer, GraphTransaction transaction) {
            List<UUID> nodes = ids.stream().filter(id -> seen.get(id).stream().anyMatch(copy -> !copy.relationship()))
                    .toList();
            List<UUID> relationships = ids.stream()
                    .filter(id -> seen.get(id).stream().anyMatch(GraphState::relationship)).toList();
            Held held = writer.hold(transaction, nodes, relationships);
            ids = held.unchanged(ids, seen, writer.kept);
            leave(ids.isEmpty() ? List.of() : keeps.apply(ids));
            return held;
        }
    }

    Held hold(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        if (!nodes.isEmpty()) {
            transaction.run("lock-nodes.cypher", Map.of("ids", EntityId.texts(nodes)));
        }
        if (!relationships.isEmpty()) {
            transaction.run("lock-relationships.cypher", Map.of("ids", EntityId.texts(relationships)));
        }
        return look(transaction, nodes, relationships);
    }

    Held look(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        Held held = new Held(new HashMap<>(), new HashMap<>());
        look(transaction, "nodes-to-change.cypher", nodes, held);
        look(transaction, "relationships-to-change.cypher", relationships, held);
        return held;
    }

    private void look(GraphTransaction transaction, String query, Collection<UUID> ids, Held held) {
        if (ids.isEmpty()) {
            return;
        }
        for (Value row : transaction.single(query, Map.of("ids", EntityId.texts(ids))).get("states").values()) {
            GraphState state = GraphStates.state(row);
            held.states().computeIfAbsent(state.id(), id -> new ArrayList<>()).add(state);
            held.copies().computeIfAbsent(state.id(), id -> new ArrayList<>()).add(copy(row));
        }
    }

    private static Copy copy(Value row) {
        return row.size() == 4 ? copy(row.get(3).asNode()) : copy(row.get(3).asRelationship(), row.get(4), row.get(5));
    }

    private static Copy.Node copy(Node node) {
        List<String> labels = new ArrayList<>();
        node.labels().forEach(labels::add);
        return new Copy.Node(node.elementId(), labels, node.asMap(Function.identity()));
    }

    private static Copy.Relationship copy(Relationship relationship, Value source, Value target) {
        return new Copy.Relationship(relationship.elementId(), relationship.type(),
                new Copy.End(Optional.ofNullable(text(source)), relationship.startNodeElementId()),
                new Copy.End(Optional.ofNullable(text(target)), relationship.endNodeElementId()),
                relationship.asMap(Function.identity()));
    }

    /** What a row of delete-attached-relationships tells of. */
    private static Change deleted(Value row) {
        Copy copy = new Copy.Relationship(CypherDialect.element(row.get(5)), row.get(0).asString(),
                end(row.get(2).asNode()), end(row.get(3).asNode()),
                row.get(1).asMap(Function.identity()));
        return new Change.Deleted(entity(row.get(4)), copy);
    }

    /** The entity of this id, if it is one that an entity can have. */
    private static Optional<UUID> entity(Value id) {
        return Optional.ofNullable(text(id)).filter(EntityId::isCanonical).map(UUID::fromString);
    }

    private static Copy.End end(Node node) {
        return new Copy.End(Optional.ofNullable(text(node.get("id"))), node.elementId());
    }

    private static String text(Value value) {
        return value.type().name().equals("STRING") ? value.asString() : null;
    }

    /** Runs a transaction. Its batches of the journal are voided where it is certain that it came to nothing. */
    private <T> T change(Function<Tell, Function<GraphTransaction, T>> work) {
        return graph.write(transaction -> {
            Tell tell = changes -> {
                long batch = journal.add(changes);
                transaction.afterRollback(() -> journal.voided(batch));
            };
            return work.apply(tell).apply(transaction);
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
                "source", relation.from(), "target", relation.to(), "properties",
                relation.properties())).toList();
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

    /** Writes rows, and says how many nodes it made. */
    private interface NodeQuery {
        int run(GraphTransaction transaction, List<Map<String, Object>> rows);
    }
}
