package syncdata.report;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import syncdata.rules.Content;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;

/**
 * A property whose values differ in PostgreSQL and Neo4j; null where one of them does not have it. Values are text,
 * numbers, truth values or lists of them. Timestamps are ISO 8601 text.
 */
public record PropertyDifference(Object postgresql, Object neo4j) {

    /**
     * The properties that differ, by name.
     *
     * @param row    what PostgreSQL holds; of a relation {@code source} and {@code target} too
     * @param copies what Neo4j holds. The values of several copies stand in a list, in the order of the copies'
     *               timestamps: Neo4j gives copies in any order
     */
    public static Map<String, PropertyDifference> between(Map<String, Object> row, List<GraphState> copies) {
        return between(row, copies, KeptProperties.NONE);
    }

    /** The same without properties that belong to other services. */
    public static Map<String, PropertyDifference> between(Map<String, Object> row, List<GraphState> copies,
            KeptProperties kept) {
        List<Map<String, Object>> inGraph = copies.stream()
                .sorted(Comparator.comparing(copy -> String.valueOf(plain(copy.stored())))).map(Content::withEnds)
                .toList();
        Set<String> names = new TreeSet<>(row.keySet());
        inGraph.forEach(copy -> names.addAll(copy.keySet()));
        names.removeIf(kept::keeps);
        Map<String, PropertyDifference> differences = new TreeMap<>();
        for (String name : names) {
            Object truth = row.get(name);
            List<Object> values = new ArrayList<>();
            inGraph.forEach(copy -> values.add(copy.get(name)));
            if (!values.stream().allMatch(value -> Content.same(truth, value))) {
                differences.put(name, new PropertyDifference(plain(truth),
                        plain(values.size() == 1 ? values.get(0) : values)));
            }
        }
        return differences;
    }

    /** A value as JSON can hold it. */
    public static Object plain(Object value) {
        if (value instanceof ZonedDateTime time) {
            return time.toInstant().toString();
        }
        if (value instanceof Integer || value instanceof Short) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float number) {
            return number.doubleValue();
        }
        if (value instanceof List<?> items) {
            List<Object> plain = new ArrayList<>();
            items.forEach(item -> plain.add(plain(item)));
            return plain;
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }
}
