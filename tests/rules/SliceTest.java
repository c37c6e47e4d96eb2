package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertNull(new Slice(1, of).before());
        assertNull(new Slice(of, of).end());
        for (int number = 1; number < of; number++) {
            UUID end = new Slice(number, of).end();
            UUID before = new Slice(number + 1, of).before();
            assertTrue(EntityId.ORDER.compare(before, end) < 0);
            long low = before.getLeastSignificantBits() + 1;
            assertEquals(end, new UUID(before.getMostSignificantBits() + (low == 0 ? 1 : 0), low));
        }
    }

    @Test
    @DisplayName("Halves meet in the middle of unsigned ids")
    void halves() {
        assertEquals(UUID.fromString("80000000-0000-0000-0000-000000000000"), new Slice(1, 2).end());
        assertEquals(UUID.fromString("7fffffff-ffff-ffff-ffff-ffffffffffff"), new Slice(2, 2).before());
        assertEquals("2/2", new Slice(2, 2).toString());
        assertTrue(Slice.ALL.isAll());
    }
}
