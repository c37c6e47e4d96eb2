package syncdata.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import syncdata.rules.ContentDigest;
import syncdata.rules.KeptProperties;

/**
 * The contents of a page of nodes or relationships, as digests: of each the properties that a projection gives, and how
 * many it has in all.
 */
final class GraphContents {
    /** Where a query file wants the properties, and of what. */
    private static final Pattern PLACE = Pattern.compile("/\\* content of (\\w+) \\*/");

    private final String file;
    private final List<ProjectedColumn> columns;
    /** Of what the query gives for each column. */
    private final List<String> names;
    private final Map<String, Object> parameters;
    private final KeptProperties kept;

    /** @param file of the query for pages with content */
    GraphContents(String file, Projections projections, boolean relationships) {
        this.file = file;
        this.columns = projections.of(relationships);
        this.kept = projections.kept();
        this.parameters = kept.equals(KeptProperties.NONE) ? Map.of()
                : Map.of("kept", List.copyOf(kept.names()), "projected", List.copyOf(kept.projected()));
        this.names = IntStream.range(0, columns.size())
                .mapToObj(i -> isEnd(relationships, columns.get(i)) ? columns.get(i).name() : "content_" + i).toList();
    }

    /**
     * Reads a page.
     *
     * @param page the parameters of any page
     * @throws org.neo4j.driver.exceptions.ClientException if a value in it is of another type than PostgreSQL's
     */
    Record read(GraphConnection connection, Map<String, Object> page) {
        Map<String, Object> all = new HashMap<>(page);
        all.putAll(parameters);
        return connection.readLarge(file, all, this::edited);
    }

    /**
     * The digests of a page; unknown where a value is of another type than PostgreSQL's.
     *
     * @param size how many of the row's are wanted
     */
    long[] digests(Record row, int size) {
        List<Value> values = names.stream().map(row::get).toList();
        Value properties = row.get("properties");
        ContentDigest digest = new ContentDigest();
        long[] digests = new long[size];
        for (int i = 0; i < size; i++) {
            for (int column = 0; column < columns.size(); column++) {
                columns.get(column).add(values.get(column).get(i), digest);
            }
            digests[i] = digest.finish(properties.get(i).asInt());
        }
        return digests;
    }

    private String edited(String query) {
        return PLACE.matcher(query).replaceAll(match -> Matcher.quoteReplacement(asked(match.group(1))));
    }

    private String asked(String variable) {
        String keys = parameters.isEmpty() ? "keys(" + variable + ")" : "[name IN keys(" + variable + ") WHERE "
                + (kept.allOthers() ? "name IN $projected" : "name IN $projected OR NOT name IN $kept") + "]";
        return IntStream.range(0, columns.size()).filter(i -> names.get(i).startsWith("content_"))
                .mapToObj(i -> "collect(" + columns.get(i).cypher(variable) + ") AS content_" + i + ",\n       ")
                .collect(Collectors.joining()) + "collect(size(" + keys + ")) AS properties,";
    }

    private static boolean isEnd(boolean relationships, ProjectedColumn column) {
        return relationships && Projections.ENDS.contains(column.name());
    }
}
