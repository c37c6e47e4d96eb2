package syncdata.store;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private final String database;
    private final AccessMode access;
    private final AnswerDeadline deadline;
    private final TransactionConfig transactions;
    private final GraphQueries queries;
    private CypherDialect dialect;

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
     * @param access with {@code READ} there is never a session that could write
     * @param gate   what every query goes through
     * @throws Neo4jException if Neo4j cannot be reached or refuses the login
     */
    static GraphConnection open(ConnectionSettings settings, Queries files, AccessMode access, Gate gate) {
        AuthToken login = settings.neo4jPassword() == null
                ? AuthTokens.none() : AuthTokens.basic(settings.neo4jUser(), settings.neo4jPassword());
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
                // the gate does that
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

    /** The query files as this Neo4j knows them. */
    GraphQueries queries() {
        return queries;
    }

    /** What this Neo4j knows of Cypher. */
    synchronized CypherDialect dialect() {
        if (dialect == null) {
            dialect = CypherDialect.of(readSingleOnce("graph-identity.cypher").get("version").asString());
        }
        return dialect;
    }

    /** Nanoseconds that queries of this thread took so far, without what they waited for their turns. */
    long spent() {
        return gate.spent();
    }

    /** Reads the rows of one query file, in a transaction of its own. */
    List<Record> read(String name, Map<String, Object> parameters) {
        return gate.run(name, () -> {
            try {
                return readOnce(name, parameters);
            } catch (TooLargeException e) {
                throw (Neo4jException) e.getCause(); // other work may leave more memory a little later
            }
        });
    }

    /** Likewise, where there must be one row. */
    Record readSingle(String name, Map<String, Object> parameters) {
        return queries.single(read(name, parameters), name);
    }

    /**
     * Likewise, of a caller that can ask for less.
     *
     * @throws TooLargeException if the server has not the memory for it
     */
    Record readLarge(String name, Map<String, Object> parameters) {
        return queries.single(gate.run(name, () -> readOnce(name, parameters)), name);
    }

    /** Likewise, without parameters and not through the gate: fails at once where Neo4j does not answer. */
    Record readSingleOnce(String name) {
        return queries.single(readOnce(name, Map.of()), name);
    }

    private List<Record> readOnce(String name, Map<String, Object> parameters) {
        return read(session -> queries.run((query, values) -> session.run(query, values, transactions), name,
                UnaryOperator.identity(), parameters, Result::list));
    }

    /** Looks at several things in one transaction, which can only read. */
    <T> T look(Function<GraphTransaction, T> work) {
        return gate.run("a look", () -> lookOnce(work));
    }

    /** Likewise, and not through the gate. */
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
     * Does work in a transaction that is committed at its end, unless the work rolls it back or throws. Only what waits
     * for Neo4j has a deadline: the work itself may write files, and Java closes the channel of a thread that is
     * interrupted.
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
        } catch (ClientException e) { // the server's own word, such as a constraint that is looked at last
            certainlyGone |= !Failure.canHeal(e);
            throw e;
        } finally {
            if (certainlyGone) {
                writes.isGone();
            }
            deadline.await(transaction::close);
        }
    }

    /** A session, to be closed after use. It has no deadline. */
    Session session(AccessMode mode) {
        return driver.session(sessionConfig(mode).build());
    }

    /** Likewise, one that reads, and whose results come so many rows at a time. */
    Session session(long fetch) {
        return driver.session(sessionConfig(AccessMode.READ).withFetchSize(fetch).build());
    }

    private SessionConfig.Builder sessionConfig(AccessMode mode) {
        SessionConfig.Builder config = SessionConfig.builder().withDefaultAccessMode(mode)
                .withBookmarkManager(driver.executableQueryBookmarkManager());
        return database == null ? config : config.withDatabase(database);
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
}
