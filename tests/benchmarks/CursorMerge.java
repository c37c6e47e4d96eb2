import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;

/** (b) The textbook's way: a cursor on each side in the order of the ids, row by row, merged in one loop. */
record CursorMerge(PlainStores stores) {
    private static final String ROWS = "SELECT id, last_updated_at FROM entity ORDER BY id";

    private static final String NODES = """
            MATCH (e:Entity)
            WHERE e.id > '' AND e.last_updated_at IS NOT NULL
            RETURN e.id AS id, e.last_updated_at AS changed
            ORDER BY id
            """;
    private static final String RELATIONSHIPS = NODES.replace("(e:Entity)", "()-[e:RELATION]->()");

    private record Entity(String id, Instant changed) {
    }

    /** Compares everything, and says how many entities are the same. */
    long run() throws SQLException {
        stores.postgres().setAutoCommit(false);
        try (Statement statement = stores.postgres().createStatement(); Session nodes = stores.session();
                Session relationships = stores.session()) {
            statement.setFetchSize(20_000);
            return merge(statement.executeQuery(ROWS), nodes.run(NODES), relationships.run(RELATIONSHIPS));
        } finally {
            stores.postgres().rollback();
            stores.postgres().setAutoCommit(true);
        }
    }

    private static long merge(ResultSet rows, Result nodes, Result relationships) throws SQLException {
        long same = 0;
        Entity row = next(rows);
        Entity node = next(nodes);
        Entity relationship = next(relationships);
        while (row != null || node != null || relationship != null) {
            boolean nodeFirst = relationship == null || node != null && node.id().compareTo(relationship.id()) < 0;
            Entity copy = nodeFirst ? node : relationship;
            int order = row == null ? 1 : copy == null ? -1 : row.id().compareTo(copy.id());
            if (order == 0 && row.changed().equals(copy.changed())) {
                same++;
            }
            if (order <= 0) {
                row = next(rows);
            }
            if (order >= 0 && nodeFirst) {
                node = next(nodes);
            } else if (order >= 0) {
                relationship = next(relationships);
            }
        }
        return same;
    }

    private static Entity next(ResultSet rows) throws SQLException {
        return rows.next() ? new Entity(rows.getObject(1, UUID.class).toString(),
                rows.getObject(2, OffsetDateTime.class).toInstant()) : null;
    }

    private static Entity next(Result copies) {
        if (!copies.hasNext()) {
            return null;
        }
        Record copy = copies.next();
        return new Entity(copy.get("id").asString(), copy.get("changed").asZonedDateTime().toInstant());
    }
}
