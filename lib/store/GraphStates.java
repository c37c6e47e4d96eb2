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
import syncdata.run.InputException;

/** The copies that Neo4j holds of an entity: its nodes and its relationships. */
public final class GraphStates {
    private static final String NODES = "node-states.cypher";
    private static final String RELATIONSHIPS = "relationship-states.cypher";
    /** Copies with more characters of text are looked at a few at a time. */
    private static final long LARGE = 10_000;

    private final GraphConnection connection;

    GraphStates(GraphConnection connection) {
        this.connection = connection;
    }

    /** The nodes and relationships of these ids. An id without any has no entry. */
    public Map<UUID, List<GraphState>> of(Collection<UUID> ids) {
        return whole(ids, NODES, RELATIONSHIPS);
    }

    /** The nodes of these ids, likewise. */
    public Map<UUID, List<GraphState>> ofNodes(Collection<UUID> ids) {
        return whole(ids, NODES);
    }

    /** The relationships of these ids, likewise. */
    public Map<UUID, List<GraphState>> ofRelationships(Collection<UUID> ids) {
        return whole(ids, RELATIONSHIPS);
    }

    /** What Neo4j holds of these ids, with the sizes of large copies and without their properties. */
    Sized<List<GraphState>> sized(Collection<UUID> ids) {
        Map<UUID, Long> large = new HashMap<>();
        return new Sized<>(states(ids, LARGE, large, NODES, RELATIONSHIPS), large);
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

    /** The node in a row of a query that gives id, type, last_updated_at and the copy: the node, or its properties. */
    public static GraphState node(Value row) {
        return state(row, false);
    }

    /** The relationship in a row of a query that gives the same, and the ids of its source and target. */
    public static GraphState relationship(Value row) {
        return state(row, true);
    }

    private static GraphState state(Value row, boolean relationship) {
        if (!row.type().name().equals("MAP")) {
            throw new InputException("A query file of your own gives copies as lists, without names:"
                    + " collect them as the built-in query of the same name does");
        }
        Object timestamp = row.get("last_updated_at").asObject();
        return new GraphState(UUID.fromString(row.get("id").asString()), relationship, text(row.get("type")),
                GraphTimestamp.of(timestamp), row.get("copy").asMap(Map.of()),
                relationship ? text(row.get("source")) : null, relationship ? text(row.get("target")) : null,
                timestamp);
    }

    private Map<UUID, List<GraphState>> whole(Collection<UUID> ids, String... queries) {
        return states(ids, Long.MAX_VALUE, new HashMap<>(), queries);
    }

    /**
     * Asks for copies.
     *
     * @param longest how many characters of text a copy has at most that is given with its properties
     * @param large   takes how many those have that have more
     */
    private Map<UUID, List<GraphState>> states(Collection<UUID> ids, long longest, Map<UUID, Long> large,
            String... queries) {
        Map<UUID, List<GraphState>> states = new HashMap<>();
        for (String query : queries) {
            for (Value row : collect(query, EntityId.texts(ids), longest)) {
                GraphState copy = query.equals(NODES) ? node(row) : relationship(row);
                states.computeIfAbsent(copy.id(), id -> new ArrayList<>()).add(copy);
                if (row.get("copy").isNull()) {
                    large.merge(copy.id(), row.get("length").asLong(), Long::sum);
                }
            }
        }
        return states;
    }

    /** All at once, or, where that is too much for the server's memory, each half. */
    private List<Value> collect(String name, List<String> ids, long longest) {
        Map<String, Object> parameters = Map.of("ids", ids, "longest", longest);
        try {
            Record row = ids.size() > 1 ? connection.readLarge(name, parameters)
                    : connection.readSingle(name, parameters);
            return row.get("states").asList(state -> state);
        } catch (TooLargeException e) {
            List<Value> rows = new ArrayList<>(collect(name, ids.subList(0, ids.size() / 2), longest));
            rows.addAll(collect(name, ids.subList(ids.size() / 2, ids.size()), longest));
            return rows;
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
