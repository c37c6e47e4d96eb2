package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;
import syncdata.rules.SeenCopies;
import syncdata.store.GraphStates;
import syncdata.store.GraphTransaction;

/** What a transaction found in Neo4j of some entities: every copy, whole. */
final class Held {
    /** One copy, as it is compared and as it is kept in the journal. */
    private record Found(GraphState state, Copy copy) {
        static Found node(Value row) {
            return new Found(GraphStates.node(row), Copy.Node.of(row.get("copy").asNode()));
        }

        static Found relationship(Value row) {
            return new Found(GraphStates.relationship(row), Copy.Relationship.of(row.get("copy").asRelationship(),
                    row.get("source"), row.get("target")));
        }
    }

    private final Map<UUID, List<Found>> found = new HashMap<>();

    private Held() {
    }

    /** Takes the locks, then looks: Neo4j reads what is committed, so a look before the lock may be out of date. */
    static Held locked(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        if (!nodes.isEmpty()) {
            transaction.run("lock-nodes.cypher", Map.of("ids", EntityId.texts(nodes)));
        }
        if (!relationships.isEmpty()) {
            transaction.run("lock-relationships.cypher", Map.of("ids", EntityId.texts(relationships)));
        }
        return unlocked(transaction, nodes, relationships);
    }

    /** Looks at nodes and relationships, and takes no locks. */
    static Held unlocked(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        Held held = new Held();
        held.look(transaction, "nodes-to-change.cypher", nodes, Found::node);
        held.look(transaction, "relationships-to-change.cypher", relationships, Found::relationship);
        return held;
    }

    private void look(GraphTransaction transaction, String query, Collection<UUID> ids, Function<Value, Found> read) {
        if (ids.isEmpty()) {
            return;
        }
        for (Value row : transaction.single(query, Map.of("ids", EntityId.texts(ids))).get("states").values()) {
            Found copy = read.apply(row);
            found.computeIfAbsent(copy.state().id(), id -> new ArrayList<>()).add(copy);
        }
    }

    /** The copies of an entity, as they are compared. */
    List<GraphState> states(UUID id) {
        return found(id).map(Found::state).toList();
    }

    /** The same copies, as they are kept in the journal. */
    List<Copy> copies(UUID id) {
        return found(id).map(Found::copy).toList();
    }

    /** Those that are nodes. */
    List<Copy.Node> nodes(UUID id) {
        return of(id, Copy.Node.class);
    }

    /** Those that are relationships. */
    List<Copy.Relationship> relationships(UUID id) {
        return of(id, Copy.Relationship.class);
    }

    /** Those of these entities whose copies are still as they were seen. */
    Set<UUID> unchanged(Collection<UUID> ids, Map<UUID, List<GraphState>> seen, KeptProperties kept) {
        return ids.stream().filter(id -> areStill(seen.getOrDefault(id, List.of()), states(id), kept))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether copies that are there now are as many as were seen, and each still what one of those was. */
    private static boolean areStill(List<GraphState> seen, List<GraphState> now, KeptProperties kept) {
        List<GraphState> left = new ArrayList<>(now);
        return seen.size() == now.size() && seen.stream().allMatch(copy -> left.stream()
                .filter(other -> SeenCopies.isStill(other, copy, kept::keeps)).findFirst().map(left::remove)
                .orElse(false));
    }

    private Stream<Found> found(UUID id) {
        return found.getOrDefault(id, List.of()).stream();
    }

    private <T extends Copy> List<T> of(UUID id, Class<T> kind) {
        return found(id).map(Found::copy).filter(kind::isInstance).map(kind::cast).toList();
    }
}
