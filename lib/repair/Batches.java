package syncdata.repair;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import syncdata.store.BothSides;
import syncdata.store.Databases;
import syncdata.store.PageSize;
import syncdata.store.Parts;

/**
 * How much a repair writes at a time. The number of entities adapts to the time that they take; the bytes are bounded.
 */
final class Batches {
    private static final long MOST_BYTES = 8 << 20;

    private final Databases databases;
    private final PageSize size;
    private final int most;
    /** About how many bytes large entities have. */
    private final Map<UUID, Long> large = new ConcurrentHashMap<>();

    /** @param most entities at a time */
    Batches(Databases databases, int most) {
        this.databases = databases;
        this.size = databases.pace().batches(most);
        this.most = most;
    }

    /** How many entities to write at a time now. */
    int size() {
        return Math.min(most, size.now());
    }

    /** Does a batch, and adapts the size of the next ones to the time that it took. */
    <T> T timed(int entities, Supplier<T> work) {
        long before = databases.pace().spent();
        T done = work.get();
        size.took(entities, databases.pace().spent() - before);
        return done;
    }

    /** Looks at entities in both databases, and remembers which of them are large. */
    void look(List<UUID> ids, Consumer<BothSides> each) {
        databases.look(ids, both -> {
            large.putAll(both.large());
            each.accept(both);
        });
    }

    /** Entities that were looked at, in parts of a bounded number of bytes. */
    List<List<UUID>> parts(List<UUID> ids) {
        return Parts.of(ids, large);
    }

    /** Gives entities that were looked at in batches, each of a bounded number of bytes. */
    void forEach(List<UUID> ids, Consumer<List<UUID>> action) {
        int some;
        for (int from = 0; from < ids.size(); from += some) {
            some = size();
            parts(ids.subList(from, Math.min(ids.size(), from + some))).forEach(action);
        }
    }

    /** Rows in parts of a bounded number of bytes; a larger row alone. */
    static <R> List<List<R>> byBytes(List<R> rows, Function<R, Map<String, Object>> properties) {
        return Parts.of(rows, row -> bytes(properties.apply(row).values()), MOST_BYTES);
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
