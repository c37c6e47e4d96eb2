package syncdata.store;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.neo4j.driver.Value;

/**
 * What the queries use and an older Neo4j does not know.
 *
 * @param namesAsParameters whether labels and types can be parameters, as from 5.26 on
 * @param elementIds        whether there is {@code elementId}, as from 5 on; before, the number that {@code id} gives
 *                          takes its place
 */
public record CypherDialect(boolean namesAsParameters, boolean elementIds) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    /** That of a version such as 5.26.30. One that cannot be read is taken for a new one. */
    public static CypherDialect of(String version) {
        Matcher parts = VERSION.matcher(version);
        int major = parts.lookingAt() ? Integer.parseInt(parts.group(1)) : Integer.MAX_VALUE;
        return new CypherDialect(major > 5 || major == 5 && Integer.parseInt(parts.group(2)) >= 26, major >= 5);
    }

    /** A query as this Neo4j knows it. */
    String text(String query) {
        return elementIds ? query : query.replace("elementId(", "id(");
    }

    /**
     * A query whose {@code $(row.names)}, behind a colon, are these labels, or this type. Where no parameter can give
     * them they are put into its text, quoted.
     */
    public String named(String query, Collection<String> names) {
        return namesAsParameters ? query
                : query.replace(":$(row.names)", names.isEmpty() ? "" : ":" + CypherName.quoted(names));
    }

    /** Neo4j's own id of a node or relationship, as a parameter. */
    public Object element(String id) {
        return elementIds ? id : id.matches("\\d{1,18}") ? Long.parseLong(id) : -1L;
    }

    /** The same as a result. */
    public static String element(Value id) {
        return String.valueOf(id.asObject());
    }
}
