package syncdata.rules;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Copies as they were seen, with no more of them than it takes to know them again: they may be large. Pure. */
public final class SeenCopies {
    private SeenCopies() {
    }

    /** What is needed to know a copy again by its timestamp. */
    static GraphState byTimestamp(GraphState copy) {
        return seen(copy, null);
    }

    /**
     * What is needed to know a copy again by its content too.
     *
     * @param kept which properties belong to others, and so play no part
     */
    public static GraphState byContent(GraphState copy, Predicate<String> kept) {
        return seen(copy, digest(copy, kept));
    }

    private static GraphState seen(GraphState copy, String digest) {
        return new GraphState(copy.id(), copy.relationship(), copy.type(), copy.timestamp(), Map.of(), copy.source(),
                copy.target(), copy.stored(), digest);
    }

    /** Whether a copy still is what was seen: of one kind, its timestamp in the same encoding, and its content. */
    public static boolean isStill(GraphState now, GraphState seen, Predicate<String> kept) {
        return now.relationship() == seen.relationship() && Objects.deepEquals(now.stored(), seen.stored())
                && (seen.digest() == null || seen.digest().equals(digest(now, kept)));
    }

    private static String digest(GraphState copy, Predicate<String> kept) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(Content.withEnds(copy)).forEach((name, value) -> {
                if (!kept.test(name)) {
                    add(digest, name);
                    add(digest, value);
                }
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Each value with its kind and length, so that no two ways to write values give the same bytes. */
    private static void add(MessageDigest digest, Object value) {
        byte[] bytes = value instanceof byte[] binary ? binary : String.valueOf(value instanceof List<?> items
                ? items.size() : value).getBytes(StandardCharsets.UTF_8);
        String kind = value == null ? "null" : value instanceof List ? "list" : value.getClass().getSimpleName();
        digest.update((kind + " " + bytes.length + " ").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        if (value instanceof List<?> items) {
            items.forEach(item -> add(digest, item));
        }
    }
}
