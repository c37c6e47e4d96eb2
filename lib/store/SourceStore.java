package syncdata.store;

import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.Query;
import org.neo4j.driver.AccessMode;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.rules.SourceState;
import syncdata.run.InputException;
import syncdata.run.RefusedException;

/** PostgreSQL, the single source of truth. It is only read, in read-only transactions. */
public final class SourceStore implements AutoCloseable {
    private final Queries queries;
    private final SourceServer server;
    private final Duration queryTimeout;
    // A connection for each kind of reading that goes on at the same time. The first one serves for all while the
    // queries are tried: opening another takes longer than most queries.
    private final SourceConnection rows;
    private SourceConnection pages;
    private SourceConnection states;
    /** For looks at the work of others, beside everything else. */
    private final SourceConnection looks;
    private final Gate gate;
    private final SourceQueries asked;
    private final SourceSurvey survey;
    private final SourceRelations relations;
    private final SourceProjection projection;
    /** Empty before it was asked. */
    private Optional<Boolean> covered = Optional.empty();

    private SourceStore(Queries queries, SourceServer server, Duration queryTimeout, Gate gate) {
        this.queries = queries;
        this.gate = gate;
        this.server = server;
        this.queryTimeout = queryTimeout;
        this.rows = connection();
        this.pages = rows;
        this.states = rows;
        this.looks = connection();
        this.asked = new SourceQueries(queries, server, gate);
        this.survey = new SourceSurvey(queries, asked, server, rows, looks);
        this.relations = new SourceRelations(queries, asked, survey, rows, queryTimeout);
        this.projection = new SourceProjection(queries, asked, rows, queryTimeout);
    }

    /**
     * Connects, and tries every query that may be needed: a mistake in one is found now.
     *
     * @param access to Neo4j: with {@code READ}, only queries of a check are tried
     * @param gate   through which every query goes
     * @throws InputException if a table is not there or a query file has a mistake
     * @throws JdbiException  if PostgreSQL cannot be reached or refuses the login
     */
    public static SourceStore open(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        SourceStore store = new SourceStore(queries, new SourceServer(settings), settings.queryTimeout(), gate);
        try {
            store.rows.connect(); // not through the gate: fails at once if PostgreSQL cannot be reached
            store.tryQueries(access);
            store.openOthers();
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

    /** Connects, and runs nothing. */
    public static SourceStore connect(ConnectionSettings settings, Queries queries) {
        return new SourceStore(queries, new SourceServer(settings), settings.queryTimeout(), Gate.open("PostgreSQL"));
    }

    /** The same database on other connections, which are closed with it. */
    public SourceStore another() {
        SourceStore another = new SourceStore(queries, server, queryTimeout, gate);
        another.covered = Optional.of(isCovered());
        another.openOthers();
        return another;
    }

    private void openOthers() {
        pages = connection();
        states = connection();
    }

    /**
     * Tries every query. None reads a row, even where no index leads to it.
     *
     * @param access with {@code READ}, only queries of a check
     */
    public void tryQueries(AccessMode access) {
        page(IdRange.ALL, 0, Set.of());
        snapshot();
        asked.plan(states, "entity-states.sql", SourceQueries.uuids(Set.of()));
        projection.planQueries();
        relations.planQueries(access);
    }

    /** The projection of entities. */
    public SourceProjection projection() {
        return projection;
    }

    /** The relations from and to entities. */
    public SourceRelations relations() {
        return relations;
    }

    /** PostgreSQL as a whole. */
    public SourceSurvey survey() {
        return survey;
    }

    /** Whether a page of all types can be read from indexes alone. */
    private synchronized boolean isCovered() {
        if (covered.isEmpty()) {
            covered = Optional.of(queries.hasVariant("entity-page.sql", "entity-page-covered.sql")
                    && survey.missingIndexes().isEmpty());
        }
        return covered.get();
    }

    /**
     * Reads the entities of a range; those of other types are not selected. The last page goes beyond the range if an
     * operator's query does not end with it.
     */
    public PageReader pages(PageSize size, Set<String> types, IdRange range) {
        return new PageReader() {
            private Optional<IdRange> left = Optional.of(range);

            @Override
            public Answer next() {
                if (left.isEmpty()) {
                    return new End();
                }
                int limit = size.now();
                long before = gate.spent();
                EntityPage page = page(left.get(), limit, types);
                size.took(page.size(), gate.spent() - before);
                left = page.size() < limit ? Optional.empty() : range.behind(page.id(page.size() - 1));
                return Page.of(page);
            }
        };
    }

    /**
     * The order in which to read entities.
     *
     * @param indexed whether an index may have all that is asked for
     * @param rate    whether the rate of entities is limited
     * @param share   of all ids, from 0 to 1
     */
    ReadingOrder.Decision readingOrder(EntityLayout layout, boolean indexed, boolean rate, double share) {
        return ReadingOrder.decide(layout, wanted(indexed && isCovered(), rate, share));
    }

    /** The order in which a check of their contents reads a share of entities, as far as the contents can be read. */
    ReadingOrder.Decision readingOrderOfContents(EntityLayout layout, boolean rate, double share) {
        return ReadingOrder.decideOfContents(layout, wanted(false, rate, share));
    }

    private ReadingOrder.Wanted wanted(boolean fromIndex, boolean rate, double share) {
        return new ReadingOrder.Wanted(!queries.hasVariant("entity-page.sql", "entity-blocks.sql"), fromIndex, rate,
                share);
    }

    /** The contents of entities in blocks; empty where the projections cannot be asked for such. */
    Optional<SourceContents> contents() {
        return SourceContents.of(asked, projection, rows);
    }

    /** Reads entities that were changed after a time, in microseconds since 1970, in the order of their changes. */
    PageReader changes(PageSize size, long after) {
        String name = "changed-entities.sql";
        return new PageReader() {
            private long since = after;
            private UUID behind = IdRange.ALL.last();
            private boolean done;

            @Override
            public Answer next() {
                if (done) {
                    return new End();
                }
                int limit = size.now();
                EntityPage page = asked.ask(name, () -> pages.read(PackedPage.query(queries.text(name)),
                        query -> query.bind("since", timestamp(since)).bind("id", behind).bind("limit", limit),
                        row -> PackedPage.read(row, queries.origin(name)))).get(0);
                done = page.size() < limit;
                if (!done) {
                    since = page.micros(page.size() - 1);
                    behind = page.id(page.size() - 1);
                }
                return Page.of(page);
            }
        };
    }

    /** The order in which a check of all entities reads them. */
    public ReadingOrder.Decision readingOrder() {
        return readingOrder(survey.layout(), true, false, 1);
    }

    /**
     * Reads entities from the first blocks on, for a sample.
     *
     * @param entities about how many at a time
     */
    public PageReader sample(int entities) {
        EntityLayout layout = survey.layout();
        long blocks = (long) Math.ceil(entities / layout.perBlock());
        return new PageReader() {
            private long from;

            @Override
            public Answer next() {
                EntityPage page = blocks(pages, from, from + blocks, EntityPart.ALL);
                from += blocks;
                return from > layout.longest() ? new End() : Page.of(page);
            }
        };
    }

    /**
     * The entities in some blocks of each table, in no order.
     *
     * @param connection that nobody else uses meanwhile
     * @param to         the block behind the last one
     */
    EntityPage blocks(SourceConnection connection, long from, long to, EntityPart part) {
        String name = "entity-blocks.sql";
        return asked.ask(name, () -> connection.read(PackedPage.query(queries.text(name)),
                query -> SourceQueries.blocks(from, to, part.range()).apply(query)
                        .bind("types", textArray(part.types())).bind("since", timestamp(part.since())),
                row -> PackedPage.read(row, queries.origin(name)))).get(0);
    }

    /** What PostgreSQL holds of these ids. An id that it does not hold has no entry. */
    public Map<UUID, SourceState> states(Collection<UUID> ids) {
        return sizedStates(ids).held();
    }

    /** The same, with the sizes of rows that are large. */
    Sized<SourceState> sizedStates(Collection<UUID> ids) {
        Map<UUID, Long> large = new HashMap<>();
        Map<UUID, SourceState> held = asked.list(states, "entity-states.sql", SourceQueries.uuids(ids), row -> {
            UUID id = row.getObject("id", UUID.class);
            if (row.getLong("bytes") > 0) {
                large.put(id, row.getLong("bytes"));
            }
            return new SourceState(id, RowValues.micros(row, "last_updated_at"), row.getString("type"),
                    row.getBoolean("relation"), row.getBoolean("dangling"), row.getLong("written_by"));
        }).stream().collect(Collectors.toMap(SourceState::id, state -> state, (one, other) -> {
            throw new InputException("PostgreSQL holds " + one.id() + " more than once: let every id be in one"
                    + " row of one table or partition");
        }));
        return new Sized<>(held, large);
    }

    /**
     * Runs a query of an operator, which can only read, and gives its first rows.
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
        return page(IdRange.ALL, 1, Set.of()).size() == 0;
    }

    /** Whether this is a standby, which may not have received everything yet. */
    public boolean isStandby() {
        return server.isStandby();
    }

    /** The server's JDBC URL, of the one that answered where several are named. */
    public String url() {
        return server.url();
    }

    /** The number of connections opened so far. */
    long connectionsOpened() {
        return server.opened();
    }

    /**
     * Opens a connection that can hold a lock.
     *
     * @throws RefusedException if a pooler keeps no transaction together, and so no lock
     */
    public SourceLock openLock() {
        return asked.ask("take-repair-lock.sql", () -> new SourceLock(queries, connection()));
    }

    /** PostgreSQL's clock, the transactions that have ended by now, and what a standby has received. */
    public Snapshot snapshot() {
        long seen = isStandby() ? survey.standby().seen() : Long.MAX_VALUE;
        Snapshot snapshot = asked.one(rows, "snapshot.sql", row -> Snapshot.of(
                RowValues.micros(row, "clock"), row.getString("snapshot"), row.getInt("begun")));
        return isStandby() ? snapshot.ofStandby(seen) : snapshot;
    }

    /** Which database this is; without an id where the user may not see it. */
    public DatabaseIdentity identity() {
        Optional<String> identifier = systemIdentifier();
        return asked.one(rows, "source-identity.sql",
                row -> new DatabaseIdentity(server.host(), row.getString("name"), identifier,
                        row.getString("version")));
    }

    private Optional<String> systemIdentifier() {
        try {
            return Optional.ofNullable(
                    asked.one(rows, "source-system-identifier.sql", row -> row.getString("system_identifier")));
        } catch (InputException notAllowed) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        pages.close();
        states.close();
        rows.close();
        looks.close();
    }

    /** Another connection, which is to be closed. */
    SourceConnection connection() {
        return new SourceConnection(server, queries, queryTimeout);
    }

    private EntityPage page(IdRange range, int limit, Set<String> types) {
        boolean fromIndexes = types.isEmpty() && isCovered();
        String name = fromIndexes ? "entity-page-covered.sql" : "entity-page.sql";
        String text = queries.text(name);
        return asked.ask(name, () -> pages.read(fromIndexes ? text : PackedPage.query(text), query -> {
            query.bind("from", range.first()).bind("limit", limit);
            if (queries.hasParameter(name, "until")) {
                query.bind("until", range.last());
            }
            return fromIndexes ? query : query.bind("types", textArray(types));
        }, row -> PackedPage.read(row, queries.origin(name)))).get(0);
    }

    /** The argument for {@code :types}: null, and no empty array, for all types. */
    private static Argument textArray(Set<String> types) {
        return (position, statement, context) -> statement.setArray(position,
                types.isEmpty() ? null : statement.getConnection().createArrayOf("text", types.toArray()));
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

    /** Microseconds since 1970 as a timestamp of PostgreSQL. */
    private static String timestamp(long micros) {
        if (micros == Long.MIN_VALUE || micros == Long.MAX_VALUE) {
            return micros < 0 ? "-infinity" : "infinity";
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}

