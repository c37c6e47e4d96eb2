package syncdata.store;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import syncdata.run.Json;

/**
 * An advisory lock of PostgreSQL, with a connection of its own. Its transaction is open until this is closed, or the
 * connection lost. A lock of the session would stay with a pooler's connection, for its next client.
 */
public final class SourceLock implements AutoCloseable {
    /** The first key of our advisory locks: others in the same database have other ones. */
    private static final int TOOL = 0x47_53_59_4e; // "GSYN"

    private final Queries queries;
    private final SourceConnection connection;
    private final Handle transaction;

    SourceLock(Queries queries, SourceConnection connection) {
        this.queries = queries;
        this.connection = connection;
        this.transaction = connection.begin();
    }

    /** Takes the lock for repairs of a graph; false if another session has it. */
    public boolean take(int graph) {
        return ask("take-repair-lock.sql", graph, row -> row.getBoolean("taken")).get(0);
    }

    /** Who has the lock, and since when, as part of a sentence; empty where nobody has. */
    public Optional<String> holder(int graph) {
        return ask("repair-lock-holder.sql", graph, row -> row.getString("name")
                + ", PostgreSQL user " + row.getString("database_user") + ", backend " + row.getInt("pid")
                + since(row.getObject("since", OffsetDateTime.class))).stream().findFirst();
    }

    /** Whether the connection is still there, and with it the lock. */
    public boolean isAlive() {
        return connection.isAlive();
    }

    @Override
    public void close() {
        connection.close();
    }

    private <T> List<T> ask(String name, int graph, Row<T> row) {
        UnaryOperator<Query> bound = query -> query.bind("tool", TOOL).bind("graph", graph);
        List<T> rows = new ArrayList<>();
        SourceConnection.forEach(transaction, queries.text(name), bound, row, rows::add);
        return rows;
    }

    private static String since(OffsetDateTime time) {
        return time == null ? "" : ", since " + Json.timestamp(time.toInstant());
    }
}
