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

/** Reduces copies to what recognizes them later, since a whole one may have megabytes. Pure. */
public final class SeenCopies {
    private SeenCopies() {
    }

    /** Keeps the timestamp, and no content. */
    static GraphState byTimestamp(GraphState copy) {
        return seen(copy, null);
    }

    /**
     * Keeps the timestamp, and a digest of the content.
     *
     * @param kept names of properties that belong to other services, and play no part
     */
    public static GraphState byContent(GraphState copy, Predicate<String> kept) {
        return seen(copy, digest(copy, kept));
    }

    private static GraphState seen(GraphState copy, String digest) {
        return new GraphState(copy.id(), copy.relationship(), copy.type(), copy.timestamp(), Map.of(), copy.from(),
                copy.to(), copy.stored(), digest);
    }

    /** Whether a copy is still as it was seen: its kind, its timestamp and its encoding, and its content if kept. */
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

    /** Adds a value with its kind and length, so that different values never add the same bytes. */
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
