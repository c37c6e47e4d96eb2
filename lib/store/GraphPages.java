package syncdata.store;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.ClientException;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.IdRange;

/** One page query of Neo4j, read to its end. */
final class GraphPages implements PageReader {
    /**
     * Of an id that has more copies than a page holds: newer than all, so that it is looked up whole, whatever is
     * checked.
     */
    private static final GraphTimestamp NOT_ALL_READ =
            new GraphTimestamp(Long.MAX_VALUE, GraphTimestamp.Precision.MICROSECONDS);

    private final GraphConnection connection;
    private final boolean relationships;
    private final String name;
    private final PageSize size;
    private final Optional<String> bound;
    private String quick;
    private String after;
    private boolean done;

    /**
     * Pages of nodes, or of relationships.
     *
     * @param quick the query that gives microseconds, as long as every timestamp is a DateTime; may be null
     * @param name  the query that gives them as they are held
     * @param range only those whose ids are in it as texts
     */
    GraphPages(GraphConnection connection, boolean relationships, String quick, String name, PageSize size,
            IdRange range) {
        this.connection = connection;
        this.relationships = relationships;
        this.quick = quick;
        this.name = name;
        this.size = size;
        this.after = range.before().map(UUID::toString).orElse("");
        this.bound = range.bound().map(UUID::toString);
    }

    /** A page may be empty: none of its ids is one of PostgreSQL's kind, or it was too large. */
    @Override
    public Supplier<EntityPage> next() {
        if (done) {
            return null;
        }
        int limit = size.now();
        long before = connection.spent();
        Record row;
        try {
            row = read(limit);
        } catch (TooLargeException e) {
            size.halve();
            return () -> new EntityPage(0);
        }
        Value ids = row.get("ids");
        Value timestamps = row.get("timestamps");
        int count = ids.size();
        size.took(count, connection.spent() - before);
        int inRange = inRange(ids, count);
        done = count < limit || inRange < count;
        int whole = done ? inRange : withoutLastId(ids, count);
        if (!done) {
            after = ids.get(whole - 1).asString();
        }
        boolean more = !done && whole == count;
        boolean micros = quick != null;
        return () -> unpack(ids, timestamps, whole, more, micros);
    }

    private Record read(int limit) {
        Map<String, Object> parameters = Map.of("after", after, "limit", limit);
        Record row = quick == null ? null : readQuickly(parameters, limit);
        if (row != null) {
            return row;
        }
        quick = null;
        return read(name, parameters, limit);
    }

    private Record read(String query, Map<String, Object> parameters, int limit) {
        return limit > PageSize.SMALLEST ? connection.readLarge(query, parameters)
                : connection.readSingle(query, parameters);
    }

    /** Null where a timestamp is no DateTime. */
    private Record readQuickly(Map<String, Object> parameters, int limit) {
        try {
            Record row = read(quick, parameters, limit);
            return row.get("ids").size() == row.get("timestamps").size() ? row : null;
        } catch (ClientException anotherEncoding) {
            return null;
        }
    }

    private EntityPage unpack(Value ids, Value timestamps, int size, boolean more, boolean micros) {
        EntityPage page = new EntityPage(size);
        long[] halves = new long[2];
        for (int i = 0; i < size; i++) {
            if (!EntityId.read(ids.get(i).asString().getBytes(StandardCharsets.ISO_8859_1), halves)) {
                page.addOtherId();
            } else if (more) {
                page.add(halves[0], halves[1], NOT_ALL_READ, relationships);
            } else if (micros) {
                page.addMicros(halves[0], halves[1], timestamps.get(i).asLong(), relationships);
            } else {
                page.add(halves[0], halves[1], timestamps.isNull() ? GraphTimestamp.UNREADABLE
                        : GraphTimestamp.of(timestamps.get(i).asObject()), relationships);
            }
        }
        return page;
    }

    /** How many of a page's first ids are not behind the range. */
    private int inRange(Value ids, int size) {
        int in = size;
        while (bound.isPresent() && in > 0 && ids.get(in - 1).asString().compareTo(bound.get()) > 0) {
            in--;
        }
        return in;
    }

    /**
     * More nodes of a full page's last id may wait behind it: that id is left to the next page, unless it fills this
     * one alone. Then they are not read, but the timestamps given for it are such that it is looked at again, whole.
     */
    private int withoutLastId(Value ids, int size) {
        String last = ids.get(size - 1).asString();
        int whole = size - 1;
        while (whole > 0 && ids.get(whole - 1).asString().equals(last)) {
            whole--;
        }
        return whole == 0 ? size : whole;
    }
}
