package syncdata.store;

import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.neo4j.driver.types.Entity;
import org.neo4j.driver.types.Node;
import org.neo4j.driver.types.Relationship;
import syncdata.rules.EntityId;
import syncdata.run.InputException;
import syncdata.run.TextTable;

/**
 * What a query of an operator gave. As text it is a table.
 *
 * @param columns names
 * @param values  a list for each row, null where there is no value
 * @param more    whether there were more rows
 */
public record Rows(List<String> columns, List<List<Object>> values, boolean more) {

    /** The rows of a query that was asked for {@code limit + 1}. */
    static Rows first(int limit, List<String> columns, List<List<Object>> values) {
        boolean more = values.size() > limit;
        return new Rows(columns, more ? values.subList(0, limit) : values, more);
    }

    /** The first row by its columns, null where there is no value. */
    public Map<String, Object> single() {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), values.get(0).get(i));
        }
        return row;
    }

    /**
     * The first column as ids of entities.
     *
     * @throws InputException if one is no id
     */
    public List<UUID> ids() {
        return values.stream().map(row -> String.valueOf(row.get(0))).map(text -> EntityId.parse(text)
                .orElseThrow(() -> new InputException("The query's first column, " + columns.get(0) + ", has " + text
                        + ", which is no entity id"))).toList();
    }

    @Override
    public String toString() {
        TextTable table = new TextTable(columns);
        values.forEach(row -> table.add(row.stream().map(Rows::shown).collect(Collectors.toList())));
        String count = values.size() == 1 ? "1 row" : values.size() + " rows";
        return (columns.isEmpty() ? "" : table.toString()) + "(" + (more ? "the first " + count + ", of more" : count)
                + ")";
    }

    private static Object shown(Object value) {
        if (value instanceof ZonedDateTime time) {
            return time.toOffsetDateTime();
        }
        if (value instanceof Node node) {
            return "(:" + String.join(":", node.labels()) + " " + properties(node) + ")";
        }
        if (value instanceof Relationship relationship) {
            return "[:" + relationship.type() + " " + properties(relationship) + "]";
        }
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        return value;
    }

    private static Map<String, Object> properties(Entity entity) {
        Map<String, Object> properties = new TreeMap<>();
        entity.asMap().forEach((name, value) -> properties.put(name, shown(value)));
        return properties;
    }
}
