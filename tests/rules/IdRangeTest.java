package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All ids between two, and how they are divided. */
class IdRangeTest {

    @ParameterizedTest(name = "{0} parts of {1} ids, with quantiles {2}: they begin at {3}")
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // without quantiles, equal parts
        "1 | 100 | -                       | 0",
        "4 | 100 | -                       | 0 25 50 75",
        "3 | 100 | -                       | 0 33 66",
        // with too few, equal parts of what lies between them, so that there may be more of them
        "3 | 100 | 10                      | 0 5 10 55",
        "4 | 100 | 10 11 12                | 0 10 11 12",
        "8 | 100 | 10 11 13                | 0 5 10 11 12 13 56",
        // quantiles of another range do not count, nor does its first id
        "2 | 100 | 0 200                   | 0 50",
        // as many cells as parts, and some more
        "3 | 100 | 10 20                   | 0 10 20",
        "2 | 100 | 5 6 7 8 9 10 90         | 0 8",
        "4 | 100 | 5 6 7 8 9 10 90         | 0 6 8 10",
        "3 | 100 | 0 1 2 3 4 5 6 7 8 9 99  | 0 3 7",
        // the same id may bound many cells, where an operator's query gives it twice
        "2 | 100 | 7 7 7                   | 0 7"})
    @DisplayName("Parts hold about as many entities each where quantiles are known")
    void divides(int parts, int size, String quantiles, String starts) {
        IdRange range = new IdRange(id(0), id(size - 1));
        List<IdRange> divided = range.divided(parts, ids(quantiles));
        assertEquals(ids(starts), divided.stream().map(IdRange::first).toList());
        IntStream.range(1, divided.size()).forEach(i ->
                assertEquals(Optional.of(divided.get(i - 1).last()), divided.get(i).before()));
        assertEquals(id(size - 1), divided.get(divided.size() - 1).last());
    }

    @Test
    @DisplayName("Behind its last id nothing is left, and nothing bounds all ids")
    void ends() {
        UUID highest = new UUID(-1, -1);
        assertEquals(Optional.empty(), IdRange.ALL.behind(highest));
        assertEquals(Optional.of(new IdRange(new UUID(1, 0), highest)), IdRange.ALL.behind(new UUID(0, -1)));
        assertEquals(Optional.empty(), IdRange.ALL.bound());
        assertEquals(Optional.empty(), IdRange.ALL.before());
        IdRange upper = IdRange.ALL.part(2, 2);
        assertTrue(upper.contains(new UUID(Long.MIN_VALUE, 0)));
        assertFalse(upper.contains(new UUID(Long.MAX_VALUE, -1)));
    }

    private static UUID id(long number) {
        return new UUID(0, number);
    }

    private static List<UUID> ids(String numbers) {
        return numbers == null ? List.of() : Stream.of(numbers.split(" ")).map(Long::valueOf).map(IdRangeTest::id)
                .toList();
    }
}
