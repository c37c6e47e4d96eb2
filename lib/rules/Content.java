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
 * The content of an entity: its properties, and the ends of a relation. All rules for comparing values stand here.
 * Pure.
 */
public final class Content {
    private Content() {
    }

    /**
     * The names of the properties in which a copy differs from what a repair would write, ascending. The ends of a
     * relation are called {@code source} and {@code target}.
     *
     * @param row  what PostgreSQL holds, as values of Neo4j; of a relation {@code source} and {@code target} too
     * @param kept names that belong to other services, and are not compared
     */
    public static SortedSet<String> differing(Map<String, Object> row, GraphState copy, Predicate<String> kept) {
        Map<String, Object> inGraph = withEnds(copy);
        SortedSet<String> names = new TreeSet<>();
        row.forEach((name, truth) -> {
            if (!same(truth, inGraph.get(name))) {
                names.add(name);
            }
        });
        inGraph.forEach((name, value) -> {
            if (value != null && !row.containsKey(name)) {
                names.add(name);
            }
        });
        names.removeIf(kept);
        return names;
    }

    /** The properties of a copy; of a relationship {@code source} and {@code target} too, the ids of its ends. */
    public static Map<String, Object> withEnds(GraphState copy) {
        if (!copy.relationship()) {
            return copy.properties();
        }
        Map<String, Object> properties = new HashMap<>(copy.properties());
        properties.put("source", copy.from());
        properties.put("target", copy.to());
        return properties;
    }

    /**
     * Whether a value in Neo4j is what a repair would write. Numbers compare by value, whatever their kind. Times
     * compare by instant, whatever their zone, and in every encoding that older graphs have. Lists compare in order.
     * Texts compare by character: a composed one is not the same as a decomposed one.
     *
     * @param truth   null where PostgreSQL has none
     * @param inGraph as the driver gives it; null where Neo4j has none
     */
    public static boolean same(Object truth, Object inGraph) {
        if (truth == null || inGraph == null) {
            return truth == inGraph;
        }
        if (truth instanceof Number number && inGraph instanceof Number other) {
            return sameNumber(number, other);
        }
        if (truth instanceof ZonedDateTime time) {
            GraphTimestamp timestamp = GraphTimestamp.of(inGraph);
            return Verdict.ofInstants(GraphTimestamp.micros(time.toInstant()), timestamp) == Verdict.OK;
        }
        if (truth instanceof List<?> items && inGraph instanceof List<?> others) {
            return sameItems(items, others);
        }
        return truth instanceof byte[] bytes && inGraph instanceof byte[] others ? Arrays.equals(bytes, others)
                : Objects.equals(truth, inGraph);
    }

    private static boolean sameItems(List<?> items, List<?> others) {
        boolean same = items.size() == others.size();
        for (int i = 0; same && i < items.size(); i++) {
            same = same(items.get(i), others.get(i));
        }
        return same;
    }

    private static boolean sameNumber(Number truth, Number inGraph) {
        if (isWhole(truth) && isWhole(inGraph)) {
            return truth.longValue() == inGraph.longValue();
        }
        double one = truth.doubleValue();
        double other = inGraph.doubleValue();
        boolean finite = Double.isFinite(one) && Double.isFinite(other);
        return finite ? exact(truth).compareTo(exact(inGraph)) == 0 : Double.compare(one, other) == 0;
    }

    private static boolean isWhole(Number number) {
        return number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte;
    }

    private static BigDecimal exact(Number number) {
        return isWhole(number) ? BigDecimal.valueOf(number.longValue()) : new BigDecimal(number.doubleValue());
    }
}
