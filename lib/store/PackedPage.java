package syncdata.store;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import syncdata.run.InputException;

/** A page as one row, its columns packed in PostgreSQL's binary formats: a third cheaper than a row an entity. */
final class PackedPage {
    /** Seconds from 1970 to PostgreSQL's own epoch, 2000-01-01. */
    private static final long POSTGRES_EPOCH = 946_684_800L;

    private static final String PACKED = """
            SELECT string_agg(uuid_send(id), ''::bytea) AS ids,
                   string_agg(timestamptz_send(last_updated_at), ''::bytea) AS timestamps,
                   string_agg(boolsend(coalesce(selected, false)), ''::bytea) AS selected,
                   string_agg(boolsend(coalesce(relation, false)), ''::bytea) AS relation
            FROM (
            %s
            ) AS page
            """;

    private PackedPage() {
    }

    /** Wraps a query for a page, so that it gives the page packed. */
    static String query(String page) {
        return PACKED.formatted(page);
    }

    /**
     * Unpacks the page.
     *
     * @param origin the file of the query, for an error
     * @throws InputException if an entity has no timestamp
     */
    static EntityPage read(ResultSet row, String origin) throws SQLException {
        byte[] ids = row.getBytes("ids");
        if (ids == null) {
            return new EntityPage(0);
        }
        EntityPage page = new EntityPage(ids.length / 16);
        ByteBuffer id = ByteBuffer.wrap(ids);
        ByteBuffer timestamp = ByteBuffer.wrap(row.getBytes("timestamps"));
        byte[] selected = row.getBytes("selected");
        byte[] relation = row.getBytes("relation");
        int size = ids.length / 16;
        if (timestamp.capacity() != size * 8 || selected.length != size) {
            throw new InputException(origin + " gave an entity without a last_updated_at: let it leave those out");
        }
        for (int i = 0; i < size; i++) {
            page.add(id.getLong(), id.getLong(), sinceUnixEpoch(timestamp.getLong()),
                    selected[i] != 0, relation[i] != 0);
        }
        return page;
    }

    /** Microseconds since 1970 of a timestamp in PostgreSQL's binary format. */
    static long sinceUnixEpoch(long postgres) {
        boolean infinite = postgres == Long.MAX_VALUE || postgres == Long.MIN_VALUE;
        return infinite ? postgres : postgres + POSTGRES_EPOCH * 1_000_000;
    }
}
