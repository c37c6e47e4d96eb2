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
 * One connection to PostgreSQL, opened anew after a failure. It takes one query at a time, from any thread.
 * Each query runs in a transaction of its own that only reads, and no setting outlives that.
 */
final class SourceConnection implements AutoCloseable {
    /** Tells others' sessions from those of a pooler whose last query was ours. */
    private static final String OURS = "/* sync-data */ ";

    private final SourceServer server;
    private final String beginning;
    private final Duration queryTimeout;
    private Handle handle;
    private boolean known;
    private boolean nameless;

    /** @param queryTimeout how long PostgreSQL may work on one query */
    SourceConnection(SourceServer server, Queries queries, Duration queryTimeout) {
        this.server = server;
        this.beginning = queries.text("source-transaction.sql");
        this.queryTimeout = queryTimeout;
    }

    /** Opens it, if it is not open. */
    synchronized void connect() {
        guarded(this::handle);
    }

    /** Runs one query, in one round trip, and gives what its rows say. */
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
     * Does work that takes more than one query, or whose rows come over the wire some at a time.
     *
     * @param time how long PostgreSQL may work on each query
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

    /** Runs a query in a transaction that was begun before, and gives what its rows say one after the other. */
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

    /** Reads what the beginning of a transaction says of the server. */
    private void heed(ResultSet row) throws SQLException {
        row.next();
        server.serves(row.getBoolean("standby"));
        if (known) {
            return;
        }
        PGConnection connection = handle.getConnection().unwrap(PGConnection.class);
        nameless = connection.getBackendPID() == row.getInt("backend");
        if (!nameless) {
            connection.setPrepareThreshold(0); // a pooler is in between: the next transaction may be in another session
        }
        known = true;
    }

    /**
     * A session that is ours alone has our name between its transactions too, so that nobody takes it for others at
     * work.
     */
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
