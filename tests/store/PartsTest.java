package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Entities in parts")
class PartsTest {
    @Test
    @DisplayName("keep their order; large ones stand with few others, or alone")
    void parts() {
        assertEquals(List.of(), sizes(0, Map.of()));
        assertEquals(List.of(5), sizes(5, Map.of()));
        assertEquals(List.of(5), sizes(5, Map.of(1, 10_000L, 4, 2_000_000L)));
        assertEquals(List.of(2, 3), sizes(5, Map.of(1, 3_000_000L, 2, 3_000_000L)));
        assertEquals(List.of(1, 1, 1, 2),
                sizes(5, Map.of(0, 20_000_000L, 1, 20_000_000L, 2, 20_000_000L, 3, 4_000_000L)));
        assertEquals(List.of(3, 1, 1), sizes(5, Map.of(3, 20_000_000L, 4, 1L)));
    }

    private static List<Integer> sizes(int count, Map<Integer, Long> bytes) {
        List<UUID> ids = IntStream.range(0, count).mapToObj(i -> new UUID(0, i)).toList();
        Map<UUID, Long> large = new HashMap<>();
        bytes.forEach((i, size) -> large.put(ids.get(i), size));
        List<List<UUID>> parts = Parts.of(ids, large);
        assertEquals(ids, parts.stream().flatMap(List::stream).toList());
        return parts.stream().map(List::size).toList();
    }
}
