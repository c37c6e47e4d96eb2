package syncdata.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.SimpleQueryRunner;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.Value;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.TransientException;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.TiedRelations;
import syncdata.run.Background;
import syncdata.run.InputException;
import syncdata.run.Version;

/** Neo4j, the copy: pages of its nodes and relationships, what it holds of an id, and every write. */
public final class GraphStore implements AutoCloseable {

    /**
     * How much there is.
     *
     * @param allNodes of any label
     */
    public record Counts(long allNodes, long nodes, long relationships) {
        /** How many entities there are at most. */
        public long entities() {
            return nodes + relationships;
        }
    }

    /**
     * Nodes and relationships that belong to no entity.
     *
     * @param withOtherId that have an id which is no text
     */
    public record Unidentified(long withoutId, long withOtherId) {
    }

    private static final Pattern QUERY_MISTAKE =
            Pattern.compile("Neo\\.ClientError\\.Statement\\.(SyntaxError|SemanticError|ParameterMissing|AccessMode)");
    private static final ScheduledExecutorService ALARMS =
            Executors.newSingleThreadScheduledExecutor(Background.threads("no-answer"));
    /**
     * In the middle of a result, the driver takes no interrupt for an end: it asks a server that is silent to reset the
     * connection. Such a read is left behind.
     */
    private static final ExecutorService READS = Executors.newCachedThreadPool(Background.threads("graph-read"));
    private static final Duration CLOSING = Duration.ofMillis(10);
    private static final Map<String, Object> FOR_NO_ENTITY = Map.of("after", "", "limit", 1, "ids", List.of(), "rows",
            List.of(), "nodes", List.of(), "relations", List.of(), "properties", Map.of());
    private static final Pattern INDEX = Pattern.compile("FOR .*?:`?(\\w+)`?.* ON \\((.+)\\)");

    private static final Pattern UNKNOWN_NAME =
            Pattern.compile("missing (label|relationship type|property)(?: name)? (?:name )?is: `?(\\w+)");

    private final Queries queries;
    private final GraphTransaction.Queries asking = new Asking();
    private final Gate gate;
    private final Driver driver;
    private final String host;
    private final String database;
    private final AccessMode access;
    private final Duration queryTimeout;
    private final TransactionConfig transactions;
    private CypherDialect dialect;

    private GraphStore(Queries queries, Gate gate, Driver driver, String host, String database, AccessMode access,
            Duration queryTimeout) {
        this.queries = queries;
        this.gate = gate;
        this.driver = driver;
        this.host = host;
        this.database = database;
        this.access = access;
        this.queryTimeout = queryTimeout;
        this.transactions = TransactionConfig.builder().withTimeout(queryTimeout)
                .withMetadata(Map.of("application", "sync-data")).build();
    }

    /**
     * Connects, and tries every query that it may be asked for.
     *
     * @param access with {@code READ} there is never a session that could write
     * @param gate   what every query goes through
     * @throws InputException if a query file has a mistake
     * @throws Neo4jException if Neo4j cannot be reached or refuses the login
     */
    public static GraphStore open(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        GraphStore store = connect(settings, queries, access, gate);
        try {
            store.tryQueries(access);
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Connects, and tries nothing. */
    public static GraphStore connect(ConnectionSettings settings, Queries queries, AccessMode access) {
        return connect(settings, queries, access, Gate.open("Neo4j"));
    }

    private static GraphStore connect(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate) {
        AuthToken login = settings.neo4jPassword() == null
                ? AuthTokens.none() : AuthTokens.basic(settings.neo4jUser(), settings.neo4jPassword());
        long longest = ConnectionSettings.waitFor(settings.queryTimeout()).toMillis();
        Config config = Config.builder().withUserAgent("sync-data/" + Version.NUMBER)
                .withConnectionTimeout(Math.min(15_000, longest), TimeUnit.MILLISECONDS)
                .withConnectionAcquisitionTimeout(Math.min(30_000, 2 * longest), TimeUnit.MILLISECONDS)
                // the gate does that
                .withMaxTransactionRetryTime(0, TimeUnit.SECONDS).withAutoCommitRetriesDisabled(true)
                .withFetchSize(-1).withTelemetryDisabled(true).build();
        String host = URI.create(settings.neo4jUri()).getAuthority();
        Driver driver = GraphDatabase.driver(settings.neo4jUri(), login, config);
        try {
            driver.verifyConnectivity();
            return new GraphStore(queries, gate, driver, host, settings.neo4jDatabase(), access,
                    settings.queryTimeout());
        } catch (RuntimeException e) {
            driver.close();
            boolean withoutHost = e instanceof ServiceUnavailableException && !e.getMessage().contains(host);
            throw withoutHost ? new ServiceUnavailableException(host + " does not answer: " + e.getMessage(), e) : e;
        }
    }

    /** Loads the classes of a connection; connects to nothing. */
    public static void prepare() {
        GraphDatabase.driver("bolt://localhost", AuthTokens.none()).closeAsync();
    }

    /** The statements for those indexes that queries ask for and that are not there, each once. */
    public List<String> missingIndexes() {
        List<String> present = read("indexes.cypher", Map.of()).stream()
                .map(row -> row.get("entityType").asString() + row.get("labelsOrTypes").asList()
                        + row.get("properties").asList()).toList();
        return List.of("node-page.cypher", "relationship-page.cypher", "node-states.cypher",
                "relationship-states.cypher").stream()
                .flatMap(name -> queries.index(name).stream())
                .distinct()
                .filter(statement -> !present.contains(signature(statement)))
                .toList();
    }

    /** How much there is, in an instant. */
    public Counts counts() {
        Map<String, Long> counts = new HashMap<>();
        read("graph-counts.cypher", Map.of())
                .forEach(row -> counts.put(row.get("name").asString(), row.get("count").asLong()));
        return new Counts(counts.get("all nodes"), counts.get("nodes"), counts.get("relationships"));
    }

    /** How many transactions of others are running. */
    long runningTransactions() {
        return readSingle("graph-load.cypher", Map.of()).get("running").asLong();
    }

    /** Whether others are at work in Neo4j. Fails at once where it does not answer. */
    boolean isInUse() {
        return single(readOnce("graph-load.cypher", Map.of()), "graph-load.cypher").get("running").asLong() > 0;
    }

    /** The nodes that have a timestamp, page after page, in the order of their ids; behind one, unless it is null. */
    public PageReader nodes(PageSize size, UUID after) {
        return new GraphPages(false, "node-page-datetime.cypher", "node-page.cypher", size, after);
    }

    /** The relationships that have a timestamp, likewise. */
    public PageReader relationships(PageSize size, UUID after) {
        return new GraphPages(true, "relationship-page-datetime.cypher", "relationship-page.cypher", size, after);
    }

    /** The nodes that have an id and no timestamp, likewise. */
    public PageReader nodesWithoutTimestamp(PageSize size, UUID after) {
        return new GraphPages(false, null, "node-without-timestamp-page.cypher", size, after);
    }

    /** The relationships that have an id and no timestamp, likewise. */
    public PageReader relationshipsWithoutTimestamp(PageSize size, UUID after) {
        return new GraphPages(true, null, "relationship-without-timestamp-page.cypher", size, after);
    }

    /** Counts the nodes and relationships that no page shows. */
    public Unidentified unidentified() {
        long withoutId = 0;
        long withOtherId = 0;
        for (Record row : read("without-id.cypher", Map.of())) {
            withoutId += row.get("without_id").asLong();
            withOtherId += row.get("with_other_id").asLong();
        }
        return new Unidentified(withoutId, withOtherId);
    }

    /** What Neo4j holds of these ids, as nodes and as relationships; an id that it does not hold has no entry. */
    public Map<UUID, List<GraphState>> states(Collection<UUID> ids) {
        Map<UUID, List<GraphState>> states = new HashMap<>();
        collectStates("node-states.cypher", texts(ids), states);
        collectStates("relationship-states.cypher", texts(ids), states);
        return states;
    }

    /** Which of these ids, in whatever way they are written, nodes and relationships have. */
    public Set<String> heldIds(Collection<String> ids) {
        Set<String> held = new HashSet<>();
        read("held-ids.cypher", Map.of("ids", ids)).forEach(row -> held.addAll(row.get("ids").asList(Value::asString)));
        return held;
    }

    /** Whether this Neo4j has ever known the label of entities. */
    public boolean knowsEntities() {
        return unknownNames(List.of("node-states.cypher")).stream().noneMatch(name -> name.startsWith("label "));
    }

    /** A node, and how many relations are tied to it. */
    public record ConnectedNode(String id, String type, Optional<String> title, long relations) {
    }

    /** Those of these nodes that have the most relations, at most {@code limit}. */
    public List<ConnectedNode> bestConnected(Collection<UUID> ids, int limit) {
        return read("best-connected.cypher", Map.of("ids", texts(ids), "limit", limit)).stream()
                .map(row -> new ConnectedNode(row.get("id").asString(), row.get("type").asString(),
                        Optional.ofNullable(row.get("title").asString(null)),
                        row.get("relations").asLong())).toList();
    }

    /** How many relations are tied to these nodes, by key. */
    public Map<String, Long> relationsByKey(Collection<UUID> ids) {
        Map<String, Long> relations = new HashMap<>();
        read("relations-by-key.cypher", Map.of("ids", texts(ids)))
                .forEach(row -> relations.put(row.get("key").asString(), row.get("relations").asLong()));
        return relations;
    }

    private void collectStates(String name, List<String> ids, Map<UUID, List<GraphState>> states) {
        try {
            collectStates(ids.size() > 1 ? readLarge(name, Map.of("ids", ids)) : readSingle(name, Map.of("ids", ids)),
                    states);
        } catch (TooLargeException e) {
            collectStates(name, ids.subList(0, ids.size() / 2), states);
            collectStates(name, ids.subList(ids.size() / 2, ids.size()), states);
        }
    }

    /** What Neo4j holds of these ids as nodes, likewise. */
    public Map<UUID, List<GraphState>> nodes(Collection<UUID> ids) {
        Map<UUID, List<GraphState>> states = new HashMap<>();
        collectStates("node-states.cypher", texts(ids), states);
        return states;
    }

    /** What Neo4j holds of these ids as relationships, likewise. */
    public Map<UUID, List<GraphState>> relationships(Collection<UUID> ids) {
        Map<UUID, List<GraphState>> states = new HashMap<>();
        collectStates("relationship-states.cypher", texts(ids), states);
        return states;
    }

    /** The ids of at most {@code limit} of the relations that are tied to these nodes. */
    public List<UUID> attachedRelations(Collection<UUID> ids, int limit) {
        return readSingle("attached-relation-ids.cypher", Map.of("ids", texts(ids), "limit", limit)).get("ids")
                .asList(Value::asString).stream().filter(EntityId::isCanonical).map(UUID::fromString).toList();
    }

    /**
     * The ids of relations that are tied to these nodes, from the first behind {@code after} on, in their order; also
     * those that are no UUID.
     */
    public List<String> attachedRelations(Collection<UUID> ids, String after, int limit) {
        return readSingle("attached-relation-page.cypher", Map.of("ids", texts(ids), "after", after, "limit", limit))
                .get("ids").asList(Value::asString);
    }

    /**
     * The relations from and to each of these nodes; one that is not there has no entry.
     *
     * @param limit how many ids are given for each
     */
    public Map<UUID, TiedRelations> relationsByEntity(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        for (Record row : read("relations-by-node.cypher", Map.of("ids", texts(ids), "limit", limit))) {
            List<UUID> first = row.get("first").asList(Value::asString).stream().filter(EntityId::isCanonical)
                    .map(UUID::fromString).toList();
            relations.merge(UUID.fromString(row.get("id").asString()),
                    new TiedRelations(row.get("total").asLong(), first), GraphStore::together);
        }
        return relations;
    }

    /** Which database this is. */
    public DatabaseIdentity identity() {
        Record row = readSingle("graph-identity.cypher", Map.of());
        return new DatabaseIdentity(host, row.get("name").asString(), row.get("id").asString(),
                row.get("version").asString());
    }

    /** What this Neo4j knows of Cypher. */
    public synchronized CypherDialect dialect() {
        if (dialect == null) {
            dialect = CypherDialect.of(single(readOnce("graph-identity.cypher", Map.of()), "graph-identity.cypher")
                    .get("version").asString());
        }
        return dialect;
    }

    /**
     * Runs a query of one's own, which can only read, and gives its first rows.
     *
     * @param cypher without parameters
     */
    public Rows query(String cypher, int limit) {
        try (Session session = driver.session(sessionConfig(AccessMode.READ).withFetchSize(limit + 1).build())) {
            Result result = session.run(cypher);
            List<List<Object>> values = new ArrayList<>();
            while (values.size() <= limit && result.hasNext()) {
                // null among them
                values.add(result.next().values().stream().map(Value::asObject).collect(Collectors.toList()));
            }
            return Rows.first(limit, result.keys(), values);
        }
    }

    /** Does not wait for the driver's threads, which take a fifth of a second to end. */
    @Override
    public void close() {
        try {
            // Until they have heard of it, they are in the middle of a system call, for which the end of a Java process
            // would wait longer than that.
            driver.closeAsync().toCompletableFuture().get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // nothing depends on it any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void collectStates(Record row, Map<UUID, List<GraphState>> states) {
        for (GraphState copy : row.get("states").asList(GraphStore::state)) {
            states.computeIfAbsent(copy.id(), id -> new ArrayList<>()).add(copy);
        }
    }

    /**
     * Some ids from the first behind {@code after} on, in their order, each with its {@code last_updated_at} as it is
     * held.
     */
    public List<Map.Entry<String, Object>> timestamps(boolean relationships, UUID after, int limit) {
        Record row = readSingle(relationships ? "relationship-page.cypher" : "node-page.cypher",
                Map.of("after", after.toString(), "limit", limit));
        List<Object> values = row.get("timestamps").asList(Value::asObject);
        List<String> ids = row.get("ids").asList(Value::asString);
        return IntStream.range(0, ids.size()).<Map.Entry<String, Object>>mapToObj(i ->
                new AbstractMap.SimpleEntry<>(ids.get(i), values.get(i))).toList();
    }

    /** What Neo4j says of labels, types and properties that queries name and that it has never seen, each once. */
    public Set<String> unknownNames() {
        return unknownNames(cypher(AccessMode.WRITE));
    }

    @SuppressWarnings("deprecation") // servers before 5.23 know no other way to say it
    private Set<String> unknownNames(List<String> names) {
        Set<String> unknown = new TreeSet<>();
        try (Session session = session(AccessMode.READ)) {
            for (String name : names) {
                session.run("EXPLAIN " + text(name), FOR_NO_ENTITY).consume().notifications().stream()
                        .filter(notification -> notification.code().contains("Unknown"))
                        .map(notification -> UNKNOWN_NAME.matcher(notification.description())).filter(Matcher::find)
                        .forEach(match -> unknown.add(match.group(1) + " " + match.group(2)));
            }
        }
        return unknown;
    }

    /** Does what a repair does, and takes it back. Throws what Neo4j says where the user may not. */
    public void tryWriting() {
        try (Session session = session(AccessMode.WRITE); Transaction transaction = session.beginTransaction()) {
            transaction.run(queries.text("try-writing.cypher")).consume();
            transaction.rollback();
        }
    }

    /** Makes an index, and waits until it can be used. */
    public void createIndex(String statement) {
        try (Session session = session(AccessMode.WRITE)) {
            session.run(statement).consume();
            session.run("CALL db.awaitIndexes(3600)").consume();
        }
    }

    /**
     * Asks Neo4j to plan every query, and runs none, so that a mistake in one is found before the first is needed.
     *
     * @param access with {@code READ} those of a check alone
     */
    public void tryQueries(AccessMode access) {
        read(session -> session.executeRead(transaction -> {
            cypher(access)
                    .forEach(name -> run(transaction::run, name, "EXPLAIN "::concat, FOR_NO_ENTITY, Result::consume));
            return null;
        }, transactions));
    }

    private static List<String> cypher(AccessMode access) {
        return Stream.concat(Queries.CYPHER_OF_CHECKS.stream(),
                access == AccessMode.WRITE ? Queries.CYPHER_OF_REPAIRS.stream() : Stream.empty()).toList();
    }

    /** Those of two nodes of the same id. */
    private static TiedRelations together(TiedRelations one, TiedRelations other) {
        return new TiedRelations(one.count() + other.count(),
                Stream.concat(one.first().stream(), other.first().stream()).sorted(EntityId.ORDER).toList());
    }

    private static List<String> texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    public static GraphState state(Value state) {
        boolean relationship = state.size() > 4;
        return new GraphState(UUID.fromString(state.get(0).asString()), relationship,
                state.get(1).isNull() ? null : String.valueOf(state.get(1).asObject()),
                GraphTimestamp.of(state.get(2).asObject()), state.get(3).asMap(),
                relationship ? text(state.get(4)) : null, relationship ? text(state.get(5)) : null,
                state.get(2).asObject());
    }

    private static String text(Value value) {
        return value.isNull() ? null : String.valueOf(value.asObject());
    }

    /** What an index statement and SHOW INDEXES have in common: the kind, the label or type, and the properties. */
    private static String signature(String statement) {
        Matcher index = INDEX.matcher(statement);
        if (!index.find()) {
            throw new InputException("The index statement \"" + statement
                    + "\" of a query file cannot be read: write it as CREATE INDEX … FOR (e:Label) ON (e.property)");
        }
        String kind = index.group().startsWith("FOR ()") ? "RELATIONSHIP" : "NODE";
        return kind + List.of(index.group(1)) + Pattern.compile(",").splitAsStream(index.group(2))
                .map(property -> property.strip().replaceFirst("^\\w+\\.", "")).toList();
    }

    /** Every read is one statement, in a transaction of its own. */
    private List<Record> read(String name, Map<String, Object> parameters) {
        return gate.run(name, () -> {
            try {
                return readOnce(name, parameters);
            } catch (TooLargeException e) {
                throw (Neo4jException) e.getCause(); // other work may leave more memory a little later
            }
        });
    }

    public Record readSingle(String name, Map<String, Object> parameters) {
        return single(read(name, parameters), name);
    }

    /** Reads what may be too large for the server's memory, where the caller can ask for less. */
    private Record readLarge(String name, Map<String, Object> parameters) {
        return single(gate.run(name, () -> readOnce(name, parameters)), name);
    }

    private List<Record> readOnce(String name, Map<String, Object> parameters) {
        return read(session -> run((query, values) -> session.run(query, values, transactions), name,
                UnaryOperator.identity(), parameters, Result::list));
    }

    /** Reads on a thread of its own, which is left behind where no answer comes in time. */
    private <T> T read(Function<Session, T> work) {
        Future<T> answer = READS.submit(() -> {
            try (Session session = session(AccessMode.READ)) {
                return work.apply(session);
            }
        });
        try {
            return answer.get(longestWait(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Neo4jException cause ? explained(cause) : (RuntimeException) e.getCause();
        } catch (TimeoutException e) {
            throw new ServiceUnavailableException(host + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Looks at several things in one transaction, which can only read. */
    public <T> T look(Function<GraphTransaction, T> work) {
        return gate.run("a look", () ->
                read(session -> session.executeRead(transaction ->
                        work.apply(new GraphTransaction(asking, transaction)),
                        transactions)));
    }

    /**
     * Does work in a transaction that is committed at its end, unless the work rolls it back or throws.
     * Only what waits for Neo4j has a deadline: the work itself may write files, and Java closes the channel of a
     * thread that is interrupted.
     */
    public <T> T write(Function<GraphTransaction, T> work) {
        if (access == AccessMode.READ) {
            throw new IllegalStateException("Neo4j is opened for reading only");
        }
        return gate.run("a write", () -> {
            Session session = session(AccessMode.WRITE);
            try {
                return inTransaction(session, work);
            } finally {
                inTime(() -> {
                    session.close();
                    return null;
                });
            }
        });
    }

    private <T> T inTransaction(Session session, Function<GraphTransaction, T> work) {
        Transaction transaction = inTime(() -> session.beginTransaction(transactions));
        GraphTransaction writes = new GraphTransaction(asking, transaction);
        boolean certainlyGone = true;
        try {
            T done = work.apply(writes);
            if (!writes.isRolledBack()) {
                certainlyGone = false;
                inTime(() -> {
                    transaction.commit();
                    return null;
                });
            }
            return done;
        } catch (ClientException e) { // the server's own word, such as a constraint that is looked at last
            certainlyGone |= !Failure.canHeal(e);
            throw e;
        } finally {
            if (certainlyGone) {
                writes.isGone();
            }
            inTime(() -> {
                transaction.close();
                return null;
            });
        }
    }

    /**
     * The driver waits for an answer without end: the thread is interrupted, on which it closes the connection, again
     * and again where it waits for another then.
     */
    private <T> T inTime(Supplier<T> work) {
        Thread waiting = Thread.currentThread();
        AtomicBoolean answered = new AtomicBoolean();
        long longest = longestWait();
        ScheduledFuture<?> alarm = ALARMS.scheduleAtFixedRate(() -> {
            synchronized (answered) {
                if (!answered.get()) {
                    waiting.interrupt();
                }
            }
        }, longest, longest, TimeUnit.MILLISECONDS);
        try {
            return work.get();
        } catch (Neo4jException e) {
            throw explained(e);
        } finally {
            synchronized (answered) {
                answered.set(true);
                Thread.interrupted();
            }
            alarm.cancel(false);
        }
    }

    /** How many milliseconds an answer may take to come. */
    private long longestWait() {
        return ConnectionSettings.waitFor(queryTimeout).toMillis();
    }

    private static RuntimeException explained(Neo4jException e) {
        return isOutOfMemory(e) ? new TooLargeException(e) : e;
    }

    private static boolean isOutOfMemory(Neo4jException e) {
        return e instanceof TransientException
                && (e.code().contains("OutOfMemory") || e.code().contains("MemoryLimit"));
    }

    private Session session(AccessMode mode) {
        return driver.session(sessionConfig(mode).build());
    }

    private SessionConfig.Builder sessionConfig(AccessMode mode) {
        SessionConfig.Builder config = SessionConfig.builder().withDefaultAccessMode(mode)
                .withBookmarkManager(driver.executableQueryBookmarkManager());
        return database == null ? config : config.withDatabase(database);
    }

    /** A query as this Neo4j knows it. */
    private String text(String name) {
        String text = queries.text(name);
        return text.contains("elementId(") ? dialect().text(text) : text;
    }

    private Record single(List<Record> rows, String name) {
        if (rows.size() != 1) {
            throw new InputException(queries.origin(name) + " gave " + rows.size()
                    + " rows where one is expected: collect them as the built-in query does");
        }
        return rows.get(0);
    }

    /** Asks within a transaction. */
    private final class Asking implements GraphTransaction.Queries {
        @Override
        public <T> T ask(SimpleQueryRunner transaction, String name, UnaryOperator<String> named,
                Map<String, Object> parameters, Function<Result, T> taken) {
            return inTime(() -> run(transaction::run, name, named, parameters, taken));
        }

        @Override
        public Record single(List<Record> rows, String name) {
            return GraphStore.this.single(rows, name);
        }
    }

    private <T> T run(BiFunction<String, Map<String, Object>, Result> runner, String name, UnaryOperator<String> edited,
            Map<String, Object> parameters,
                      Function<Result, T> taken) {
        try {
            return taken.apply(runner.apply(edited.apply(text(name)), parameters));
        } catch (ClientException e) {
            if (QUERY_MISTAKE.matcher(e.code()).matches()) {
                throw new InputException("Neo4j says of " + queries.origin(name) + ": "
                        + e.getMessage().lines().findFirst().orElse("")
                        + "; correct that file", e);
            }
            throw e;
        }
    }

    /** Reads one page query to its end. */
    private final class GraphPages implements PageReader {
        /**
         * Of an id that has more copies than a page holds: newer than all, so that it is looked up whole, whatever is
         * checked.
         */
        private static final GraphTimestamp NOT_ALL_READ =
                new GraphTimestamp(Long.MAX_VALUE, GraphTimestamp.Precision.MICROSECONDS);

        private final boolean relationships;
        private final String name;
        private final PageSize size;
        private String quick;
        private String after;
        private boolean done;

        /** @param quick the query that gives microseconds, as long as every timestamp is a DateTime; may be null */
        GraphPages(boolean relationships, String quick, String name, PageSize size, UUID from) {
            this.relationships = relationships;
            this.quick = quick;
            this.name = name;
            this.size = size;
            this.after = from == null ? "" : from.toString();
        }

        /** A page may be empty: none of its ids is one of PostgreSQL's kind, or it was too large. */
        @Override
        public Supplier<EntityPage> next() {
            if (done) {
                return null;
            }
            int limit = size.now();
            long before = gate.spent();
            Record row;
            try {
                row = read(limit);
            } catch (TooLargeException e) {
                size.halve();
                return () -> new EntityPage(0);
            }
            Value ids = row.get("ids");
            Value timestamps = row.get("timestamps");
            int count = ids.size();
            size.took(count, gate.spent() - before);
            done = count < limit;
            int whole = done ? count : withoutLastId(ids, count);
            if (!done) {
                after = ids.get(whole - 1).asString();
            }
            boolean more = !done && whole == count;
            boolean micros = quick != null;
            return () -> unpack(ids, timestamps, whole, more, micros);
        }

        private Record read(int limit) {
            Map<String, Object> parameters = Map.of("after", after, "limit", limit);
            Record row = quick == null ? null : readQuickly(parameters, limit);
            if (row != null) {
                return row;
            }
            quick = null;
            return read(name, parameters, limit);
        }

        private Record read(String query, Map<String, Object> parameters, int limit) {
            return limit > PageSize.SMALLEST ? readLarge(query, parameters) : readSingle(query, parameters);
        }

        /** Null where a timestamp is no DateTime. */
        private Record readQuickly(Map<String, Object> parameters, int limit) {
            try {
                Record row = read(quick, parameters, limit);
                return row.get("ids").size() == row.get("timestamps").size() ? row : null;
            } catch (ClientException anotherEncoding) {
                return null;
            }
        }

        private EntityPage unpack(Value ids, Value timestamps, int size, boolean more, boolean micros) {
            EntityPage page = new EntityPage(size);
            long[] halves = new long[2];
            for (int i = 0; i < size; i++) {
                if (!EntityId.read(ids.get(i).asString().getBytes(StandardCharsets.ISO_8859_1), halves)) {
                    page.addOtherId();
                } else if (more) {
                    page.add(halves[0], halves[1], NOT_ALL_READ, relationships);
                } else if (micros) {
                    page.addMicros(halves[0], halves[1], timestamps.get(i).asLong(), relationships);
                } else {
                    page.add(halves[0], halves[1],
                            timestamps.isNull() ? GraphTimestamp.UNREADABLE
                            : GraphTimestamp.of(timestamps.get(i).asObject()), relationships);
                }
            }
            return page;
        }

        /**
         * More nodes of a full page's last id may wait behind it: that id is left to the next page, unless it fills
         * this one alone.
         * Then they are not read, but the timestamps given for it are such that it is looked at again, whole.
         */
        private int withoutLastId(Value ids, int size) {
            String last = ids.get(size - 1).asString();
            int whole = size - 1;
            while (whole > 0 && ids.get(whole - 1).asString().equals(last)) {
                whole--;
            }
            return whole == 0 ? size : whole;
        }
    }
}
