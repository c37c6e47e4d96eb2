package syncdata.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;

/** The copies that Neo4j holds of an entity: its nodes and its relationships. */
public final class GraphStates {
    private static final String NODES = "node-states.cypher";
    private static final String RELATIONSHIPS = "relationship-states.cypher";

    private final GraphConnection connection;

    GraphStates(GraphConnection connection) {
        this.connection = connection;
    }

    /** The nodes and relationships of these ids. An id without any has no entry. */
    public Map<UUID, List<GraphState>> of(Collection<UUID> ids) {
        return states(ids, NODES, RELATIONSHIPS);
    }

    /** The nodes of these ids, likewise. */
    public Map<UUID, List<GraphState>> ofNodes(Collection<UUID> ids) {
        return states(ids, NODES);
    }

    /** The relationships of these ids, likewise. */
    public Map<UUID, List<GraphState>> ofRelationships(Collection<UUID> ids) {
        return states(ids, RELATIONSHIPS);
    }

    /** The size of those of these ids whose copies are large, estimated, in characters. */
    Map<UUID, Long> large(Collection<UUID> ids) {
        Map<UUID, Long> large = new HashMap<>();
        connection.read("large-copies.cypher", Map.of("ids", EntityId.texts(ids))).forEach(row ->
                large.merge(UUID.fromString(row.get("id").asString()), row.get("length").asLong(), Long::sum));
        return large;
    }

    /** Which of these ids nodes and relationships have. The ids may be written in any way. */
    public Set<String> heldIds(Collection<String> ids) {
        Set<String> found = new HashSet<>();
        connection.read("held-ids.cypher", Map.of("ids", ids))
                .forEach(row -> found.addAll(row.get("ids").asList(Value::asString)));
        return found;
    }

    /** Which of these ids more than one node has. */
    public List<UUID> duplicateNodes(Collection<UUID> ids) {
        return duplicates("duplicate-ids.cypher", ids);
    }

    /** Which of these ids more than one relationship has. */
    public List<UUID> duplicateRelationships(Collection<UUID> ids) {
        return duplicates("duplicate-relation-ids.cypher", ids);
    }

    /**
     * Reads a row of a query that gives states: id, type, timestamp, properties, and of a relationship the ids of its
     * source and target.
     */
    public static GraphState state(Value row) {
        boolean relationship = row.size() > 4;
        Object timestamp = row.get(2).asObject();
        return new GraphState(UUID.fromString(row.get(0).asString()), relationship, text(row.get(1)),
                GraphTimestamp.of(timestamp), row.get(3).asMap(), relationship ? text(row.get(4)) : null,
                relationship ? text(row.get(5)) : null, timestamp);
    }

    private Map<UUID, List<GraphState>> states(Collection<UUID> ids, String... queries) {
        List<String> texts = EntityId.texts(ids);
        Map<UUID, List<GraphState>> states = new HashMap<>();
        for (String query : queries) {
            collect(query, texts, states);
        }
        return states;
    }

    private void collect(String name, List<String> ids, Map<UUID, List<GraphState>> states) {
        try {
            Map<String, Object> parameters = Map.of("ids", ids);
            Record row = ids.size() > 1 ? connection.readLarge(name, parameters)
                    : connection.readSingle(name, parameters);
            for (GraphState copy : row.get("states").asList(GraphStates::state)) {
                states.computeIfAbsent(copy.id(), id -> new ArrayList<>()).add(copy);
            }
        } catch (TooLargeException e) {
            collect(name, ids.subList(0, ids.size() / 2), states);
            collect(name, ids.subList(ids.size() / 2, ids.size()), states);
        }
    }

    private List<UUID> duplicates(String name, Collection<UUID> ids) {
        return connection.readSingle(name, Map.of("ids", EntityId.texts(ids))).get("ids")
                .asList(id -> UUID.fromString(id.asString()));
    }

    private static String text(Value value) {
        return value.isNull() ? null : String.valueOf(value.asObject());
    }
}
