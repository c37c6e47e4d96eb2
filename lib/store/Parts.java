package syncdata.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** Divides a list into parts of few enough bytes: one title can have megabytes. */
public final class Parts {
    private static final long MOST_BYTES = 4_000_000;

    private Parts() {
    }

    /**
     * Divides entities, in their order. One with more bytes than a part may have stands alone.
     *
     * @param large the bytes of the large ones
     */
    public static List<List<UUID>> of(List<UUID> ids, Map<UUID, Long> large) {
        return of(ids, id -> large.getOrDefault(id, 0L), MOST_BYTES);
    }

    /**
     * Divides anything likewise.
     *
     * @param bytes of one
     * @param most  bytes of a part
     */
    public static <T> List<List<T>> of(List<T> all, ToLongFunction<T> bytes, long most) {
        List<List<T>> parts = new ArrayList<>();
        int from = 0;
        long sum = 0;
        for (int i = 0; i < all.size(); i++) {
            long more = bytes.applyAsLong(all.get(i));
            if (i > from && sum + more > most) {
                parts.add(all.subList(from, i));
                from = i;
                sum = 0;
            }
            sum += more;
        }
        if (from < all.size()) {
            parts.add(all.subList(from, all.size()));
        }
        return parts;
    }
}
