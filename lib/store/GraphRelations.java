package syncdata.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.rules.TiedRelations;

/** The relations that are tied to nodes in Neo4j: their ids, numbers and keys. */
public final class GraphRelations {
    private final GraphConnection connection;

    GraphRelations(GraphConnection connection) {
        this.connection = connection;
    }

    /** A node, and the number of relations that are tied to it. */
    public record ConnectedNode(String id, String type, Optional<String> title, long relations) {
    }

    /**
     * The relations from and to each of these nodes. A node that is not there has no entry.
     *
     * @param limit the most ids to give for each
     */
    public Map<UUID, TiedRelations> byNode(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        for (Record row : connection.read("relations-by-node.cypher",
                Map.of("ids", EntityId.texts(ids), "limit", limit))) {
            List<UUID> first = row.get("first").asList(Value::asString).stream().filter(EntityId::isCanonical)
                    .map(UUID::fromString).toList();
            relations.merge(UUID.fromString(row.get("id").asString()),
                    new TiedRelations(row.get("total").asLong(), first), GraphRelations::together);
        }
        return relations;
    }

    /** The number of relations that are tied to these nodes, by key. */
    public Map<String, Long> byKey(Collection<UUID> ids) {
        Map<String, Long> relations = new HashMap<>();
        connection.read("relations-by-key.cypher", Map.of("ids", EntityId.texts(ids)))
                .forEach(row -> relations.put(row.get("key").asString(), row.get("relations").asLong()));
        return relations;
    }

    /** The best connected of these nodes, at most {@code limit}. */
    public List<ConnectedNode> bestConnected(Collection<UUID> ids, int limit) {
        return connection.read("best-connected.cypher", Map.of("ids", EntityId.texts(ids), "limit", limit)).stream()
                .map(row -> new ConnectedNode(row.get("id").asString(), row.get("type").asString(),
                        Optional.ofNullable(row.get("title").asString(null)),
                        row.get("relations").asLong())).toList();
    }

    /** The ids of at most {@code limit} of the relations that are tied to these nodes. */
    public List<UUID> attached(Collection<UUID> ids, int limit) {
        return connection.readSingle("attached-relation-ids.cypher", Map.of("ids", EntityId.texts(ids), "limit", limit))
                .get("ids").asList(Value::asString).stream().filter(EntityId::isCanonical).map(UUID::fromString)
                .toList();
    }

    /**
     * The ids of relations that are tied to these nodes, in their order, from the first one behind {@code after} on.
     * Some may be no UUID.
     */
    public List<String> attached(Collection<UUID> ids, String after, int limit) {
        return connection.readSingle("attached-relation-page.cypher",
                Map.of("ids", EntityId.texts(ids), "after", after, "limit", limit)).get("ids").asList(Value::asString);
    }

    /** Adds up what two nodes of one id have. */
    private static TiedRelations together(TiedRelations one, TiedRelations other) {
        return new TiedRelations(one.count() + other.count(),
                Stream.concat(one.first().stream(), other.first().stream()).sorted(EntityId.ORDER).toList());
    }
}
