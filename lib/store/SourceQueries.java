package syncdata.store;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementException;
import org.postgresql.util.PSQLException;
import syncdata.rules.EntityId;
import syncdata.rules.IdRange;
import syncdata.run.InputException;
import syncdata.run.RefusedException;

/** The query files for PostgreSQL, run through the gate. An error of a query comes with advice. */
final class SourceQueries {
    /** Before a query, has it planned and not run. */
    static final String EXPLAIN = "EXPLAIN ";

    private final Queries files;
    private final SourceServer server;
    private final Gate gate;

    SourceQueries(Queries files, SourceServer server, Gate gate) {
        this.files = files;
        this.server = server;
        this.gate = gate;
    }

    /** The text of a query file. */
    String text(String name) {
        return files.text(name);
    }

    /** Reads the one row of a query without parameters. */
    <T> T one(SourceConnection connection, String name, Row<T> row) {
        List<T> found = list(connection, name, unbound(), row);
        if (found.size() != 1) {
            throw new InputException(files.origin(name) + " gave " + found.size() + " rows: let it give one");
        }
        return found.get(0);
    }

    /** Reads the rows of a query. */
    <T> List<T> list(SourceConnection connection, String name, UnaryOperator<Query> bound, Row<T> row) {
        return ask(name, () -> connection.read(files.text(name), bound, row));
    }

    /** Has a query planned and not run: that finds its mistakes, and reads no row. */
    void plan(SourceConnection connection, String name, UnaryOperator<Query> bound) {
        ask(name, () -> connection.read(EXPLAIN + files.text(name), bound, row -> row.getString(1)));
    }

    /**
     * Does work with a query, through the gate.
     *
     * @throws InputException   if the query file has a mistake, or names what is not there
     * @throws RefusedException if PostgreSQL would hide rows
     */
    <T> T ask(String name, Supplier<T> work) {
        return gate.run(name, () -> {
            try {
                return work.get();
            } catch (JdbiException e) {
                throw explained(name, e);
            }
        });
    }

    /** Binds nothing to a query. */
    static UnaryOperator<Query> unbound() {
        return query -> query;
    }

    /** Binds {@code :ids}. */
    static UnaryOperator<Query> uuids(Collection<UUID> ids) {
        return query -> query.bindArray("ids", UUID.class, ids);
    }

    /** Binds {@code :from_block}, {@code :to_block}, the first that is not read, and a range of ids in them. */
    static UnaryOperator<Query> blocks(long from, long to, IdRange range) {
        return query -> query.bind("from_block", "(" + from + ",0)").bind("to_block", "(" + to + ",0)")
                .bind("from", range.first()).bind("until", range.last());
    }

    /** Binds {@code :ids} as texts. */
    static UnaryOperator<Query> texts(Collection<UUID> ids) {
        return query -> query.bindArray("ids", String.class, EntityId.texts(ids));
    }

    /** The exception with advice for an operator; the same where there is none. */
    private RuntimeException explained(String name, JdbiException e) {
        if (e instanceof StatementException && e.getCause() == null) { // Jdbi itself found it
            return new InputException(files.origin(name) + " does not have the named parameters of the built-in"
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
        if (!state.startsWith("42")) { // no mistake in the query, no missing table or privilege
            return original;
        }
        return new InputException("PostgreSQL says of " + files.origin(name) + ": " + message + "; "
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

    /** Told by the routine: the message may be in any language, and the code is that of any missing privilege. */
    private static boolean isAboutRowSecurity(PSQLException e) {
        return e.getServerErrorMessage() != null && "check_enable_rls".equals(e.getServerErrorMessage().getRoutine());
    }
}
