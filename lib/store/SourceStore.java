package syncdata.store;

import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementException;
import org.neo4j.driver.AccessMode;
import org.postgresql.util.PSQLException;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.KeptProperties;
import syncdata.rules.Moment;
import syncdata.rules.SourceState;
import syncdata.rules.TiedRelations;
import syncdata.run.InputException;
import syncdata.run.RefusedException;

/** PostgreSQL, the single source of truth. Only ever read, in transactions that can do nothing else. */
public final class SourceStore implements AutoCloseable {

    /**
     * A relation as it should stand in the graph.
     *
     * @param properties the relationship's properties, its id among them
     */
    public record Relation(UUID id, String source, String target, Map<String, Object> properties) {
    }

    /**
     * How busy PostgreSQL is with the work of others.
     *
     * @param visible whether the user may see that
     * @param active  sessions at work
     * @param lag     of the replica that lags most, or of this one if it is a replica; empty where a stream is broken
     */
    record Load(boolean visible, long active, Optional<Duration> lag) {
        static final Load NONE = new Load(true, 0, Optional.of(Duration.ZERO));
    }

    /**
     * What a standby has received and replayed.
     *
     * @param seen    all that was committed up to then, in microseconds since 1970; the least number for unknown
     * @param lag     how long ago that is, and nothing while its stream is alive; empty where it cannot say
     * @param visible whether the user may see the stream
     * @param paused  whether it replays nothing, by order of somebody
     */
    public record StandbyState(long seen, Optional<Duration> lag, boolean visible, boolean paused) {
    }

    private final Queries queries;
    private final SourceServer server;
    private final Duration queryTimeout;
    // A connection for each of what is read at the same time: ahead for a check, ahead for a repair, and for a write.
    // All of it is tried on one, since opening one takes longer than most queries.
    private final SourceConnection rows;
    private SourceConnection pages;
    private SourceConnection states;
    /** Waits for nobody: it is looked beside all else whether there are others. */
    private final SourceConnection looks;
    private String relationsQuery;
    private KeptProperties kept;
    private Boolean covered;
    private final Gate gate;

    private SourceStore(Queries queries, ConnectionSettings settings, Gate gate) {
        this.queries = queries;
        this.gate = gate;
        this.server = new SourceServer(settings);
        this.queryTimeout = settings.queryTimeout();
        this.rows = connection();
        this.pages = rows;
        this.states = rows;
        this.looks = connection();
    }

    /**
     * Connects, and tries every query that it may be asked for, so that a mistake in one is found now.
     *
     * @param access what is to be done to Neo4j
     * @param gate   what every query goes through
     * @throws InputException if a table is not there or a query file has a mistake
     * @throws JdbiException  if PostgreSQL cannot be reached or refuses the login
     */
    public static SourceStore open(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        SourceStore store = new SourceStore(queries, settings, gate);
        try {
            store.rows.connect(); // not through the gate: what cannot be reached at all is said at once
            store.tryQueries(access);
            store.pages = store.connection();
            store.states = store.connection();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Loads the classes of a connection, of its login and of a query. */
    public static void prepare() {
        Jdbi.create("jdbc:postgresql:", new Properties());
        new ColonPrefixSqlParser().parse("SELECT :id", null);
        try {
            Mac.getInstance("HmacSHA256");
        } catch (NoSuchAlgorithmException e) {
            return; // the login will say so
        }
    }

    /** Connects, and tries nothing. */
    public static SourceStore connect(ConnectionSettings settings, Queries queries) {
        return new SourceStore(queries, settings, Gate.open("PostgreSQL"));
    }

    /**
     * Runs every query for no entity.
     *
     * @param access with {@code READ} none that only a repair asks
     */
    public void tryQueries(AccessMode access) {
        page(new UUID(0, 0), 0, Set.of());
        states(Set.of());
        moment();
        entities(Set.of());
        relations(Set.of());
        relationsByEntity(Set.of(), 1);
        titles(Set.of());
        largeRows(Set.of());
        if (access == AccessMode.WRITE) {
            relationsOf(Set.of(), 1, id -> { });
        }
    }

    /** The statements for those indexes that pages are read from fastest, and that are not there. */
    public List<String> missingIndexes() {
        IndexAdvice.Postgres held = heldIndexes();
        return queries.indexes("entity-page.sql").stream().filter(statement -> !held.hasLike(statement)).toList();
    }

    /** The statements for those indexes by which the relations of entities are found, and that are not there. */
    public List<String> missingRelationIndexes() {
        IndexAdvice.Postgres held = heldIndexes();
        return queries.indexes("relations-of-entities.sql").stream().filter(statement -> !held.has(statement)).toList();
    }

    private IndexAdvice.Postgres heldIndexes() {
        return new IndexAdvice.Postgres(list(rows, "source-index-definitions.sql", unbound(),
                row -> row.getString("definition")),
                list(rows, "source-indexes.sql", unbound(), row -> new IndexAdvice.Postgres.Columns(
                        row.getString("table"),
                        Arrays.stream((Object[]) row.getArray("columns").getArray()).map(String::valueOf).toList())));
    }

    /** Whether a page of all types can be read from indexes alone. */
    private synchronized boolean isCovered() {
        if (covered == null) {
            covered = queries.hasVariant("entity-page.sql", "entity-page-covered.sql") && missingIndexes().isEmpty();
        }
        return covered;
    }

    /**
     * All entities, page after page, in the order of their ids; those of other types not selected.
     *
     * @param after only those behind this id; null for all
     */
    public PageReader pages(PageSize size, Set<String> types, UUID after) {
        return new PageReader() {
            private UUID from = after == null ? new UUID(0, 0) : successor(after);

            @Override
            public Supplier<EntityPage> next() {
                int limit = size.now();
                long before = gate.spent();
                EntityPage page = from == null ? null : page(from, limit, types);
                if (page == null || page.size() == 0) {
                    return null;
                }
                size.took(page.size(), gate.spent() - before);
                from = page.size() < limit ? null : successor(page.id(page.size() - 1));
                return () -> page;
            }
        };
    }

    /** What PostgreSQL holds of these ids; an id that it does not hold has no entry. */
    public Map<UUID, SourceState> states(Collection<UUID> ids) {
        return list(states, "entity-states.sql", uuids(ids), row -> new SourceState(row.getObject("id", UUID.class),
                micros(row.getObject("last_updated_at", OffsetDateTime.class)), row.getString("type"),
                row.getBoolean("relation"), row.getBoolean("dangling"), row.getLong("written_by")))
                .stream().collect(Collectors.toMap(SourceState::id, state -> state));
    }

    /** What people call these entities; one without a title has no entry. */
    public Map<UUID, String> titles(Collection<UUID> ids) {
        Map<UUID, String> titles = new HashMap<>();
        list(rows, "entity-titles.sql", uuids(ids),
                row -> Map.entry(row.getObject("id", UUID.class), Optional.ofNullable(row.getString("title"))))
                .forEach(row -> row.getValue().ifPresent(title -> titles.put(row.getKey(), title)));
        return titles;
    }

    /** The rows of these entities as the properties of their nodes, in the order of their ids. */
    public List<Map<String, Object>> entities(Collection<UUID> ids) {
        return list(rows, "entity-projection.sql", uuids(ids), new RowValues()::map);
    }

    /** The rows of these relations, in the order of their ids. */
    public List<Relation> relations(Collection<UUID> ids) {
        RowValues values = new RowValues();
        return list(rows, "relation-projection.sql", uuids(ids), row -> {
            Map<String, Object> properties = values.map(row);
            return new Relation(row.getObject("id", UUID.class),
                    (String) properties.remove("source"), (String) properties.remove("target"), properties);
        });
    }

    /** Which properties in the graph belong to other services. */
    public synchronized KeptProperties kept() {
        if (kept == null) {
            List<String> names = queries.lines("kept-properties.txt");
            kept = names.isEmpty() ? KeptProperties.NONE : KeptProperties.of(names, projected());
        }
        return kept;
    }

    /** The names of all properties that the projections give. */
    private Set<String> projected() {
        Set<String> names = new TreeSet<>();
        for (String name : List.of("entity-projection.sql", "relation-projection.sql")) {
            names.addAll(ask(name, () -> rows.inTransaction(queryTimeout,
                    handle -> columns(handle, queries.text(name)))));
        }
        names.removeAll(Set.of("source", "target")); // the ends of a relation
        return names;
    }

    private static List<String> columns(Handle handle, String sql) {
        try (Query query = uuids(Set.of()).apply(handle.createQuery(sql))) {
            return query.scanResultSet((results, context) -> {
                try (context; ResultSet none = results.get()) {
                    return new RowValues().labels(none.getMetaData());
                }
            });
        }
    }

    /**
     * All that PostgreSQL would put into the graph for these entities, by id; of a relation its {@code source} and
     * {@code target} too.
     */
    public Map<UUID, Map<String, Object>> properties(Collection<SourceState> states) {
        Map<UUID, Map<String, Object>> properties =
                entityProperties(states.stream().filter(state -> !state.relation()).map(SourceState::id).toList());
        properties.putAll(relationProperties(states.stream().filter(SourceState::relation).map(SourceState::id)
                .toList()));
        return properties;
    }

    /** The same of entities that are no relations. */
    public Map<UUID, Map<String, Object>> entityProperties(Collection<UUID> ids) {
        Map<UUID, Map<String, Object>> properties = new HashMap<>();
        if (!ids.isEmpty()) {
            entities(ids).forEach(row -> properties.put(UUID.fromString((String) row.get("id")), row));
        }
        return properties;
    }

    /** The same of relations. */
    public Map<UUID, Map<String, Object>> relationProperties(Collection<UUID> ids) {
        Map<UUID, Map<String, Object>> properties = new HashMap<>();
        for (Relation relation : ids.isEmpty() ? List.<Relation>of() : relations(ids)) {
            Map<String, Object> row = new HashMap<>(relation.properties());
            row.put("source", relation.source());
            row.put("target", relation.target());
            properties.put(relation.id(), row);
        }
        return properties;
    }

    /** About how many bytes those of these entities have that may be large. */
    public Map<UUID, Long> largeRows(Collection<UUID> ids) {
        return list(rows, "large-entities.sql", uuids(ids),
                row -> Map.entry(row.getObject("id", UUID.class), row.getLong("bytes")))
                .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Gives the ids of every relation from or to these entities, in no order.
     *
     * @param fetch how many come over the wire at a time
     */
    public void relationsOf(Collection<UUID> ids, int fetch, Consumer<UUID> relation) {
        Duration time = queryTimeout.multipliedBy(10); // it may have to read the whole table
        String name = relationsQuery();
        ask(name, () -> rows.inTransaction(time, transaction -> {
            SourceConnection.forEach(transaction, queries.text(name),
                    query -> texts(ids).apply(query).setFetchSize(fetch), row -> row.getObject("id", UUID.class),
                    relation);
            return null;
        }));
    }

    /**
     * An entity after the other where there are indexes, which PostgreSQL's planner does not see to be much quicker;
     * else one pass for all.
     */
    private synchronized String relationsQuery() {
        if (relationsQuery == null) {
            boolean unindexed = queries.hasVariant("relations-of-entities.sql", "relations-of-entities-unindexed.sql")
                    && !missingRelationIndexes().isEmpty();
            relationsQuery = unindexed ? "relations-of-entities-unindexed.sql" : "relations-of-entities.sql";
        }
        return relationsQuery;
    }

    /** About how many entities there are, relations among them, without counting; 0 where PostgreSQL has no idea. */
    public long estimate() {
        return one(rows, "entity-estimate.sql", row -> row.getLong("entities"));
    }

    /**
     * The relations from and to each of these entities; one that has none has no entry.
     *
     * @param limit how many ids are given for each
     */
    public Map<UUID, TiedRelations> relationsByEntity(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        list(rows, "relations-by-entity.sql", query -> texts(ids).apply(query).bind("limit", limit),
                row -> Map.entry(UUID.fromString(row.getString("id")),
                        new TiedRelations(row.getLong("total"), List.of((UUID[]) row.getArray("first").getArray()))))
                .forEach(row -> relations.put(row.getKey(), row.getValue()));
        return relations;
    }

    /**
     * Runs a query of one's own, which can only read, and gives its first rows.
     *
     * @param sql without parameters
     */
    public Rows query(String sql, int limit) {
        return rows.inTransaction(queryTimeout, transaction -> {
            try (Statement statement = transaction.getConnection().createStatement()) {
                statement.setMaxRows(limit + 1);
                return statement.execute(sql) ? rows(statement.getResultSet(), limit)
                        : new Rows(List.of(), List.of(), false);
            } catch (SQLException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** Whether PostgreSQL holds no entity at all. */
    public boolean isEmpty() {
        return page(new UUID(0, 0), 1, Set.of()).size() == 0;
    }

    /** Whether this is a standby, which may not have received all that was written yet. */
    public boolean isStandby() {
        return server.isStandby();
    }

    /**
     * Opens a connection that can hold a lock.
     *
     * @throws RefusedException if a pooler keeps no transaction together, and so no lock
     */
    public SourceLock openLock() {
        return ask("take-repair-lock.sql", () -> new SourceLock(queries, connection()));
    }

    /** What this standby has seen; asked of a standby alone. */
    public StandbyState standby() {
        return one(rows, "standby-state.sql", row -> new StandbyState(
                row.getObject("seen") == null ? Long.MIN_VALUE : micros(row.getObject("seen", OffsetDateTime.class)),
                lag(row.getDouble("lag_seconds")), row.getBoolean("visible"), row.getBoolean("paused")));
    }

    /** How far this standby is behind; empty where it cannot say. */
    public Optional<Duration> lag() {
        return standby().lag();
    }

    /** How busy PostgreSQL is with the work of others. */
    Load load() {
        Load load = one(states, "source-load.sql", row -> new Load(row.getBoolean("visible"), row.getLong("active"),
                lag(row.getDouble("lag_seconds"))));
        return isStandby() ? new Load(load.visible(), load.active(), lag()) : load;
    }

    private static Optional<Duration> lag(double seconds) {
        return Double.isInfinite(seconds) ? Optional.empty() : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** What others do in PostgreSQL. Fails at once where it does not answer. */
    SourceActivity activity() {
        return looks.read(queries.text("source-in-use.sql"), unbound(),
                row -> new SourceActivity(row.getBoolean("in_use"),
                row.getBoolean("hidden"), row.getLong("transactions"), row.getLong("rows_written"))).get(0);
    }

    /** Whether the user may see what other sessions do. */
    public boolean seesOthers() {
        return load().visible();
    }

    /** PostgreSQL's clock, which transactions have ended by now, and what a standby has seen. */
    public Moment moment() {
        long seen = isStandby() ? standby().seen() : Long.MAX_VALUE;
        Moment moment = one(rows, "snapshot.sql", row -> Moment.of(
                micros(row.getObject("clock", OffsetDateTime.class)), row.getString("snapshot"), row.getInt("begun")));
        return isStandby() ? moment.ofStandby(seen) : moment;
    }

    /** Which database this is; its id is null where the user may not see it. */
    public DatabaseIdentity identity() {
        String identifier = systemIdentifier();
        return one(rows, "source-identity.sql",
                row -> new DatabaseIdentity(server.host(), row.getString("name"), identifier,
                        row.getString("version")));
    }

    private String systemIdentifier() {
        try {
            return one(rows, "source-system-identifier.sql", row -> row.getString("system_identifier"));
        } catch (InputException notAllowed) {
            return null;
        }
    }

    @Override
    public void close() {
        pages.close();
        states.close();
        rows.close();
        looks.close();
    }

    private SourceConnection connection() {
        return new SourceConnection(server, queries, queryTimeout);
    }

    private EntityPage page(UUID from, int limit, Set<String> types) {
        boolean fromIndexes = types.isEmpty() && isCovered();
        String name = fromIndexes ? "entity-page-covered.sql" : "entity-page.sql";
        UnaryOperator<Query> range = query -> query.bind("from", from).bind("limit", limit);
        return ask(name, () -> pages.read(PackedPage.query(queries.text(name)),
                query -> fromIndexes ? range.apply(query) : range.apply(query).bind("types", textArray(types)),
                row -> PackedPage.read(row, limit, queries.origin(name)))).get(0);
    }

    private static UnaryOperator<Query> unbound() {
        return query -> query;
    }

    private static UnaryOperator<Query> uuids(Collection<UUID> ids) {
        return query -> query.bindArray("ids", UUID.class, ids);
    }

    private static UnaryOperator<Query> texts(Collection<UUID> ids) {
        return query -> query.bindArray("ids", String.class, ids.stream().map(UUID::toString).toList());
    }

    /** No types are null, not an empty array. */
    private static Argument textArray(Set<String> types) {
        return (position, statement, context) -> statement.setArray(position,
                types.isEmpty() ? null : statement.getConnection().createArrayOf("text", types.toArray()));
    }

    private <T> T one(SourceConnection connection, String name, Row<T> row) {
        List<T> found = list(connection, name, unbound(), row);
        if (found.size() != 1) {
            throw new InputException(queries.origin(name) + " gave " + found.size() + " rows: let it give one");
        }
        return found.get(0);
    }

    private <T> List<T> list(SourceConnection connection, String name, UnaryOperator<Query> bound, Row<T> row) {
        return ask(name, () -> connection.read(queries.text(name), bound, row));
    }

    private <T> T ask(String name, Supplier<T> work) {
        return gate.run(name, () -> {
            try {
                return work.get();
            } catch (JdbiException e) {
                throw explained(name, e);
            }
        });
    }

    private static Rows rows(ResultSet results, int limit) throws SQLException {
        RowValues columns = new RowValues();
        List<String> labels = columns.labels(results.getMetaData());
        List<List<Object>> values = new ArrayList<>();
        while (results.next()) {
            values.add(columns.list(results));
        }
        return Rows.first(limit, labels, values);
    }

    /** What an operator can do about it; the exception itself where that is nothing in particular. */
    private RuntimeException explained(String name, JdbiException e) {
        if (e instanceof StatementException && e.getCause() == null) { // Jdbi itself found it
            return new InputException(queries.origin(name) + " does not have the named parameters of the built-in"
                    + " query: keep all of them, such as :ids, and add none", e);
        }
        return e.getCause() instanceof PSQLException cause ? explained(name, cause, e) : e;
    }

    private RuntimeException explained(String name, PSQLException cause, JdbiException original) {
        String state = String.valueOf(cause.getSQLState());
        String message = cause.getServerErrorMessage() == null ? cause.getMessage()
                : cause.getServerErrorMessage().getMessage();
        if (isAboutRowSecurity(cause)) {
            return new RefusedException("PostgreSQL would hide rows from this user (" + message
                    + "), and what is hidden looks deleted: ALTER ROLE … BYPASSRLS for the user that connects, or "
                    + "connect as one that has it");
        }
        if (String.valueOf(message).contains("statement pooling")) {
            return new RefusedException("The pooler at " + server.host() + " keeps no transaction together, and so no"
                    + " lock: connect to PostgreSQL itself, or to a pool of transactions or sessions");
        }
        if (!state.startsWith("42")) { // a mistake in the query, or a table or a privilege that is not there
            return original;
        }
        return new InputException("PostgreSQL says of " + queries.origin(name) + ": " + message + "; "
                + advice(state, message), cause);
    }

    private static String advice(String state, String message) {
        return switch (state) {
            case "42P01" -> "connect to the platform's own database (PGDATABASE), or name its table in that file";
            case "42501" -> "GRANT SELECT on it to the user that connects";
            case "42703" -> message.contains("xmin")
                    ? "let a view have that column too (CREATE VIEW … AS SELECT xmin, …),"
                            + " or give written_by as 0 in that file"
                    : "correct that file";
            default -> "correct that file";
        };
    }

    /** The message is in the server's language, and the code that of any privilege that is missing. */
    private static boolean isAboutRowSecurity(PSQLException e) {
        return e.getServerErrorMessage() != null && "check_enable_rls".equals(e.getServerErrorMessage().getRoutine());
    }

    private static UUID successor(UUID id) {
        long low = id.getLeastSignificantBits() + 1;
        long high = id.getMostSignificantBits() + (low == 0 ? 1 : 0);
        return low == 0 && high == 0 ? null : new UUID(high, low);
    }

    private static long micros(OffsetDateTime time) {
        if (time.equals(OffsetDateTime.MAX)) {
            return Long.MAX_VALUE;
        }
        return time.equals(OffsetDateTime.MIN) ? Long.MIN_VALUE : GraphTimestamp.micros(time.toInstant());
    }
}
