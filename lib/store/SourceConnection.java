package syncdata.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.postgresql.PGConnection;

/**
 * A connection to PostgreSQL, opened again after a failure. It takes one query at a time, from any thread. Each query
 * runs in a read-only transaction of its own, which no setting outlives.
 */
final class SourceConnection implements AutoCloseable {
    /** Marks our queries: a pooler's session shows its last one, though the session has not our name. */
    private static final String OURS = "/* sync-data */ ";

    private final SourceServer server;
    private final String beginning;
    private final Duration queryTimeout;
    /** Null while the connection is not open. */
    private Handle handle;
    /** Whether this session was looked at: is it ours alone, or a pooler's? */
    private boolean known;
    /** Whether the session is ours alone, and does not have our name yet. */
    private boolean nameless;

    /** @param queryTimeout how long PostgreSQL may work on one query */
    SourceConnection(SourceServer server, Queries queries, Duration queryTimeout) {
        this.server = server;
        this.beginning = queries.text("source-transaction.sql");
        this.queryTimeout = queryTimeout;
    }

    /** Opens the connection, if it is not open. */
    synchronized void connect() {
        guarded(this::handle);
    }

    /** Runs a query in one round trip, and reads its rows. */
    synchronized <T> List<T> read(String sql, UnaryOperator<Query> bound, Row<T> row) {
        return guarded(() -> {
            try (Query query = begun(beginning + ";\n" + OURS + sql, queryTimeout)) {
                List<T> found = bound.apply(query).execute((statement, context) -> {
                    try (context) {
                        PreparedStatement ran = statement.get();
                        heed(ran.getResultSet());
                        ran.getMoreResults();
                        List<T> rows = new ArrayList<>();
                        forEach(ran.getResultSet(), row, rows::add);
                        return rows;
                    }
                });
                name();
                return found;
            }
        });
    }

    /**
     * Does work of several queries, or of one whose rows come some at a time.
     *
     * @param time how long PostgreSQL may work on a query
     */
    synchronized <T> T inTransaction(Duration time, Function<Handle, T> work) {
        return guarded(() -> {
            try {
                T result = work.apply(begin(time));
                end();
                return result;
            } catch (RuntimeException e) {
                endAfter(e);
                throw e;
            }
        });
    }

    /** Begins a transaction that stays open until {@link #close}. */
    synchronized Handle begin() {
        return guarded(() -> begin(queryTimeout));
    }

    /** Whether the connection is still there. */
    synchronized boolean isAlive() {
        try {
            return handle != null && handle.getConnection().isValid(10);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (handle == null) {
            return;
        }
        try (Handle closed = handle) {
            handle = null;
            if (closed.isInTransaction()) {
                closed.rollback();
            }
        } catch (JdbiException e) {
            return; // it was lost, and nothing of a run depends on it any more
        }
    }

    /** Runs a query in an open transaction, and hands out what its rows say, one after the other. */
    static <T> void forEach(Handle begun, String sql, UnaryOperator<Query> bound, Row<T> row, Consumer<T> each) {
        try (Query query = begun.createQuery(OURS + sql)) {
            bound.apply(query).scanResultSet((results, context) -> {
                try (context; ResultSet rows = results.get()) {
                    forEach(rows, row, each);
                    return null;
                }
            });
        }
    }

    private static <T> void forEach(ResultSet results, Row<T> row, Consumer<T> each) throws SQLException {
        while (results.next()) {
            each.accept(row.read(results));
        }
    }

    private Handle begin(Duration time) {
        handle().begin();
        try (Query query = begun(beginning, time)) {
            query.scanResultSet((results, context) -> {
                try (context; ResultSet row = results.get()) {
                    heed(row);
                    return null;
                }
            });
        }
        waitForAnswer(time);
        return handle;
    }

    private void end() {
        handle.rollback();
        waitForAnswer(queryTimeout);
        name();
    }

    private void endAfter(RuntimeException failure) {
        try {
            end();
        } catch (JdbiException e) {
            failure.addSuppressed(e); // the connection is lost, and the transaction with it
        }
    }

    private Query begun(String sql, Duration time) {
        return handle().createQuery(sql).bind("application_name", server.applicationName())
                .bind("statement_timeout", String.valueOf(time.toMillis()));
    }

    private Handle handle() {
        if (handle == null) {
            handle = server.open();
            known = false;
        }
        return handle;
    }

    /** Reads what source-transaction.sql tells of the server. */
    private void heed(ResultSet row) throws SQLException {
        row.next();
        server.serves(row.getBoolean("standby"));
        if (known) {
            return;
        }
        PGConnection connection = handle.getConnection().unwrap(PGConnection.class);
        nameless = connection.getBackendPID() == row.getInt("backend");
        if (!nameless) {
            connection.setPrepareThreshold(0); // a pooler: the next transaction may be in another session
        }
        known = true;
    }

    /** Gives a session that is ours alone our name, between transactions too: nobody takes it for others at work. */
    private void name() {
        try {
            if (nameless) {
                handle.getConnection().setClientInfo("ApplicationName", server.applicationName());
                nameless = false;
            }
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private void waitForAnswer(Duration time) {
        try {
            long longest = ConnectionSettings.waitFor(time).toMillis();
            handle.getConnection().setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, longest));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            if (Failure.canHeal(e)) {
                abandon();
            }
            throw e;
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
