package syncdata.rules;

import java.math.BigDecimal;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The content of an entity: its properties, and of a relation its ends. Every rule of how two values compare stands
 * here; pure.
 */
public final class Content {
    private Content() {
    }

    /**
     * The names of the properties in which a copy differs from what a repair would write, ascending; an end is {@code
     * source} or {@code target}.
     *
     * @param row  what PostgreSQL holds, as values of Neo4j; for a relation its {@code source} and {@code target} too
     * @param kept which names belong to others, and so are not compared
     */
    public static SortedSet<String> differing(Map<String, Object> row, GraphState copy, Predicate<String> kept) {
        Map<String, Object> held = withEnds(copy);
        SortedSet<String> names = new TreeSet<>();
        row.forEach((name, truth) -> {
            if (!same(truth, held.get(name))) {
                names.add(name);
            }
        });
        held.forEach((name, value) -> {
            if (value != null && !row.containsKey(name)) {
                names.add(name);
            }
        });
        names.removeIf(kept);
        return names;
    }

    /** What a copy holds; of a relationship its ends too, as {@code source} and {@code target}. */
    public static Map<String, Object> withEnds(GraphState copy) {
        if (!copy.relationship()) {
            return copy.properties();
        }
        Map<String, Object> properties = new HashMap<>(copy.properties());
        properties.put("source", copy.source());
        properties.put("target", copy.target());
        return properties;
    }

    /**
     * Whether a value in Neo4j is what a repair would write. A number is its value, of whatever kind; a time is its
     * instant, in whatever zone, and in every form that older copies have; a list has an order; a text is its
     * characters, composed or not.
     *
     * @param truth null where PostgreSQL has none
     * @param held  as the driver gives it; null where it is not there
     */
    public static boolean same(Object truth, Object held) {
        if (truth == null || held == null) {
            return truth == held;
        }
        if (truth instanceof Number number && held instanceof Number other) {
            return sameNumber(number, other);
        }
        if (truth instanceof ZonedDateTime time) {
            return Verdict.ofInstants(GraphTimestamp.micros(time.toInstant()), GraphTimestamp.of(held)) == Verdict.OK;
        }
        if (truth instanceof List<?> items && held instanceof List<?> others) {
            return sameItems(items, others);
        }
        return truth instanceof byte[] bytes
                && held instanceof byte[] others ? Arrays.equals(bytes, others) : Objects.equals(truth, held);
    }

    private static boolean sameItems(List<?> items, List<?> others) {
        boolean same = items.size() == others.size();
        for (int i = 0; same && i < items.size(); i++) {
            same = same(items.get(i), others.get(i));
        }
        return same;
    }

    private static boolean sameNumber(Number truth, Number held) {
        if (isWhole(truth) && isWhole(held)) {
            return truth.longValue() == held.longValue();
        }
        double one = truth.doubleValue();
        double other = held.doubleValue();
        boolean finite = Double.isFinite(one) && Double.isFinite(other);
        return finite ? exact(truth).compareTo(exact(held)) == 0 : Double.compare(one, other) == 0;
    }

    private static boolean isWhole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    private static BigDecimal exact(Number number) {
        return isWhole(number) ? BigDecimal.valueOf(number.longValue()) : new BigDecimal(number.doubleValue());
    }
}
