package syncdata.rules;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The order and the text of entity ids. Both databases order them as sixteen unsigned bytes, which is also the order
 * of their lower-case text; {@code UUID.compareTo} is signed and disagrees.
 */
public final class EntityId {
    public static final Comparator<UUID> ORDER = (a, b) ->
            compare(a.getMostSignificantBits(), a.getLeastSignificantBits(), b.getMostSignificantBits(),
                    b.getLeastSignificantBits());

    private static final byte[] DIGITS = digits();

    private EntityId() {
    }

    /** Compares two ids, each given as its two halves. */
    public static int compare(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? Long.compareUnsigned(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }

    /** The texts of ids as the graph should hold them. */
    public static List<String> texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    /** Whether a text is an id as the graph should hold it: a UUID of 36 characters, in lower case. */
    public static boolean isCanonical(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1), new long[2]);
    }

    /** An id that a person or a file gives: a UUID of 36 characters, in lower or upper case. */
    public static Optional<UUID> parse(String text) {
        long[] halves = new long[2];
        return read(text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1), halves)
                ? Optional.of(new UUID(halves[0], halves[1])) : Optional.empty();
    }

    /**
     * Reads the characters of an id, in one pass: a check does so for every entity.
     *
     * @param halves takes the two halves of the id
     * @return whether it is an id as the graph should hold it
     */
    public static boolean read(byte[] text, long[] halves) {
        if (text.length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
            return false;
        }
        int first = hex(text, 0);
        int second = hex(text, 4);
        int third = hex(text, 9);
        int fourth = hex(text, 14);
        int fifth = hex(text, 19);
        int sixth = hex(text, 24);
        int seventh = hex(text, 28);
        int eighth = hex(text, 32);
        halves[0] = (long) first << 48 | (long) second << 32 | (long) third << 16 | fourth;
        halves[1] = (long) fifth << 48 | (long) sixth << 32 | (long) seventh << 16 | eighth;
        return (first | second | third | fourth | fifth | sixth | seventh | eighth) >= 0;
    }

    /** The value of four digits; negative where one of them is no digit, since that counts as -1. */
    private static int hex(byte[] text, int from) {
        return DIGITS[text[from] & 0xFF] << 12 | DIGITS[text[from + 1] & 0xFF] << 8
                | DIGITS[text[from + 2] & 0xFF] << 4 | DIGITS[text[from + 3] & 0xFF];
    }

    private static byte[] digits() {
        byte[] digits = new byte[256];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < 16; i++) {
            digits["0123456789abcdef".charAt(i)] = (byte) i;
        }
        return digits;
    }
}
