package syncdata.store;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.neo4j.driver.Value;

/**
 * What this Neo4j knows of the Cypher that the queries use.
 *
 * @param namesAsParameters whether labels and types can be parameters, as from 5.26 on
 * @param elementIds        whether there is {@code elementId}, as from 5 on; before, {@code id} takes its place
 */
public record CypherDialect(boolean namesAsParameters, boolean elementIds) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

    /** The dialect of a version such as 5.26.30. A version that cannot be read counts as new. */
    public static CypherDialect of(String version) {
        Matcher parts = VERSION.matcher(version);
        int major = parts.lookingAt() ? Integer.parseInt(parts.group(1)) : Integer.MAX_VALUE;
        return new CypherDialect(major > 5 || major == 5 && Integer.parseInt(parts.group(2)) >= 26, major >= 5);
    }

    /** A query in this dialect. */
    String text(String query) {
        return elementIds ? query : query.replace("elementId(", "id(");
    }

    /**
     * A query whose {@code :$(row.names)} stands for these labels, or this type. Where they cannot be parameters, they
     * are quoted in the text.
     */
    public String named(String query, Collection<String> names) {
        return namesAsParameters ? query
                : query.replace(":$(row.names)", names.isEmpty() ? "" : ":" + CypherName.quoted(names));
    }

    /** Neo4j's own id of a node or relationship, as a parameter. */
    public Object element(String id) {
        return elementIds ? id : id.matches("\\d{1,18}") ? Long.parseLong(id) : -1L;
    }

    /** Neo4j's own id of a node or relationship, from a result. */
    public static String element(Value id) {
        return String.valueOf(id.asObject());
    }
}
