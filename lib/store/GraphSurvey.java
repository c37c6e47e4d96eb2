package syncdata.store;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.Value;

/** Neo4j as a whole: counts, load, indexes, and whether it can plan the query files. */
public final class GraphSurvey {
    private static final Map<String, Object> FOR_NO_ENTITY = Map.of("after", "", "until", "", "limit", 1, "longest", 0,
            "ids", List.of(), "rows", List.of(), "nodes", List.of(), "relations", List.of(), "properties", Map.of());
    private static final Pattern UNKNOWN_NAME =
            Pattern.compile("missing (label|relationship type|property)(?: name)? (?:name )?is: `?(\\w+)");
    private static final List<String> WITH_INDEXES = List.of("node-page.cypher", "relationship-page.cypher",
            "node-states.cypher", "relationship-states.cypher");

    private final GraphConnection connection;
    private final Queries files;

    GraphSurvey(GraphConnection connection, Queries files) {
        this.connection = connection;
        this.files = files;
    }

    /**
     * Counts of nodes and relationships.
     *
     * @param allNodes nodes of any label
     */
    public record Counts(long allNodes, long nodes, long relationships) {
        /** The number of copies of entities: the most entities that there can be. */
        public long entities() {
            return nodes + relationships;
        }
    }

    /**
     * Nodes and relationships that belong to no entity.
     *
     * @param withOtherId whose id is no text
     */
    public record Unidentified(long withoutId, long withOtherId) {
    }

    /** Counts nodes and relationships, at once: Neo4j keeps the numbers. */
    public Counts counts() {
        Map<String, Long> counts = new HashMap<>();
        connection.read("graph-counts.cypher", Map.of())
                .forEach(row -> counts.put(row.get("name").asString(), row.get("count").asLong()));
        return new Counts(counts.get("all nodes"), counts.get("nodes"), counts.get("relationships"));
    }

    /** Counts the nodes and relationships that have no id, or one that is no text: no page shows them. */
    public Unidentified unidentified() {
        long withoutId = 0;
        long withOtherId = 0;
        for (Record row : connection.read("without-id.cypher", Map.of())) {
            withoutId += row.get("without_id").asLong();
            withOtherId += row.get("with_other_id").asLong();
        }
        return new Unidentified(withoutId, withOtherId);
    }

    /** The number of running transactions of others. */
    long runningTransactions() {
        return connection.readSingle("graph-load.cypher", Map.of()).get("running").asLong();
    }

    /** Whether others are at work in Neo4j. Fails at once if it does not answer. */
    boolean isInUse() {
        return connection.readSingleOnce("graph-load.cypher").get("running").asLong() > 0;
    }

    /**
     * Some ids in their order, from the first one behind {@code after} on, each with its {@code last_updated_at} in its
     * own encoding.
     */
    public List<Map.Entry<String, Object>> timestamps(boolean relationships, UUID after, int limit) {
        Record row = connection.readSingle(relationships ? "relationship-page.cypher" : "node-page.cypher",
                Map.of("after", after.toString(), "until", GraphPages.END, "limit", limit));
        List<Object> values = row.get("timestamps").asList(Value::asObject);
        List<String> ids = row.get("ids").asList(Value::asString);
        return IntStream.range(0, ids.size()).<Map.Entry<String, Object>>mapToObj(i ->
                new AbstractMap.SimpleEntry<>(ids.get(i), values.get(i))).toList();
    }

    /**
     * Lets Neo4j plan every query, and runs none: a mistake in one is found before it is needed.
     *
     * @param access with {@code READ}, only queries of a check
     */
    public void tryQueries(AccessMode access) {
        connection.lookOnce(transaction -> {
            cypher(access).forEach(name -> transaction.run(name, "EXPLAIN "::concat, FOR_NO_ENTITY));
            return null;
        });
    }

    /** Whether this Neo4j has ever known the label of entities. */
    public boolean knowsEntities() {
        return unknownNames(List.of("node-states.cypher")).stream().noneMatch(name -> name.startsWith("label "));
    }

    /** The labels, types and properties that queries name and Neo4j has never seen, each once. */
    public Set<String> unknownNames() {
        return unknownNames(cypher(AccessMode.WRITE));
    }

    @SuppressWarnings("deprecation") // servers before 5.23 know no other way to say it
    private Set<String> unknownNames(Collection<String> names) {
        Set<String> unknown = new TreeSet<>();
        try (Session session = connection.session(AccessMode.READ)) {
            for (String name : names) {
                session.run("EXPLAIN " + connection.queries().text(name), FOR_NO_ENTITY).consume().notifications()
                        .stream().filter(notification -> notification.code().contains("Unknown"))
                        .map(notification -> UNKNOWN_NAME.matcher(notification.description())).filter(Matcher::find)
                        .forEach(match -> unknown.add(match.group(1) + " " + match.group(2)));
            }
        }
        return unknown;
    }

    /** The statements for the missing indexes of one query. */
    List<String> missingIndexes(String name) {
        IndexAdvice.Neo4j present = indexes();
        return files.indexes(name).stream().filter(statement -> !present.has(statement)).toList();
    }

    /** The statements for the missing indexes of all queries, each once. */
    public List<String> missingIndexes() {
        IndexAdvice.Neo4j present = indexes();
        return WITH_INDEXES.stream().flatMap(name -> files.index(name).stream()).distinct()
                .filter(statement -> !present.has(statement)).toList();
    }

    private IndexAdvice.Neo4j indexes() {
        return new IndexAdvice.Neo4j(connection.read("indexes.cypher", Map.of()).stream()
                .map(row -> new IndexAdvice.Neo4j.Properties(row.get("entityType").asString(),
                        row.get("labelsOrTypes").asList(Value::asString),
                        row.get("properties").asList(Value::asString))).toList());
    }

    /** Creates an index, and waits until it can be used. */
    public void createIndex(String statement) {
        try (Session session = connection.session(AccessMode.WRITE)) {
            session.run(statement).consume();
            session.run("CALL db.awaitIndexes(3600)").consume();
        }
    }

    /** Writes as a repair does, and rolls back. Throws Neo4j's exception if the user may not. */
    public void tryWriting() {
        try (Session session = connection.session(AccessMode.WRITE);
                Transaction transaction = session.beginTransaction()) {
            transaction.run(files.text("try-writing.cypher")).consume();
            transaction.rollback();
        }
    }

    private static List<String> cypher(AccessMode access) {
        return Stream.concat(Queries.CYPHER_OF_CHECKS.stream(),
                access == AccessMode.WRITE ? Queries.CYPHER_OF_REPAIRS.stream() : Stream.empty()).toList();
    }
}
