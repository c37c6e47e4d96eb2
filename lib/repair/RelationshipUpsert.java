package syncdata.repair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;
import syncdata.rules.Relation;
import syncdata.store.GraphStore;

/** Makes relationships equal to relations, their ends included. */
final class RelationshipUpsert {
    private final GraphStore graph;
    private final Journal journal;
    private final KeptProperties kept;

    RelationshipUpsert(GraphStore graph, Journal journal, KeptProperties kept) {
        this.graph = graph;
        this.journal = journal;
        this.kept = kept;
    }

    /**
     * Writes relations. A relationship that is there once and between the right ends is updated. Any other is deleted,
     * and made anew.
     *
     * @param seen the copies of each; none where there was none
     */
    RelationsWritten write(List<Relation> relations, Map<UUID, List<GraphState>> seen) {
        if (relations.isEmpty()) {
            return RelationsWritten.NONE;
        }
        return WriteTransaction.run(graph, journal, transaction -> {
            List<UUID> ids = relations.stream().map(Relation::id).toList();
            boolean anySeen = ids.stream().anyMatch(seen::containsKey);
            Held held = anySeen ? transaction.lock(List.of(), ids) : transaction.look(ids);
            Set<UUID> unchanged = held.unchanged(ids, seen, kept);
            Plan plan = new Plan();
            relations.stream().filter(relation -> unchanged.contains(relation.id()))
                    .forEach(relation -> plan.add(relation, held));
            transaction.journal(plan.changes);
            List<Relation> failed = write(transaction, plan);
            if (!failed.isEmpty()) {
                transaction.rollBack();
                return new RelationsWritten.EndsMissing(failed);
            }
            Set<UUID> changed = new HashSet<>(ids);
            changed.removeAll(unchanged);
            return new RelationsWritten.Done(changed, plan.toReplace);
        });
    }

    /** Gives those that Neo4j did not create exactly once: an end of theirs is missing, or there twice. */
    private static List<Relation> write(WriteTransaction transaction, Plan plan) {
        transaction.deleteRelationships(plan.toReplace);
        if (!plan.toUpdate.isEmpty()) {
            Map<String, Object> properties = new HashMap<>();
            plan.toUpdate.forEach(relation -> properties.put(relation.id().toString(), relation.properties()));
            transaction.queries().run("update-relationships.cypher",
                    Map.of("ids", properties.keySet(), "properties", properties));
        }
        if (plan.toCreate.isEmpty()) {
            return List.of();
        }
        return notOnce(plan.toCreate, transaction.queries()
                .single("create-relationships.cypher", Map.of("rows", rows(plan.toCreate)))
                .get("created").asList(Value::asString));
    }

    private static List<Relation> notOnce(List<Relation> relations, List<String> created) {
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

    /** What is to be done about relations in one transaction. */
    private final class Plan {
        private final List<Relation> toUpdate = new ArrayList<>();
        private final List<Relation> toCreate = new ArrayList<>();
        private final Set<UUID> toReplace = new HashSet<>();
        private final List<Change> changes = new ArrayList<>();

        void add(Relation relation, Held held) {
            UUID id = relation.id();
            List<Copy> copies = held.copies(id);
            Relation whole = new Relation(id, relation.from(), relation.to(),
                    Copy.withKept(relation.properties(), copies, kept));
            Value timestamp = Values.value(relation.properties().get(Copy.TIMESTAMP));
            if (isInPlace(relation, held.states(id))) {
                toUpdate.add(whole);
                changes.add(new Change.Changed(id, copies.get(0), timestamp));
                return;
            }
            toCreate.add(whole);
            if (!copies.isEmpty()) {
                toReplace.add(id);
            }
            copies.forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy)));
            changes.add(new Change.Made(true, id, timestamp));
        }

        private static boolean isInPlace(Relation relation, List<GraphState> copies) {
            return copies.size() == 1 && relation.from().equals(copies.get(0).from())
                    && relation.to().equals(copies.get(0).to());
        }
    }
}
