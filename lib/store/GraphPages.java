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

/** Reads the pages of one page query of Neo4j. */
final class GraphPages implements PageReader {
    /** Behind every id, other services' too: the highest code point of all, which no text uses. */
    static final String END = "\uDBFF\uDFFF";
    /** Pages in a row that hold a value of another type than PostgreSQL's, before the contents are given up. */
    private static final int MOST_WITHOUT_CONTENTS = 3;
    private static final long[] NO_DIGESTS = {};

    private final GraphConnection connection;
    private final boolean relationships;
    private final String name;
    private final PageSize size;
    private final Optional<String> bound;
    private Optional<GraphContents> contents;
    private int withoutContents;
    private Optional<String> quick;
    private String after;
    private boolean done;

    /**
     * @param relationships whether the pages are of relationships, and not of nodes
     * @param contents      the query that gives contents too, asked as long as their values have PostgreSQL's types
     * @param quick         the query that gives microseconds, asked as long as every timestamp is a DateTime
     * @param name          the query that gives timestamps in their own encoding
     * @param range         only ids in it, compared as texts
     */
    GraphPages(GraphConnection connection, boolean relationships, Optional<GraphContents> contents,
            Optional<String> quick, String name, PageSize size, IdRange range) {
        this.connection = connection;
        this.relationships = relationships;
        this.contents = contents;
        this.quick = quick;
        this.name = name;
        this.size = size;
        this.after = range.before().map(UUID::toString).orElse("");
        this.bound = range.bound().map(UUID::toString);
    }

    @Override
    public Answer next() {
        if (done) {
            return new End();
        }
        int limit = size.now();
        long before = connection.spent();
        Record row;
        boolean withContents;
        try {
            Optional<Record> whole = readWithContents(limit);
            withContents = whole.isPresent();
            row = withContents ? whole.get() : read(limit);
        } catch (TooLargeException e) {
            size.halve();
            return new TooLarge();
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
        boolean micros = withContents || quick.isPresent();
        Optional<GraphContents> read = contents.filter(any -> withContents);
        return new Page(() -> {
            long[] digests = read.map(any -> any.digests(row, whole)).orElse(NO_DIGESTS);
            return unpack(ids, timestamps, digests, whole, more, micros);
        });
    }

    /** Empty where contents are not asked for, or a value has another type than PostgreSQL's. */
    private Optional<Record> readWithContents(int limit) {
        if (contents.isEmpty() || limit <= PageSize.SMALLEST) {
            return Optional.empty();
        }
        Optional<Record> row = typed(() -> contents.get().read(connection, parameters(limit)));
        withoutContents = row.isPresent() ? 0 : withoutContents + 1;
        if (withoutContents == MOST_WITHOUT_CONTENTS) {
            contents = Optional.empty();
        }
        return row;
    }

    private Record read(int limit) {
        Map<String, Object> parameters = parameters(limit);
        return quick.flatMap(query -> typed(() -> read(query, parameters, limit))).orElseGet(() -> {
            quick = Optional.empty();
            return read(name, parameters, limit);
        });
    }

    private Map<String, Object> parameters(int limit) {
        return Map.of("after", after, "until", bound.orElse(END), "limit", limit);
    }

    private Record read(String query, Map<String, Object> parameters, int limit) {
        return limit > PageSize.SMALLEST ? connection.readLarge(query, parameters)
                : connection.readSingle(query, parameters);
    }

    /** Empty where a value has another type than the query takes it to have. */
    private static Optional<Record> typed(Supplier<Record> page) {
        try {
            return Optional.of(page.get()).filter(row -> row.get("ids").size() == row.get("timestamps").size());
        } catch (ClientException anotherType) {
            return Optional.empty();
        }
    }

    /** @param more whether the page has one id alone, of which more copies follow: they are not read */
    private EntityPage unpack(Value ids, Value timestamps, long[] digests, int size, boolean more,
            boolean micros) {
        EntityPage page = new EntityPage(size);
        long[] halves = new long[2];
        for (int i = 0; i < size; i++) {
            if (!EntityId.read(ids.get(i).asString().getBytes(StandardCharsets.ISO_8859_1), halves)) {
                page.addOtherId();
            } else if (more) {
                page.addToBeLookedUp(halves[0], halves[1], true, relationships);
            } else if (micros) {
                page.addMicros(halves[0], halves[1], timestamps.get(i).asLong(), relationships);
                if (digests.length > 0) {
                    page.digest(page.size() - 1, digests[i]);
                }
            } else {
                page.add(halves[0], halves[1], timestamps.isNull() ? GraphTimestamp.UNREADABLE
                        : GraphTimestamp.of(timestamps.get(i).asObject()), relationships);
            }
        }
        return page;
    }

    /** How many ids of a page are not behind the range. */
    private int inRange(Value ids, int size) {
        int in = size;
        while (bound.isPresent() && in > 0 && ids.get(in - 1).asString().compareTo(bound.get()) > 0) {
            in--;
        }
        return in;
    }

    /**
     * How many ids of a full page to take: all but the last id, of which more copies may follow. That id is left to the
     * next page, unless it fills this one alone.
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
