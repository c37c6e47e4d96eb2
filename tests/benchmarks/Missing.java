import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.Session;
import syncdata.rules.EntityId;

/** Entities to be deleted from Neo4j, mixed like all: so many nodes and relations that nothing else goes with them. */
record Missing(PlainStores stores, List<UUID> nodes, List<UUID> relations) {
    private static final int BATCH = 5000;

    private static final String RELATIONS = """
            SELECT id
            FROM entity
            WHERE data->>'type' = 'relation'
            ORDER BY md5(CAST(id AS text))
            LIMIT ?
            """;

    // Nodes of which no relation stays, since a relation goes with its ends.
    private static final String NODES = """
            WITH staying AS (SELECT data->>'source' AS source, data->>'target' AS target
                             FROM entity r
                             WHERE data->>'type' = 'relation'
                               AND NOT EXISTS (SELECT FROM unnest(?) AS going (id) WHERE going.id = r.id)),
                 tied AS (SELECT source AS id FROM staying UNION SELECT target FROM staying)
            SELECT e.id
            FROM entity e
            LEFT JOIN tied ON tied.id = CAST(e.id AS text)
            WHERE e.data->>'type' <> 'relation' AND tied.id IS NULL
            ORDER BY md5(CAST(e.id AS text))
            LIMIT ?
            """;

    /** Chooses this many at random, but the same ones every time. */
    static Missing choose(PlainStores stores, int count) throws SQLException {
        int relations = count * 2 / 5;
        try (PreparedStatement chooseRelations = stores.postgres().prepareStatement(RELATIONS);
             PreparedStatement chooseNodes = stores.postgres().prepareStatement(NODES)) {
            chooseRelations.setInt(1, relations);
            List<UUID> chosen = ids(chooseRelations);
            chooseNodes.setArray(1, stores.postgres().createArrayOf("uuid", chosen.toArray()));
            chooseNodes.setInt(2, count - relations);
            Missing missing = new Missing(stores, ids(chooseNodes), chosen);
            if (missing.size() != count) {
                throw new IllegalStateException("only " + missing.size() + " entities can be missing together, not "
                        + count);
            }
            return missing;
        }
    }

    int size() {
        return nodes.size() + relations.size();
    }

    /** All of them, ascending. */
    List<UUID> ids() {
        return Stream.concat(nodes.stream(), relations.stream()).sorted(EntityId.ORDER).toList();
    }

    /** Deletes them from Neo4j. */
    void delete() {
        delete(relations, "MATCH ()-[r:RELATION]->() WHERE r.id IN $ids DELETE r");
        delete(nodes, "MATCH (e:Entity) WHERE e.id IN $ids DELETE e");
    }

    private void delete(List<UUID> ids, String query) {
        try (Session session = stores.session()) {
            for (List<UUID> batch : BareWrites.split(ids, BATCH)) {
                List<String> texts = batch.stream().map(UUID::toString).toList();
                session.executeWriteWithoutResult(transaction -> transaction.run(query, Map.of("ids", texts))
                        .consume());
            }
        }
    }

    private static List<UUID> ids(PreparedStatement query) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
            }
        }
        ids.sort(EntityId.ORDER);
        return ids;
    }
}
