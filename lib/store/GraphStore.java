package syncdata.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.Neo4jException;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.EntityId;
import syncdata.rules.IdRange;
import syncdata.run.InputException;

/** Neo4j: pages of its nodes and relationships, what it holds of an id, and every write. */
public final class GraphStore implements AutoCloseable {
    private final Queries queries;
    private final GraphConnection connection;
    private final GraphStates states;
    private final GraphRelations relations;
    private final GraphSurvey survey;

    private GraphStore(GraphConnection connection, Queries queries) {
        this.queries = queries;
        this.connection = connection;
        this.states = new GraphStates(connection);
        this.relations = new GraphRelations(connection);
        this.survey = new GraphSurvey(connection, queries);
    }

    /**
     * Connects, and lets Neo4j plan every query that may be needed.
     *
     * @param access with {@code READ}, no session can write
     * @param gate   through which every query goes
     * @throws InputException if a query file has a mistake
     * @throws Neo4jException if Neo4j cannot be reached or refuses the login
     */
    public static GraphStore open(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        GraphStore store = new GraphStore(GraphConnection.open(settings, queries, access, gate), queries);
        try {
            store.survey.tryQueries(access);
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Connects, and plans nothing. */
    public static GraphStore connect(ConnectionSettings settings, Queries queries, AccessMode access) {
        return new GraphStore(GraphConnection.open(settings, queries, access, Gate.open("Neo4j")), queries);
    }

    /** Loads the classes of a connection; connects to nothing. */
    public static void prepare() {
        GraphConnection.prepare();
    }

    /** What Neo4j holds of an id. */
    public GraphStates states() {
        return states;
    }

    /** The relations that are tied to nodes. */
    public GraphRelations relations() {
        return relations;
    }

    /** Neo4j as a whole. */
    public GraphSurvey survey() {
        return survey;
    }

    /** Which database this is. */
    public DatabaseIdentity identity() {
        Record row = connection.readSingle("graph-identity.cypher", Map.of());
        return new DatabaseIdentity(connection.host(), row.get("name").asString(),
                Optional.of(row.get("id").asString()), row.get("version").asString());
    }

    /** The dialect of Cypher. */
    public CypherDialect dialect() {
        return connection.dialect();
    }

    /** Reads the nodes of a range that have a timestamp. */
    public PageReader nodes(PageSize size, IdRange range) {
        return nodes(size, range, Optional.empty());
    }

    /** Reads the relationships of a range that have a timestamp. */
    public PageReader relationships(PageSize size, IdRange range) {
        return relationships(size, range, Optional.empty());
    }

    /** Reads nodes with the digests of what these projections give, if any are asked for. */
    PageReader nodes(PageSize size, IdRange range, Optional<Projections> contents) {
        return pages(false, "node", size, range, contents);
    }

    /** Reads relationships in the same way. */
    PageReader relationships(PageSize size, IdRange range, Optional<Projections> contents) {
        return pages(true, "relationship", size, range, contents);
    }

    private PageReader pages(boolean relationships, String kind, PageSize size, IdRange range,
            Optional<Projections> contents) {
        String name = kind + "-page.cypher";
        String withContents = kind + "-content-page.cypher";
        return new GraphPages(connection, relationships,
                contents.filter(any -> queries.hasVariant(name, withContents))
                        .map(projections -> new GraphContents(withContents, projections, relationships)),
                Optional.of(kind + "-page-datetime.cypher").filter(variant -> queries.hasVariant(name, variant)), name,
                size, range);
    }

    /** Reads the nodes of a range that have an id and no timestamp. */
    public PageReader nodesWithoutTimestamp(PageSize size, IdRange range) {
        return new GraphPages(connection, false, Optional.empty(), Optional.empty(),
                "node-without-timestamp-page.cypher", size, range);
    }

    /** Reads the relationships of a range that have an id and no timestamp. */
    public PageReader relationshipsWithoutTimestamp(PageSize size, IdRange range) {
        return new GraphPages(connection, true, Optional.empty(), Optional.empty(),
                "relationship-without-timestamp-page.cypher", size, range);
    }

    /**
     * What was changed after a time, in microseconds since 1970, all of it to be looked up.
     *
     * @return empty where it is more than {@code most}
     */
    Optional<EntityPage> changes(String name, long after, int most) {
        Instant instant = Instant.EPOCH.plus(after, ChronoUnit.MICROS);
        Value ids = connection.readSingle(name, Map.of("instant", instant.atZone(ZoneOffset.UTC),
                "local", LocalDateTime.ofInstant(instant, ZoneOffset.UTC), "millis", Math.floorDiv(after, 1000L),
                "limit", most + 1)).get("ids");
        if (ids.size() > most) {
            return Optional.empty();
        }
        EntityPage page = new EntityPage(ids.size());
        long[] halves = new long[2];
        for (Value id : ids.values()) {
            if (EntityId.read(String.valueOf(id.asObject()).getBytes(StandardCharsets.ISO_8859_1), halves)) {
                page.addToBeLookedUp(halves[0], halves[1], true, false);
            }
        }
        return Optional.of(page);
    }

    /** Asks several queries in one transaction, which can only read. */
    public <T> T look(Function<GraphTransaction, T> work) {
        return connection.look(work);
    }

    /** Does work in a transaction, and commits it unless the work rolls it back or throws. */
    public <T> T write(Function<GraphTransaction, T> work) {
        return connection.write(work);
    }

    /**
     * Runs a query of an operator, which can only read, and gives its first rows.
     *
     * @param cypher without parameters
     */
    public Rows query(String cypher, int limit) {
        try (Session session = connection.session(limit + 1)) {
            Result result = session.run(cypher);
            List<List<Object>> values = new ArrayList<>();
            while (values.size() <= limit && result.hasNext()) {
                // null among them
                values.add(result.next().values().stream().map(Value::asObject).collect(Collectors.toList()));
            }
            return Rows.first(limit, result.keys(), values);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
