package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal parts of all ids. */
class SliceTest {

    @ParameterizedTest(name = "of {0}")
    @ValueSource(ints = {1, 2, 3, 31, 1000})
    @DisplayName("Each slice begins where the one before ends, from the lowest id to the highest")
    void slicesFollowOneAnother(int of) {
        assertEquals(Optional.empty(), new Slice(1, of).range().before());
        assertEquals(Optional.empty(), new Slice(of, of).range().bound());
        for (int number = 1; number < of; number++) {
            IdRange range = new Slice(number, of).range();
            assertTrue(EntityId.ORDER.compare(range.first(), range.last()) < 0);
            assertEquals(Optional.of(range.last()), new Slice(number + 1, of).range().before());
        }
    }

    @Test
    @DisplayName("Halves meet in the middle of unsigned ids")
    void halves() {
        assertEquals(UUID.fromString("7fffffff-ffff-ffff-ffff-ffffffffffff"), new Slice(1, 2).range().last());
        assertEquals(UUID.fromString("80000000-0000-0000-0000-000000000000"), new Slice(2, 2).range().first());
        assertEquals("2/2", new Slice(2, 2).toString());
        assertTrue(Slice.ALL.isAll());
    }
}
