package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How much is written at a time. */
class BatchesTest {
    private static final String MEBIBYTE = "x".repeat(1 << 20);

    @Test
    @DisplayName("Rows are written in parts of at most 8 MiB, in their order; a larger row alone")
    void partsAreBoundByBytes() {
        assertEquals(List.of(), sizes(Stream.of()));
        assertEquals(List.of(3), sizes(Stream.of("a", "b", "c")));
        assertEquals(List.of(7, 7, 6), sizes(IntStream.range(0, 20).mapToObj(i -> MEBIBYTE)));
        assertEquals(List.of(1, 1, 2), sizes(Stream.of("a", MEBIBYTE.repeat(20), "b", "c")));
        assertEquals(List.of(1, 1), sizes(Stream.of(List.of(MEBIBYTE.repeat(6)), new byte[6 << 20])));
    }

    private static List<Integer> sizes(Stream<Object> values) {
        List<Map<String, Object>> rows = values.map(value -> Map.of("id", 1, "value", value)).toList();
        return Batches.byBytes(rows, row -> row).stream().map(List::size).toList();
    }
}
