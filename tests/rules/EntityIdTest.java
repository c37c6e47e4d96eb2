package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityIdTest {
    private static final String SOME = "0123abcd-4567-89ef-8def-fedcba987654";

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "80000000-0000-0000-8000-000000000000", SOME})
    void readsBothHalves(String text) {
        long[] halves = new long[2];
        assertTrue(EntityId.read(text.getBytes(StandardCharsets.ISO_8859_1), halves));
        UUID id = UUID.fromString(text);
        assertArrayEquals(new long[] {id.getMostSignificantBits(), id.getLeastSignificantBits()}, halves);
        assertTrue(EntityId.isCanonical(text));
        assertEquals(Optional.of(id), EntityId.parse(text));
        assertEquals(Optional.of(id), EntityId.parse(text.toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0123abcd456789ef8deffedcba987654", "0123abcd-4567-89ef-8def-fedcba98765",
            "0123abcd-4567-89ef-8def-fedcba9876543",
        "{0123abcd-4567-89ef-8def-fedcba987654}", "1-1-1-1-1", "0123abcd-4567-89ef-8def+fedcba987654",
        " 123abcd-4567-89ef-8def-fedcba987654"})
    void takesNothingElse(String text) {
        assertFalse(EntityId.isCanonical(text));
        assertEquals(Optional.empty(), EntityId.parse(text));
    }

    @Test
    @DisplayName("An upper case id is not canonical")
    void anUpperCaseIdIsNotCanonical() {
        assertFalse(EntityId.isCanonical(SOME.toUpperCase(Locale.ROOT)));
    }

    @Test
    @DisplayName("One wrong character anywhere is seen")
    void oneWrongCharacterAnywhereIsSeen() {
        long seed = 20261126;
        Random random = new Random(seed);
        for (int place = 0; place < SOME.length(); place++) {
            for (char wrong : new char[] {0, '/', ':', '@', '`', 'g', 'G', '\u007f', '\u0080', '\u00e4', '\u00ff',
                    '\u0130', (char) (256 + random.nextInt(60000))}) {
                String text = SOME.substring(0, place) + wrong + SOME.substring(place + 1);
                assertFalse(EntityId.isCanonical(text), () -> "seed " + seed + ": " + text);
            }
        }
    }

    @Test
    void theOrderIsThatOfTheTexts() {
        long seed = 20261127;
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            UUID one = new UUID(random.nextLong(), random.nextLong());
            UUID other = random.nextBoolean() ? new UUID(one.getMostSignificantBits(), random.nextLong())
                    : new UUID(random.nextLong(), random.nextLong());
            assertEquals(Integer.signum(one.toString().compareTo(other.toString())),
                    Integer.signum(EntityId.ORDER.compare(one, other)),
                    () -> "seed " + seed + ": " + one + " " + other);
            assertEquals(Optional.of(one), EntityId.parse(one.toString()));
        }
    }
}
