package syncdata.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import syncdata.rules.GraphTimestamp;

/**
 * Reads the rows of one result of PostgreSQL as values for Neo4j. Asking the driver for the columns is slow: it is done
 * once for all rows.
 */
final class RowValues {
    private final List<String> labels = new ArrayList<>();
    private final List<String> types = new ArrayList<>();

    /**
     * An instant in microseconds since 1970; {@code Long.MAX_VALUE} for {@code infinity}, {@code Long.MIN_VALUE} for
     * {@code -infinity}.
     */
    static long micros(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        if (time.equals(OffsetDateTime.MAX)) {
            return Long.MAX_VALUE;
        }
        return time.equals(OffsetDateTime.MIN) ? Long.MIN_VALUE : GraphTimestamp.micros(time.toInstant());
    }

    /** The names of the columns of a result, which may have no row. */
    List<String> labels(ResultSetMetaData columns) throws SQLException {
        if (labels.isEmpty()) {
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                labels.add(columns.getColumnLabel(i));
                types.add(columns.getColumnTypeName(i));
            }
        }
        return List.copyOf(labels);
    }

    /** The values of a row in their order, null among them. */
    List<Object> list(ResultSet row) throws SQLException {
        if (labels.isEmpty()) {
            labels(row.getMetaData());
        }
        List<Object> values = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            values.add(value(row, i + 1, types.get(i)));
        }
        return values;
    }

    /** The values of a row by their columns, without those that are null. */
    Map<String, Object> map(ResultSet row) throws SQLException {
        List<Object> values = list(row);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) != null) {
                map.put(labels.get(i), values.get(i));
            }
        }
        return map;
    }

    /** One value. It becomes text where Neo4j has no type for it. */
    private static Object value(ResultSet row, int column, String type) throws SQLException {
        return switch (type) {
            case "timestamptz" -> instant(row, column);
            case "timestamp" -> row.getObject(column, LocalDateTime.class);
            case "date" -> row.getObject(column, LocalDate.class);
            case "bool", "int8", "int4", "int2", "float8", "float4", "bytea" -> row.getObject(column);
            case "numeric" -> row.getObject(column) == null ? null : row.getDouble(column);
            default -> type.startsWith("_") ? array(row.getArray(column)) : row.getString(column);
        };
    }

    private static Object instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        if (time != null && (time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN))) {
            String name = row.getMetaData().getColumnLabel(column);
            throw new IllegalArgumentException(name + " is infinity, which Neo4j cannot hold");
        }
        return time == null ? null : time.atZoneSameInstant(ZoneOffset.UTC);
    }

    private static Object array(Array array) throws SQLException {
        return array == null ? null : Arrays.stream((Object[]) array.getArray())
                .map(item -> item instanceof Number || item instanceof Boolean ? item : String.valueOf(item)).toList();
    }
}
