package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.rules.KeptProperties;
import syncdata.store.CypherDialect;
import syncdata.store.GraphStore;

/** Deletes every copy of entities, after the relationships that are tied to their nodes. */
final class CopyDeletion {
    private final GraphStore graph;
    private final Journal journal;
    private final KeptProperties kept;

    CopyDeletion(GraphStore graph, Journal journal, KeptProperties kept) {
        this.graph = graph;
        this.journal = journal;
        this.kept = kept;
    }

    /**
     * Deletes relationships of any type that are tied to nodes of entities.
     *
     * @param limit so many at most
     * @return how many were deleted
     */
    int deleteAttached(Going going, int limit) {
        return deleteAttached(going, Optional.empty(), limit);
    }

    /** Deletes such relationships of these relations alone. */
    int deleteAttached(Going going, Collection<UUID> relations, int limit) {
        return deleteAttached(going, Optional.of(relations), limit);
    }

    private int deleteAttached(Going going, Optional<Collection<UUID>> relations, int limit) {
        return WriteTransaction.run(graph, journal, transaction -> {
            going.lock(transaction, kept);
            Map<String, Object> parameters = new HashMap<>(Map.of("ids", EntityId.texts(going.ids()), "limit", limit));
            parameters.put("relations", relations.map(EntityId::texts).orElse(null));
            List<Change> changes = transaction.queries().single("delete-attached-relationships.cypher", parameters)
                    .get("deleted").asList(CopyDeletion::deleted);
            transaction.journal(changes);
            return changes.size();
        });
    }

    private static Change deleted(Value row) {
        Copy.Relationship before = new Copy.Relationship(CypherDialect.element(row.get("element")),
                row.get("type").asString(), Copy.End.of(row.get("source").asNode()),
                Copy.End.of(row.get("target").asNode()), row.get("properties").asMap(value -> value));
        return new Change.Deleted(Change.entity(row.get("relation")), before);
    }

    /** Deletes the copies. A node to which something is tied stays, and its entity is left. */
    void delete(Going going) {
        WriteTransaction.run(graph, journal, transaction -> {
            Held held = going.lock(transaction, kept);
            List<UUID> nodes = going.ids().stream().filter(id -> !held.nodes(id).isEmpty()).toList();
            if (!nodes.isEmpty()) {
                Map<String, Integer> deleted = new HashMap<>();
                transaction.queries().single("delete-nodes.cypher", Map.of("ids", EntityId.texts(nodes)))
                        .get("deleted").values().forEach(id -> deleted.merge(id.asString(), 1, Integer::sum));
                going.leave(nodes.stream()
                        .filter(id -> deleted.getOrDefault(id.toString(), 0) < held.nodes(id).size()).toList());
            }
            transaction.deleteRelationships(
                    going.ids().stream().filter(id -> !held.relationships(id).isEmpty()).toList());
            List<Change> changes = new ArrayList<>();
            going.ids().forEach(id -> held.copies(id)
                    .forEach(copy -> changes.add(new Change.Deleted(Optional.of(id), copy))));
            transaction.journal(changes);
            return going;
        });
    }
}
