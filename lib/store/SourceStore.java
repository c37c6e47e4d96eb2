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

/** PostgreSQL, the single source of truth. Only ever read, in transactions that can do nothing else. */
public final class SourceStore implements AutoCloseable {
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
    private final Gate gate;
    private final SourceQueries asked;
    private final SourceSurvey survey;
    private final SourceRelations relations;
    private final SourceProjection projection;
    private Boolean covered;

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
     * Connects, and tries every query that it may be asked for, so that a mistake in one is found now.
     *
     * @param access what is to be done to Neo4j
     * @param gate   what every query goes through
     * @throws InputException if a table is not there or a query file has a mistake
     * @throws JdbiException  if PostgreSQL cannot be reached or refuses the login
     */
    public static SourceStore open(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        SourceStore store = new SourceStore(queries, new SourceServer(settings), settings.queryTimeout(), gate);
        try {
            store.rows.connect(); // not through the gate: what cannot be reached at all is said at once
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

    /** Connects, and tries nothing. */
    public static SourceStore connect(ConnectionSettings settings, Queries queries) {
        return new SourceStore(queries, new SourceServer(settings), settings.queryTimeout(), Gate.open("PostgreSQL"));
    }

    /** The same database on connections of its own, which its closing closes. */
    public SourceStore another() {
        SourceStore another = new SourceStore(queries, server, queryTimeout, gate);
        another.covered = isCovered();
        another.openOthers();
        return another;
    }

    private void openOthers() {
        pages = connection();
        states = connection();
    }

    /**
     * Runs every query for no entity.
     *
     * @param access with {@code READ} none that only a repair asks
     */
    public void tryQueries(AccessMode access) {
        page(new UUID(0, 0), 0, Set.of());
        states(Set.of());
        snapshot();
        projection.entities(Set.of());
        projection.relations(Set.of());
        relations.byEntity(Set.of(), 1);
        projection.titles(Set.of());
        projection.largeRows(Set.of());
        if (access == AccessMode.WRITE) {
            relations.attached(Set.of(), 1, id -> { });
        }
    }

    /** What it would put into the graph. */
    public SourceProjection projection() {
        return projection;
    }

    /** The relations in it. */
    public SourceRelations relations() {
        return relations;
    }

    /** What can be said of it as a whole. */
    public SourceSurvey survey() {
        return survey;
    }

    /** Whether a page of all types can be read from indexes alone. */
    private synchronized boolean isCovered() {
        if (covered == null) {
            covered = queries.hasVariant("entity-page.sql", "entity-page-covered.sql")
                    && survey.missingIndexes().isEmpty();
        }
        return covered;
    }

    /**
     * The entities of a range, page after page, in the order of their ids; those of other types not selected. The last
     * page may go beyond it.
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
                EntityPage page = page(left.get().first(), limit, types);
                size.took(page.size(), gate.spent() - before);
                left = page.size() < limit ? Optional.empty() : range.behind(page.id(page.size() - 1));
                return Page.of(page);
            }
        };
    }

    /**
     * In which order to read entities.
     *
     * @param types those that are selected; all where empty
     * @param rate  whether so many a second are allowed, and no more
     * @param share of all ids
     */
    ReadingOrder.Decision readingOrder(EntityLayout layout, Set<String> types, boolean rate, double share) {
        return ReadingOrder.decide(layout, new ReadingOrder.Wanted(
                !queries.hasVariant("entity-page.sql", "entity-blocks.sql"), types.isEmpty() && isCovered(), rate,
                share));
    }

    /** The entities that were changed after a moment, in microseconds since 1970, in the order of their changes. */
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

    /** In which order a check of all entities reads them. */
    public ReadingOrder.Decision readingOrder() {
        return readingOrder(survey.layout(), Set.of(), false, 1);
    }

    /**
     * The entities as they lie in the first blocks, so many at a time, for a sample.
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
     * The entities in some blocks of each of its tables, in no order.
     *
     * @param connection that is used by nobody else meanwhile
     * @param to         the first block that is not read
     */
    EntityPage blocks(SourceConnection connection, long from, long to, EntityPart part) {
        String name = "entity-blocks.sql";
        return asked.ask(name, () -> connection.read(PackedPage.query(queries.text(name)),
                query -> query.bind("from_block", "(" + from + ",0)").bind("to_block", "(" + to + ",0)")
                        .bind("from", part.range().first()).bind("until", part.range().last())
                        .bind("types", textArray(part.types())).bind("since", timestamp(part.since())),
                row -> PackedPage.read(row, queries.origin(name)))).get(0);
    }

    /** What PostgreSQL holds of these ids; an id that it does not hold has no entry. */
    public Map<UUID, SourceState> states(Collection<UUID> ids) {
        return asked.list(states, "entity-states.sql", SourceQueries.uuids(ids), row -> new SourceState(
                row.getObject("id", UUID.class), RowValues.micros(row, "last_updated_at"), row.getString("type"),
                row.getBoolean("relation"), row.getBoolean("dangling"), row.getLong("written_by"))).stream()
                .collect(Collectors.toMap(SourceState::id, state -> state, (one, other) -> {
                    throw new InputException("PostgreSQL holds " + one.id() + " more than once: let every id be in one"
                            + " row of one table or partition");
                }));
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

    /** How many connections were opened so far. */
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

    /** PostgreSQL's clock, which transactions have ended by now, and what a standby has seen. */
    public Snapshot snapshot() {
        long seen = isStandby() ? survey.standby().seen() : Long.MAX_VALUE;
        Snapshot snapshot = asked.one(rows, "snapshot.sql", row -> Snapshot.of(
                RowValues.micros(row, "clock"), row.getString("snapshot"), row.getInt("begun")));
        return isStandby() ? snapshot.ofStandby(seen) : snapshot;
    }

    /** Which database this is; its id is null where the user may not see it. */
    public DatabaseIdentity identity() {
        String identifier = systemIdentifier();
        return asked.one(rows, "source-identity.sql",
                row -> new DatabaseIdentity(server.host(), row.getString("name"), identifier,
                        row.getString("version")));
    }

    private String systemIdentifier() {
        try {
            return asked.one(rows, "source-system-identifier.sql", row -> row.getString("system_identifier"));
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

    /** One more, which is to be closed. */
    SourceConnection connection() {
        return new SourceConnection(server, queries, queryTimeout);
    }

    private EntityPage page(UUID from, int limit, Set<String> types) {
        boolean fromIndexes = types.isEmpty() && isCovered();
        String name = fromIndexes ? "entity-page-covered.sql" : "entity-page.sql";
        UnaryOperator<Query> range = query -> query.bind("from", from).bind("limit", limit);
        return asked.ask(name, () -> pages.read(PackedPage.query(queries.text(name)),
                query -> fromIndexes ? range.apply(query) : range.apply(query).bind("types", textArray(types)),
                row -> PackedPage.read(row, queries.origin(name)))).get(0);
    }

    /** No types are null, not an empty array. */
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

    /** Microseconds since 1970 as PostgreSQL reads them. */
    private static String timestamp(long micros) {
        if (micros == Long.MIN_VALUE || micros == Long.MAX_VALUE) {
            return micros < 0 ? "-infinity" : "infinity";
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}

