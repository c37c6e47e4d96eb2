package syncdata.store;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import syncdata.run.Version;

/** A connection to Neo4j: sessions, and transactions that go through the gate and end by a deadline. */
final class GraphConnection implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofMillis(10);

    private final Gate gate;
    private final Driver driver;
    private final String host;
    private final Optional<String> database;
    private final AccessMode access;
    private final AnswerDeadline deadline;
    private final TransactionConfig transactions;
    private final GraphQueries queries;
    private Optional<CypherDialect> dialect = Optional.empty();

    private GraphConnection(ConnectionSettings settings, Queries files, AccessMode access, Gate gate, Driver driver) {
        this.gate = gate;
        this.driver = driver;
        this.host = host(settings);
        this.database = settings.neo4jDatabase();
        this.access = access;
        this.deadline = new AnswerDeadline(host, settings.queryTimeout());
        this.transactions = TransactionConfig.builder().withTimeout(settings.queryTimeout())
                .withMetadata(Map.of("application", "sync-data")).build();
        this.queries = new GraphQueries(files, this::dialect);
    }

    /**
     * Connects.
     *
     * @param access with {@code READ}, no session can write
     * @param gate   through which every query goes
     * @throws Neo4jException if Neo4j cannot be reached or refuses the login
     */
    static GraphConnection open(ConnectionSettings settings, Queries files, AccessMode access, Gate gate) {
        AuthToken login = settings.neo4jPassword().map(password -> AuthTokens.basic(settings.neo4jUser(), password))
                .orElseGet(AuthTokens::none);
        Driver driver = GraphDatabase.driver(settings.neo4jUri(), login, config(settings));
        try {
            driver.verifyConnectivity();
            return new GraphConnection(settings, files, access, gate, driver);
        } catch (RuntimeException e) {
            driver.close();
            String host = host(settings);
            boolean withoutHost = e instanceof ServiceUnavailableException && !e.getMessage().contains(host);
            throw withoutHost ? new ServiceUnavailableException(host + " does not answer: " + e.getMessage(), e) : e;
        }
    }

    /** Loads the classes of a connection; connects to nothing. */
    static void prepare() {
        GraphDatabase.driver("bolt://localhost", AuthTokens.none()).closeAsync();
    }

    private static Config config(ConnectionSettings settings) {
        long longest = ConnectionSettings.waitFor(settings.queryTimeout()).toMillis();
        return Config.builder().withUserAgent("sync-data/" + Version.NUMBER)
                .withConnectionTimeout(Math.min(15_000, longest), TimeUnit.MILLISECONDS)
                .withConnectionAcquisitionTimeout(Math.min(30_000, 2 * longest), TimeUnit.MILLISECONDS)
                // the gate retries
                .withMaxTransactionRetryTime(0, TimeUnit.SECONDS).withAutoCommitRetriesDisabled(true)
                .withFetchSize(-1).withTelemetryDisabled(true).build();
    }

    private static String host(ConnectionSettings settings) {
        return URI.create(settings.neo4jUri()).getAuthority();
    }

    /** Host and port, as the settings name them. */
    String host() {
        return host;
    }

    /** The query files, in the Cypher of this Neo4j. */
    GraphQueries queries() {
        return queries;
    }

    /** What this Neo4j knows of Cypher. */
    synchronized CypherDialect dialect() {
        if (dialect.isEmpty()) {
            String version = readSingleOnce("graph-identity.cypher").get("version").asString();
            dialect = Optional.of(CypherDialect.of(version));
        }
        return dialect.get();
    }

    /** Nanoseconds that queries of this thread took so far, without waiting for their turns. */
    long spent() {
        return gate.spent();
    }

    /** Reads the rows of one query file, in a transaction of its own. */
    List<Record> read(String name, Map<String, Object> parameters) {
        return gate.run(name, () -> {
            try {
                return readOnce(name, parameters);
            } catch (TooLargeException e) {
                throw (Neo4jException) e.getCause(); // can heal: other work may free memory
            }
        });
    }

    /** Reads the one row of a query file, likewise. */
    Record readSingle(String name, Map<String, Object> parameters) {
        return queries.single(read(name, parameters), name);
    }

    /**
     * Reads the one row of a query file, for a caller that can ask for less.
     *
     * @throws TooLargeException if the server has not the memory for it
     */
    Record readLarge(String name, Map<String, Object> parameters) {
        return readLarge(name, parameters, UnaryOperator.identity());
    }

    /** Likewise, of a query whose text is edited before. */
    Record readLarge(String name, Map<String, Object> parameters, UnaryOperator<String> edited) {
        return queries.single(gate.run(name, () -> readOnce(name, parameters, edited)), name);
    }

    /** Reads the one row of a query file, not through the gate: fails at once if Neo4j does not answer. */
    Record readSingleOnce(String name) {
        return queries.single(readOnce(name, Map.of()), name);
    }

    private List<Record> readOnce(String name, Map<String, Object> parameters) {
        return readOnce(name, parameters, UnaryOperator.identity());
    }

    private List<Record> readOnce(String name, Map<String, Object> parameters, UnaryOperator<String> edited) {
        return read(session -> queries.run((query, values) -> session.run(query, values, transactions), name,
                edited, parameters, Result::list));
    }

    /** Asks several queries in one transaction, which can only read. */
    <T> T look(Function<GraphTransaction, T> work) {
        return gate.run("a look", () -> lookOnce(work));
    }

    /** The same, not through the gate. */
    <T> T lookOnce(Function<GraphTransaction, T> work) {
        return read(session -> session.executeRead(transaction ->
                work.apply(new GraphTransaction(queries, deadline, transaction)), transactions));
    }

    private <T> T read(Function<Session, T> work) {
        return deadline.readApart(() -> {
            try (Session session = session(AccessMode.READ)) {
                return work.apply(session);
            }
        });
    }

    /**
     * Does work in a transaction, and commits it unless the work rolls it back or throws. Only the waits for Neo4j have
     * a deadline: the work itself may write a file, whose channel an interrupt would close.
     */
    <T> T write(Function<GraphTransaction, T> work) {
        if (access == AccessMode.READ) {
            throw new IllegalStateException("Neo4j is opened for reading only");
        }
        return gate.run("a write", () -> {
            Session session = session(AccessMode.WRITE);
            try {
                return inTransaction(session, work);
            } finally {
                deadline.await(session::close);
            }
        });
    }

    private <T> T inTransaction(Session session, Function<GraphTransaction, T> work) {
        Transaction transaction = deadline.await(() -> session.beginTransaction(transactions));
        GraphTransaction writes = new GraphTransaction(queries, deadline, transaction);
        boolean certainlyGone = true;
        try {
            T done = work.apply(writes);
            if (!writes.isRolledBack()) {
                certainlyGone = false;
                deadline.await(transaction::commit);
            }
            return done;
        } catch (ClientException e) { // the server refused, such as for a constraint that it checks at commit
            certainlyGone |= !Failure.canHeal(e);
            throw e;
        } finally {
            if (certainlyGone) {
                writes.isGone();
            }
            deadline.await(transaction::close);
        }
    }

    /** A session without a deadline, to be closed after use. */
    Session session(AccessMode mode) {
        return driver.session(sessionConfig(mode).build());
    }

    /** A session that reads, its results so many rows at a time. It has no deadline, and is to be closed after use. */
    Session session(long fetch) {
        return driver.session(sessionConfig(AccessMode.READ).withFetchSize(fetch).build());
    }

    private SessionConfig.Builder sessionConfig(AccessMode mode) {
        SessionConfig.Builder config = SessionConfig.builder().withDefaultAccessMode(mode)
                .withBookmarkManager(driver.executableQueryBookmarkManager());
        database.ifPresent(config::withDatabase);
        return config;
    }

    /** Closes without waiting for the driver's threads, which take a fifth of a second to end. */
    @Override
    public void close() {
        try {
            // The threads have to hear of it: Java's end would wait still longer for one in a system call.
            driver.closeAsync().toCompletableFuture().get(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return; // nothing depends on it any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
