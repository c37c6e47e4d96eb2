package syncdata.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Entities in parts, none of which has too many bytes: a title can have megabytes. */
public final class Parts {
    private static final long MOST_BYTES = 4_000_000;

    private Parts() {
    }

    /**
     * These entities in parts, in their order; one that has more bytes than a part may have stands alone.
     *
     * @param large how many bytes those of them have that have many
     */
    public static List<List<UUID>> of(List<UUID> ids, Map<UUID, Long> large) {
        if (large.isEmpty() || ids.isEmpty()) {
            return ids.isEmpty() ? List.of() : List.of(ids);
        }
        List<List<UUID>> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < ids.size(); i++) {
            long more = large.getOrDefault(ids.get(i), 0L);
            if (i > from && bytes + more > MOST_BYTES) {
                parts.add(ids.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        parts.add(ids.subList(from, ids.size()));
        return parts;
    }
}
