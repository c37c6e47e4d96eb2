package syncdata.store;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import org.jdbi.v3.core.CloseException;
import org.jdbi.v3.core.ConnectionException;
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
import syncdata.rules.Moment;
import syncdata.rules.SourceState;
import syncdata.rules.TiedRelations;
import syncdata.run.InputException;
import syncdata.run.Json;

/** PostgreSQL, the single source of truth. Only ever read, in sessions that are read-only. */
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
     * @param lag     of the replica that lags most, or of this one if it is a replica
     */
    record Load(boolean visible, long active, Duration lag) {
        static final Load NONE = new Load(true, 0, Duration.ZERO);
    }

    /** Seconds from 1970 to PostgreSQL's own epoch, 2000-01-01. */
    private static final long POSTGRES_EPOCH = 946_684_800L;

    // One row a page, its columns packed in PostgreSQL's binary formats: a third cheaper than a row an entity.
    private static final String PACKED = """
            SELECT string_agg(uuid_send(id), ''::bytea) AS ids,
                   string_agg(timestamptz_send(last_updated_at), ''::bytea) AS timestamps,
                   string_agg(boolsend(coalesce(selected, false)), ''::bytea) AS selected,
                   string_agg(boolsend(coalesce(relation, false)), ''::bytea) AS relation
            FROM (
            %s
            ) AS page
            """;

    private static final Pattern INDEX = Pattern.compile("(?i) ON (?:\\w+\\.)?(\\w+) ?\\(([^)]+)\\)(?: INCLUDE \\(([^)]+)\\))?");
    /** What distinguishes this tool's advisory lock from others' in the same database. */
    private static final int TOOL = 0x47_53_59_4e; // "GSYN"

    private final Queries queries;
    private final String host;
    // A connection for each of what is read at the same time: ahead for a check, ahead for a repair, and for what is written now.
    // All of it is tried on one, since opening one takes longer than most queries.
    private final Connection rows = new Connection();
    private Connection pages = rows;
    private Connection states = rows;
    /** Waits for nobody: it is looked beside all else whether there are others. */
    private final Connection looks = new Connection();
    private final Jdbi jdbi;
    private final Duration queryTimeout;
    private String relationsQuery;
    private Boolean covered;
    private final Gate gate;

    private SourceStore(Queries queries, ConnectionSettings settings, Gate gate) {
        Properties properties = new Properties();
        properties.putAll(settings.postgres());
        properties.setProperty("socketTimeout", String.valueOf(ConnectionSettings.waitFor(settings.queryTimeout()).toSeconds()));
        this.queries = queries;
        this.gate = gate;
        this.host = host(settings.postgresUrl());
        this.queryTimeout = settings.queryTimeout();
        this.jdbi = Jdbi.create(settings.postgresUrl(), properties);
        jdbi.registerArrayType(UUID.class, "uuid");
        jdbi.registerArrayType(String.class, "text");
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
            store.rows.use(connected -> connected); // not through the gate: what cannot be reached at all is said at once
            store.tryQueries(access);
            store.pages = store.new Connection();
            store.states = store.new Connection();
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
        Set<String> definitions = indexDefinitions();
        return queries.indexes("entity-page.sql").stream()
                .filter(statement -> !definitions.contains(indexed(statement)) && !isIncluded(statement)).toList();
    }

    /** Whether an index of all rows begins with the columns of a statement's index and holds the others. */
    private boolean isIncluded(String statement) {
        Matcher index = INDEX.matcher(statement);
        if (!index.find()) {
            return true;
        }
        List<String> keys = columns(index.group(2));
        List<String> included = index.group(3) == null ? List.of() : columns(index.group(3));
        boolean[] present = new boolean[1];
        query(rows, "source-indexes.sql", Function.identity(), query -> query, row -> {
            List<?> held = Arrays.asList((Object[]) row.getArray("columns").getArray());
            present[0] |= row.getString("table").equalsIgnoreCase(index.group(1)) && held.containsAll(included)
                    && held.size() >= keys.size() && held.subList(0, keys.size()).equals(keys);
        });
        return present[0] && !statement.contains(" WHERE ");
    }

    /** Whether a page of all types can be read from indexes alone. A page query of the operator's own is asked as it is. */
    private synchronized boolean isCovered() {
        if (covered == null) {
            covered = !queries.isReplaced("entity-page.sql") && missingIndexes().isEmpty();
        }
        return covered;
    }

    /** The statements for those indexes by which the relations of entities are found, and that are not there. */
    public List<String> missingRelationIndexes() {
        Set<String> held = indexDefinitions();
        return queries.indexes("relations-of-entities.sql").stream()
                .filter(statement -> !held.contains(indexed(statement)) && !held.contains(indexed(statement).replaceFirst("where.*", ""))).toList();
    }

    private Set<String> indexDefinitions() {
        Set<String> held = new HashSet<>();
        query(rows, "source-index-definitions.sql", Function.identity(), query -> query, row -> held.add(indexed(row.getString("definition"))));
        return held;
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
        Map<UUID, SourceState> held = new HashMap<>();
        query(states, "entity-states.sql", Function.identity(), query -> query.bindArray("ids", UUID.class, ids), row -> {
            UUID id = row.getObject("id", UUID.class);
            held.put(id, new SourceState(id, micros(row.getObject("last_updated_at", OffsetDateTime.class)),
                    row.getString("type"), row.getBoolean("relation"), row.getBoolean("dangling"), row.getLong("written_by")));
        });
        return held;
    }

    /** What people call these entities; one without a title has no entry. */
    public Map<UUID, String> titles(Collection<UUID> ids) {
        Map<UUID, String> titles = new HashMap<>();
        query(rows, "entity-titles.sql", Function.identity(), query -> query.bindArray("ids", UUID.class, ids), row -> {
            if (row.getString("title") != null) {
                titles.put(row.getObject("id", UUID.class), row.getString("title"));
            }
        });
        return titles;
    }

    /** The rows of these entities as the properties of their nodes, in the order of their ids. */
    public List<Map<String, Object>> entities(Collection<UUID> ids) {
        List<Map<String, Object>> entities = new ArrayList<>();
        Columns columns = new Columns();
        query(rows, "entity-projection.sql", Function.identity(), query -> query.bindArray("ids", UUID.class, ids),
                row -> entities.add(columns.properties(row)));
        return entities;
    }

    /** The rows of these relations, in the order of their ids. */
    public List<Relation> relations(Collection<UUID> ids) {
        List<Relation> relations = new ArrayList<>();
        Columns columns = new Columns();
        query(rows, "relation-projection.sql", Function.identity(), query -> query.bindArray("ids", UUID.class, ids), row -> {
            Map<String, Object> properties = columns.properties(row);
            relations.add(new Relation(row.getObject("id", UUID.class),
                    (String) properties.remove("source"), (String) properties.remove("target"), properties));
        });
        return relations;
    }

    /** All that PostgreSQL would put into the graph for these entities, by id; of a relation its {@code source} and {@code target} too. */
    public Map<UUID, Map<String, Object>> properties(Collection<SourceState> states) {
        Map<UUID, Map<String, Object>> properties =
                entityProperties(states.stream().filter(state -> !state.relation()).map(SourceState::id).toList());
        properties.putAll(relationProperties(states.stream().filter(SourceState::relation).map(SourceState::id).toList()));
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
        Map<UUID, Long> bytes = new HashMap<>();
        query(rows, "large-entities.sql", Function.identity(), query -> query.bindArray("ids", UUID.class, ids),
                row -> bytes.put(row.getObject("id", UUID.class), row.getLong("bytes")));
        return bytes;
    }

    /**
     * Gives the ids of every relation from or to these entities, in no order.
     *
     * @param fetch how many come over the wire at a time
     */
    public void relationsOf(Collection<UUID> ids, int fetch, Consumer<UUID> relation) {
        List<String> texts = ids.stream().map(UUID::toString).toList();
        Duration time = queryTimeout.multipliedBy(10); // it may have to read the whole table
        String name = relationsQuery();
        query(name, () -> rows.use(handle -> handle.inTransaction(transaction -> {
            transaction.execute("SET LOCAL statement_timeout = " + time.toMillis());
            waitForAnswer(transaction, time);
            query(transaction, name, query -> query.bindArray("ids", String.class, texts).setFetchSize(fetch),
                    row -> relation.accept(row.getObject("id", UUID.class)));
            waitForAnswer(transaction, queryTimeout);
            return null;
        })));
    }

    /** An entity after the other where there are indexes, which PostgreSQL's planner does not see to be much the quicker way; else one pass for all. */
    private synchronized String relationsQuery() {
        if (relationsQuery == null) {
            relationsQuery = missingRelationIndexes().isEmpty() ? "relations-of-entities.sql" : "relations-of-entities-unindexed.sql";
        }
        return relationsQuery;
    }

    /** About how many entities there are, relations among them, without counting; 0 where PostgreSQL has no idea. */
    public long estimate() {
        long[] entities = new long[1];
        query(rows, "entity-estimate.sql", Function.identity(), query -> query, row -> entities[0] = row.getLong("entities"));
        return entities[0];
    }

    /**
     * The relations from and to each of these entities; one that has none has no entry.
     *
     * @param limit how many ids are given for each
     */
    public Map<UUID, TiedRelations> relationsByEntity(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        query(rows, "relations-by-entity.sql", Function.identity(),
                query -> query.bindArray("ids", String.class, ids.stream().map(UUID::toString).toList()).bind("limit", limit),
                row -> relations.put(UUID.fromString(row.getString("id")),
                        new TiedRelations(row.getLong("total"), List.of((UUID[]) row.getArray("first").getArray()))));
        return relations;
    }

    /**
     * Runs a query of one's own, which can only read, and gives its first rows.
     *
     * @param sql without parameters
     */
    public Rows query(String sql, int limit) {
        return rows.use(handle -> {
            try (Statement statement = handle.getConnection().createStatement()) {
                statement.setMaxRows(limit + 1);
                return statement.execute(sql) ? rows(statement.getResultSet(), limit) : new Rows(List.of(), List.of(), false);
            } catch (SQLException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    /** Whether PostgreSQL holds no entity at all. */
    public boolean isEmpty() {
        return page(new UUID(0, 0), 1, Set.of()).size() == 0;
    }

    /** Opens a connection that can hold a lock. */
    public LockSession openLockSession() {
        return new LockSession();
    }

    /** How busy PostgreSQL is with the work of others. */
    Load load() {
        Load[] load = new Load[1];
        query(states, "source-load.sql", Function.identity(), query -> query,
                row -> load[0] = new Load(row.getBoolean("visible"), row.getLong("active"), Duration.ofMillis((long) (row.getDouble("lag_seconds") * 1000))));
        return load[0];
    }

    /** Whether others are at work in PostgreSQL. Fails at once where it does not answer. */
    boolean isInUse() {
        boolean[] inUse = new boolean[1];
        looks.use(handle -> {
            query(handle, "source-in-use.sql", query -> query, row -> inUse[0] = row.getBoolean("in_use"));
            return null;
        });
        return inUse[0];
    }

    /** PostgreSQL's clock, and which transactions have ended by now. */
    public Moment moment() {
        Moment[] moment = new Moment[1];
        query(rows, "snapshot.sql", Function.identity(), query -> query,
                row -> moment[0] = Moment.of(micros(row.getObject("clock", OffsetDateTime.class)), row.getString("snapshot"), row.getInt("begun")));
        return moment[0];
    }

    /** Which database this is; its id is null where the user may not see it. */
    public DatabaseIdentity identity() {
        DatabaseIdentity[] identity = new DatabaseIdentity[1];
        String identifier = systemIdentifier();
        query(rows, "source-identity.sql", Function.identity(), query -> query,
                row -> identity[0] = new DatabaseIdentity(host, row.getString("name"), identifier, row.getString("version")));
        return identity[0];
    }

    private String systemIdentifier() {
        String[] identifier = new String[1];
        try {
            query(rows, "source-system-identifier.sql", Function.identity(), query -> query, row -> identifier[0] = row.getString("system_identifier"));
        } catch (InputException notAllowed) {
            return null;
        }
        return identifier[0];
    }

    @Override
    public void close() {
        pages.close();
        states.close();
        rows.close();
        looks.close();
    }

    private static List<String> columns(String list) {
        return Pattern.compile(",").splitAsStream(list).map(String::strip).toList();
    }

    private EntityPage page(UUID from, int limit, Set<String> types) {
        EntityPage page = new EntityPage(limit);
        boolean fromIndexes = types.isEmpty() && isCovered();
        query(pages, fromIndexes ? "entity-page-covered.sql" : "entity-page.sql", PACKED::formatted, query -> {
            Query bound = query.bind("from", from).bind("limit", limit);
            return fromIndexes ? bound : bound.bind("types", textArray(types));
        }, row -> unpack(row, page));
        return page;
    }

    /** No types are null, not an empty array. */
    private static Argument textArray(Set<String> types) {
        return (position, statement, context) -> statement.setArray(position,
                types.isEmpty() ? null : statement.getConnection().createArrayOf("text", types.toArray()));
    }

    private void unpack(ResultSet row, EntityPage page) throws SQLException {
        byte[] ids = row.getBytes("ids");
        if (ids == null) {
            return;
        }
        ByteBuffer id = ByteBuffer.wrap(ids);
        ByteBuffer timestamp = ByteBuffer.wrap(row.getBytes("timestamps"));
        byte[] selected = row.getBytes("selected");
        byte[] relation = row.getBytes("relation");
        int size = ids.length / 16;
        if (timestamp.capacity() != size * 8 || selected.length != size) {
            throw new InputException(queries.origin("entity-page.sql") + " gave an entity without a last_updated_at: let it leave those out");
        }
        for (int i = 0; i < size; i++) {
            page.add(id.getLong(), id.getLong(), sinceUnixEpoch(timestamp.getLong()), selected[i] != 0, relation[i] != 0);
        }
    }

    private void query(Connection connection, String name, Function<String, String> wrapped, Function<Query, Query> bound, RowConsumer consumer) {
        query(name, () -> connection.use(handle -> {
            scan(handle.createQuery(wrapped.apply(queries.text(name))), bound, consumer);
            return null;
        }));
    }

    private void query(Handle handle, String name, Function<Query, Query> bound, RowConsumer consumer) {
        scan(handle.createQuery(queries.text(name)), bound, consumer);
    }

    private void query(String name, Supplier<Void> work) {
        try {
            gate.run(name, work);
        } catch (JdbiException e) {
            if (e instanceof StatementException && e.getCause() == null) { // Jdbi itself found it
                throw new InputException(queries.origin(name) + " does not have the named parameters of the built-in query: keep all of them, such as :ids, and add none", e);
            }
            throw e.getCause() instanceof PSQLException cause ? explained(name, cause, e) : e;
        }
    }

    private static Rows rows(ResultSet results, int limit) throws SQLException {
        Columns columns = new Columns();
        columns.ask(results.getMetaData());
        List<List<Object>> values = new ArrayList<>();
        while (results.next()) {
            values.add(columns.values(results));
        }
        return Rows.first(limit, columns.labels, values);
    }

    private static void scan(Query query, Function<Query, Query> bound, RowConsumer consumer) {
        try (query) {
            bound.apply(query).scanResultSet((results, context) -> {
                try (context; ResultSet row = results.get()) {
                    while (row.next()) {
                        consumer.accept(row);
                    }
                }
                return null;
            });
        }
    }

    /** SQLSTATE class 42 is a mistake in the query, or a table or a privilege that is not there. */
    private RuntimeException explained(String name, PSQLException cause, JdbiException original) {
        String state = cause.getSQLState();
        if (state == null || !state.startsWith("42")) {
            return original;
        }
        String message = cause.getServerErrorMessage() == null ? cause.getMessage() : cause.getServerErrorMessage().getMessage();
        String advice = switch (state) {
            case "42P01" -> "connect to the platform's own database (PGDATABASE), or name its table in that file";
            case "42501" -> "GRANT SELECT on it to the user that connects";
            default -> "correct that file";
        };
        return new InputException("PostgreSQL says of " + queries.origin(name) + ": " + message + "; " + advice, cause);
    }

    private static void waitForAnswer(Handle handle, Duration time) {
        try {
            handle.getConnection().setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, ConnectionSettings.waitFor(time).toMillis()));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private Handle readOnly() {
        Handle handle = jdbi.open();
        // Connection.setReadOnly would hold in explicit transactions only.
        // With a custom plan, a page of all types is read from an index alone.
        handle.execute("""
                SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
                SET TIME ZONE 'UTC';
                SET statement_timeout = %1$d;
                SET idle_in_transaction_session_timeout = %1$d;
                SET plan_cache_mode = force_custom_plan
                """.formatted(queryTimeout.toMillis()));
        return handle;
    }

    /** What an index statement and PostgreSQL's own way of writing it have in common. */
    public static String indexed(String statement) {
        return statement.toLowerCase(Locale.ROOT).replaceFirst("^.*? on (only )?[\\w.\"]+", "").replaceFirst("using btree", "").replaceAll("::text|[\\s();]", "");
    }

    private static String host(String url) {
        return url.replaceFirst("^jdbc:postgresql:(//)?", "").replaceFirst("[/?].*$", "");
    }

    private static UUID successor(UUID id) {
        long low = id.getLeastSignificantBits() + 1;
        long high = id.getMostSignificantBits() + (low == 0 ? 1 : 0);
        return low == 0 && high == 0 ? null : new UUID(high, low);
    }

    private static long sinceUnixEpoch(long postgres) {
        return postgres == Long.MAX_VALUE || postgres == Long.MIN_VALUE ? postgres : postgres + POSTGRES_EPOCH * 1_000_000;
    }

    private static long micros(OffsetDateTime time) {
        if (time.equals(OffsetDateTime.MAX)) {
            return Long.MAX_VALUE;
        }
        return time.equals(OffsetDateTime.MIN) ? Long.MIN_VALUE : GraphTimestamp.micros(time.toInstant());
    }

    /** The columns of a result. The driver takes long to say what they are, so it is asked once for all rows. */
    private static final class Columns {
        private final List<String> labels = new ArrayList<>();
        private final List<String> types = new ArrayList<>();

        List<Object> values(ResultSet row) throws SQLException {
            if (labels.isEmpty()) {
                ask(row.getMetaData());
            }
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < labels.size(); i++) {
                values.add(property(row, i + 1, types.get(i)));
            }
            return values;
        }

        /** Without those that are null. */
        Map<String, Object> properties(ResultSet row) throws SQLException {
            List<Object> values = values(row);
            Map<String, Object> properties = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) != null) {
                    properties.put(labels.get(i), values.get(i));
                }
            }
            return properties;
        }

        private void ask(ResultSetMetaData columns) throws SQLException {
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                labels.add(columns.getColumnLabel(i));
                types.add(columns.getColumnTypeName(i));
            }
        }
    }

    /** A column as a value that Neo4j can hold; what it has no type for becomes text. */
    private static Object property(ResultSet row, int column, String type) throws SQLException {
        switch (type) {
            case "timestamptz":
                OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
                if (time != null && (time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN))) {
                    throw new IllegalArgumentException(row.getMetaData().getColumnLabel(column) + " is infinity, which Neo4j cannot hold");
                }
                return time == null ? null : time.atZoneSameInstant(ZoneOffset.UTC);
            case "timestamp":
                return row.getObject(column, LocalDateTime.class);
            case "date":
                return row.getObject(column, java.time.LocalDate.class);
            case "bool", "int8", "int4", "int2", "float8", "float4", "bytea":
                return row.getObject(column);
            case "numeric":
                return row.getObject(column) == null ? null : row.getDouble(column);
            default:
                Array array = type.startsWith("_") ? row.getArray(column) : null;
                return array == null ? row.getString(column)
                        : Arrays.stream((Object[]) array.getArray()).map(item -> item instanceof Number || item instanceof Boolean ? item : String.valueOf(item)).toList();
        }
    }

    /** A connection that takes an advisory lock and keeps it until it is closed or lost. */
    public final class LockSession implements AutoCloseable {
        private final Handle handle = readOnly();

        /** Takes the lock for repairs of a graph, unless another session has it. */
        public boolean take(int graph) {
            boolean[] taken = new boolean[1];
            query(handle, "take-repair-lock.sql", query -> query.bind("tool", TOOL).bind("graph", graph),
                    row -> taken[0] = row.getBoolean("taken"));
            return taken[0];
        }

        /** Who has it, and since when, as a part of a sentence; empty where nobody has. */
        public Optional<String> holder(int graph) {
            List<String> holders = new ArrayList<>();
            query(handle, "repair-lock-holder.sql", query -> query.bind("tool", TOOL).bind("graph", graph), row -> {
                OffsetDateTime since = row.getObject("since", OffsetDateTime.class);
                holders.add(row.getString("name") + ", PostgreSQL user " + row.getString("database_user") + ", backend " + row.getInt("pid")
                        + (since == null ? "" : ", since " + Json.timestamp(since.toInstant())));
            });
            return holders.stream().findFirst();
        }

        /** Whether the connection is still there, and with it the lock. */
        public boolean isAlive() {
            try {
                return handle.getConnection().isValid(10);
            } catch (SQLException e) {
                return false;
            }
        }

        @Override
        public void close() {
            SourceStore.close(handle);
        }
    }

    /** Whatever becomes of it, nothing of a run depends on it any more. */
    private static void close(Handle handle) {
        try (handle) {
            return;
        } catch (CloseException e) {
            return; // the connection was lost
        }
    }

    /** One connection, opened anew after a failure. One query at a time: a repair reads ahead in the background. */
    private final class Connection {
        private Handle handle;

        synchronized <T> T use(Function<Handle, T> work) {
            try {
                if (handle == null) {
                    handle = readOnly();
                }
                return work.apply(handle);
            } catch (RuntimeException e) {
                if (Failure.canHeal(e)) {
                    abandon();
                }
                throw e;
            }
        }

        synchronized void close() {
            if (handle != null) {
                SourceStore.close(handle);
            }
        }

        private void abandon() {
            if (handle == null) {
                return;
            }
            try (Handle lost = handle) {
                handle = null;
                lost.getConnection().abort(Runnable::run);
            } catch (SQLException | JdbiException e) {
                return; // it was lost already
            }
        }
    }

    @FunctionalInterface
    private interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }
}
