package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What stands for a content: equal only where every value is the same. */
@DisplayName("A digest of a content")
class ContentDigestTest {
    private final ContentDigest digest = new ContentDigest();

    @Test
    @DisplayName("is another for each other value, kind, place and number of properties")
    void tellsContentsApart() {
        Map<Long, List<Object>> seen = new HashMap<>();
        for (List<Object> values : List.<List<Object>>of(List.of(), List.of(""), List.of("a"), List.of("b"),
                List.of("a", "b"), List.of("b", "a"), List.of("ab", ""), List.of("", "ab"), List.of("ab"),
                List.of("1"), List.of(1L), List.of(1.0), List.of(true), List.of(false), List.of(0L), List.of(-1L),
                List.of(Long.MIN_VALUE), List.of(1L << 32), List.of(0.5), List.of("\u00e9"), List.of("e\u0301"),
                List.of("A"), List.of("true"), List.of(none()), List.of(none(), none()), List.of(none(), "a"),
                List.of("a", none()))) {
            assertEquals(null, seen.put(of(values, 2), values), values::toString);
        }
        assertNotEquals(of(List.of("a"), 2), of(List.of("a"), 3), "one property too many");
    }

    @Test
    @DisplayName("is the same for the same content, whatever was taken before")
    void isTheSameForTheSame() {
        long first = of(List.of("a", 1L, none()), 2);
        of(List.of("another"), 1);
        assertEquals(first, of(List.of("a", 1L, none()), 2));
    }

    @Test
    @DisplayName("is unknown where a value is, or a text is too long, and known again afterwards")
    void isUnknownWhereAValueIs() {
        String longest = "a".repeat(ContentDigest.LONGEST_TEXT);
        assertNotEquals(ContentDigest.UNKNOWN, of(List.of(longest), 1));
        assertEquals(ContentDigest.UNKNOWN, of(List.of(longest + "a", 1L), 1));
        digest.unknown();
        assertEquals(ContentDigest.UNKNOWN, digest.finish(1));
        assertNotEquals(ContentDigest.UNKNOWN, of(List.of("a"), 1));
    }

    @Test
    @DisplayName("is spread over all numbers: of a hundred thousand contents no two have one")
    void isSpread() {
        Random random = new Random(7);
        Map<Long, Integer> seen = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            assertEquals(null, seen.put(of(List.of("title " + i, (long) random.nextInt(3)), 2), i));
        }
    }

    private long of(List<Object> values, int properties) {
        for (Object value : values) {
            if (value instanceof String text) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                digest.text(utf8, 0, utf8.length);
            } else if (value instanceof Long number) {
                digest.whole(number);
            } else if (value instanceof Double number) {
                digest.decimal(number);
            } else if (value instanceof Boolean flag) {
                digest.flag(flag);
            } else {
                digest.absent();
            }
        }
        return digest.finish(properties);
    }

    private static Object none() {
        return Map.of();
    }
}
