package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import syncdata.store.Pace;
import syncdata.store.PageSize;

/**
 * How much a repair writes at a time: as many entities as take no longer than they should, and no more bytes than a
 * server bears.
 */
final class Batches {
    private static final long MOST_BYTES = 8 << 20;

    private final Pace pace;
    private final PageSize size;
    private final int most;

    /** @param most entities at a time */
    Batches(Pace pace, int most) {
        this.pace = pace;
        this.size = pace.batches(most);
        this.most = most;
    }

    /** How many entities to write at a time now. */
    int size() {
        return Math.min(most, size.now());
    }

    /** Does a batch of so many, and learns how long that takes. */
    <T> T timed(int entities, Supplier<T> work) {
        long before = pace.spent();
        T done = work.get();
        size.took(entities, pace.spent() - before);
        return done;
    }

    void forEach(List<UUID> ids, Consumer<List<UUID>> action) {
        int some;
        for (int from = 0; from < ids.size(); from += some) {
            some = size();
            action.accept(ids.subList(from, Math.min(ids.size(), from + some)));
        }
    }

    /** Rows in parts, each of few enough bytes, or of one row. */
    static <R> List<List<R>> byBytes(List<R> rows, Function<R, Map<String, Object>> properties) {
        List<List<R>> parts = new ArrayList<>();
        long bytes = 0;
        int from = 0;
        for (int i = 0; i < rows.size(); i++) {
            long more = bytes(properties.apply(rows.get(i)).values());
            if (i > from && bytes + more > MOST_BYTES) {
                parts.add(rows.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < rows.size()) {
            parts.add(rows.subList(from, rows.size()));
        }
        return parts;
    }

    private static long bytes(Collection<?> values) {
        long bytes = 0;
        for (Object value : values) {
            bytes += value instanceof String text ? text.length() : value instanceof byte[] binary ? binary.length
                    : value instanceof Collection<?> list ? bytes(list) : 8;
        }
        return bytes;
    }
}
