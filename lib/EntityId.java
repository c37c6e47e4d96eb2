package syncdata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Entity ids in the order of both databases: as sixteen unsigned bytes, which is also the order of their lower-case text.
 * ({@code UUID.compareTo} is signed and disagrees.)
 */
public final class EntityId {
    public static final Comparator<UUID> ORDER = (a, b) ->
            compare(a.getMostSignificantBits(), a.getLeastSignificantBits(), b.getMostSignificantBits(), b.getLeastSignificantBits());

    private static final byte[] DIGITS = digits();

    private EntityId() {
    }

    /** Compares two ids, each given as its two halves. */
    static int compare(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? Long.compareUnsigned(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }

    /** Whether a text is an id as the graph should hold it: a UUID of 36 characters, in lower case. */
    public static boolean isCanonical(String text) {
        return isCanonical(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An id that a person or a file gives: a UUID of 36 characters, in lower or upper case. */
    public static Optional<UUID> parse(String text) {
        String canonical = text.toLowerCase(Locale.ROOT);
        return isCanonical(canonical) ? Optional.of(UUID.fromString(canonical)) : Optional.empty();
    }

    static boolean isCanonical(byte[] text) {
        if (text.length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
            return false;
        }
        int digits = 0;
        for (byte c : text) {
            digits += c >= 0 && DIGITS[c] >= 0 ? 1 : 0;
        }
        return digits == 32;
    }

    /** The first half of a canonical id, given as its characters. */
    static long high(byte[] canonical) {
        return hex(canonical, 0, 8) << 32 | hex(canonical, 9, 13) << 16 | hex(canonical, 14, 18);
    }

    /** The second half, likewise. */
    static long low(byte[] canonical) {
        return hex(canonical, 19, 23) << 48 | hex(canonical, 24, 36);
    }

    private static long hex(byte[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | DIGITS[text[i]];
        }
        return value;
    }

    private static byte[] digits() {
        byte[] digits = new byte[128];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < 16; i++) {
            digits["0123456789abcdef".charAt(i)] = (byte) i;
        }
        return digits;
    }
}
