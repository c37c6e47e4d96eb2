package syncdata.store;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import syncdata.run.InputException;

/**
 * A page as one row, its columns packed in PostgreSQL's binary formats: a third cheaper than a row an entity. What
 * holds for some of its entities comes as their ids, in the order of the page.
 */
final class PackedPage {
    /** Seconds from 1970 to PostgreSQL's own epoch, 2000-01-01. */
    private static final long POSTGRES_EPOCH = 946_684_800L;

    private static final int BYTES_OF_ID = 16;
    private static final int BYTES_OF_TIMESTAMP = 8;

    private static final String PACKED = """
            SELECT string_agg(uuid_send(id), ''::bytea) AS ids,
                   string_agg(timestamptz_send(last_updated_at), ''::bytea) AS timestamps,
                   string_agg(uuid_send(id), ''::bytea) FILTER (WHERE relation) AS relations,
                   string_agg(uuid_send(id), ''::bytea) FILTER (WHERE selected IS NOT TRUE) AS others
            FROM (
            %s
            ) AS page
            """;

    /** The ids of some entities of a page. */
    private static final class Subset {
        private final ByteBuffer ids;
        private boolean atEnd;
        private long high;
        private long low;

        Subset(ResultSet row, String column) throws SQLException {
            byte[] packed = row.getBytes(column);
            ids = ByteBuffer.wrap(packed == null ? new byte[0] : packed);
            stand();
        }

        /** Whether the next entity of the page is one of them. */
        boolean take(long nextHigh, long nextLow) {
            boolean taken = !atEnd && high == nextHigh && low == nextLow;
            if (taken) {
                stand();
            }
            return taken;
        }

        private void stand() {
            atEnd = ids.remaining() < BYTES_OF_ID;
            if (!atEnd) {
                high = ids.getLong();
                low = ids.getLong();
            }
        }
    }

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
     * @throws InputException if an entity has no timestamp, or one that is named is not in the page
     */
    static EntityPage read(ResultSet row, String origin) throws SQLException {
        byte[] ids = row.getBytes("ids");
        if (ids == null) {
            return new EntityPage(0);
        }
        int size = ids.length / BYTES_OF_ID;
        EntityPage page = new EntityPage(size);
        ByteBuffer id = ByteBuffer.wrap(ids);
        ByteBuffer timestamp = ByteBuffer.wrap(row.getBytes("timestamps"));
        Subset relations = new Subset(row, "relations");
        Subset others = new Subset(row, "others");
        if (timestamp.capacity() != size * BYTES_OF_TIMESTAMP) {
            throw new InputException(origin + " gave an entity without a last_updated_at: let it leave those out");
        }
        for (int i = 0; i < size; i++) {
            long high = id.getLong();
            long low = id.getLong();
            page.add(high, low, sinceUnixEpoch(timestamp.getLong()), !others.take(high, low),
                    relations.take(high, low));
        }
        if (!relations.atEnd || !others.atEnd) {
            throw new InputException(origin + " names entities that are not in its page: let it name those alone");
        }
        return page;
    }

    /** Microseconds since 1970 of a timestamp in PostgreSQL's binary format. */
    static long sinceUnixEpoch(long postgres) {
        boolean infinite = postgres == Long.MAX_VALUE || postgres == Long.MIN_VALUE;
        return infinite ? postgres : postgres + POSTGRES_EPOCH * 1_000_000;
    }
}
