package syncdata.store;

import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.AuthorizationExpiredException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.SessionExpiredException;
import org.neo4j.driver.exceptions.TokenExpiredException;
import org.postgresql.util.PSQLException;
import syncdata.run.Ending;
import syncdata.run.EndingException;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;

/**
 * What an exception means to an operator.
 *
 * @param message    one line: what was wrong and what to do
 * @param endsTheRun whether nothing else can succeed either
 */
public record Failure(ExitCode exitCode, String message, boolean endsTheRun) {
    private static final String NO_NEO4J =
            "; check NEO4J_URI or --neo4j-uri. Intelligence Center has Neo4j disabled by default from 2.12.0 on:"
            + " where it is, there is nothing to sync";

    // Connections, resources, cancelled and rolled back transactions, locks, shutdowns: PostgreSQL's error codes.
    private static final Pattern HEALS = Pattern.compile("08...|53...|40...|57014|57P..|55P03|58030|25P0[34]");

    /** Reads the chain of causes of an exception. */
    public static Failure of(Throwable thrown) {
        return Ending.find(thrown, UnfinishedException.class)
                .map(e -> of(e.getCause()).with("; " + Ending.line(e) + "; it is safe to run again"))
                .or(() -> Ending.find(thrown, GaveUpException.class).map(Failure::ofGivingUp))
                .or(() -> Ending.find(thrown, EndingException.class)
                        .map(e -> new Failure(e.ending().exitCode(), e.ending().message(), true)))
                .or(() -> Ending.find(thrown, InputException.class)
                        .map(e -> new Failure(ExitCode.INVALID_INPUT, Ending.line(e), true)))
                .or(() -> Ending.find(thrown, RefusedException.class)
                        .map(e -> new Failure(ExitCode.REFUSED, Ending.line(e), true)))
                .or(() -> Ending.find(thrown, PSQLException.class).map(Failure::ofPostgres))
                .or(() -> Ending.find(thrown, Neo4jException.class).map(Failure::ofNeo4j))
                .or(() -> Ending.find(thrown, UncheckedIOException.class)
                        .map(e -> new Failure(ExitCode.FAULT, Ending.line(e), true)))
                .orElseGet(() -> new Failure(ExitCode.FAULT,
                        thrown.getMessage() == null ? thrown.toString() : Ending.line(thrown), false));
    }

    /** Adds what was done so far to an exception that says that a database can no longer be reached. */
    public static RuntimeException unfinished(RuntimeException failure, String soFar) {
        boolean gaveUp = of(failure).exitCode() == ExitCode.UNREACHABLE || failure instanceof GaveUpException;
        return gaveUp ? new UnfinishedException(soFar, failure) : failure;
    }

    /** The cause, in one line and without advice. */
    static String cause(Throwable thrown) {
        return Ending.find(thrown, PSQLException.class).map(Ending::line)
                .or(() -> Ending.find(thrown, Neo4jException.class).map(Ending::line))
                .orElseGet(() -> Ending.line(thrown));
    }

    /** Whether trying again may succeed: a database restarts, is short of something, or preferred other work. */
    public static boolean canHeal(Throwable thrown) {
        if (Ending.find(thrown, TooLargeException.class).isPresent()) {
            return false;
        }
        Optional<PSQLException> postgres = Ending.find(thrown, PSQLException.class);
        if (postgres.isPresent()) {
            String state = String.valueOf(postgres.get().getSQLState());
            return HEALS.matcher(state).matches() && !Ending.line(postgres.get()).contains("password");
        }
        return Ending.find(thrown, Neo4jException.class).map(Failure::canHeal).orElse(false);
    }

    /** Whether Neo4j ended the transaction to resolve a deadlock. */
    static boolean isDeadlock(Throwable thrown) {
        return Ending.find(thrown, Neo4jException.class)
                .map(e -> String.valueOf(e.code()).endsWith(".DeadlockDetected")).orElse(false);
    }

    private static boolean canHeal(Neo4jException e) {
        return e instanceof RetryableException && !(e instanceof TokenExpiredException) || isWithoutConnection(e)
                || String.valueOf(e.code())
                .matches(
                        "Neo\\.ClientError\\.(Cluster\\..*|"
                                + "Transaction\\.(Terminated|TransactionTimedOut.*|LockClientStopped))");
    }

    /** The driver has no code for this: a server that accepts connections, and then is silent. */
    private static boolean isWithoutConnection(Neo4jException e) {
        return String.valueOf(e.getMessage()).startsWith("Unable to acquire connection from the pool");
    }

    private static Failure ofGivingUp(GaveUpException e) {
        Failure failure = of(e.getCause());
        return new Failure(e.stopped().map(Stop.Reason::exitCode).orElse(ExitCode.UNREACHABLE),
                failure.message() + "; tried again for " + TimeSpan.text(e.after()), true);
    }

    private Failure with(String more) {
        return new Failure(exitCode, message + more, endsTheRun);
    }

    private static Failure ofPostgres(PSQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("28")) {
            return unreachable("PostgreSQL refuses the login: " + Ending.line(e)
                    + "; check PGUSER and PGPASSWORD, or ~/.pgpass");
        }
        if (state.equals("3D000")) {
            return unreachable("PostgreSQL has no such database: " + Ending.line(e)
                    + "; check PGDATABASE or --postgres-url");
        }
        if (state.equals("08004") && Ending.line(e).contains("password")) {
            return unreachable("PostgreSQL asks for a password: set PGPASSWORD, or add a line to ~/.pgpass");
        }
        if (Ending.find(e, UnknownHostException.class).isPresent()) {
            return unreachable("PostgreSQL cannot be reached: no host is known as "
                    + Ending.line(Ending.find(e, UnknownHostException.class).get())
                    + "; check PGHOST or --postgres-url");
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.equals("53300")) {
            String swapped = e.getMessage().contains("Connection to")
                    ? "" : ", and that they and NEO4J_URI are not swapped";
            return unreachable("PostgreSQL cannot be reached: " + Ending.line(e)
                    + "; check PGHOST and PGPORT, or --postgres-url" + swapped);
        }
        return new Failure(ExitCode.FAULT, "PostgreSQL: " + Ending.line(e), false);
    }

    private static Failure ofNeo4j(Neo4jException e) {
        if (e instanceof AuthenticationException || e instanceof AuthorizationExpiredException
                || e instanceof TokenExpiredException) {
            return unreachable("Neo4j refuses the login: " + Ending.line(e)
                    + "; check NEO4J_USERNAME and NEO4J_PASSWORD");
        }
        if (e.code() != null && e.code().startsWith("Neo.ClientError.Database.")) {
            return unreachable("Neo4j has no such database: " + Ending.line(e)
                    + "; check NEO4J_DATABASE or --neo4j-database");
        }
        if (e instanceof SecurityException) {
            return new Failure(ExitCode.UNREACHABLE, "Neo4j refuses: " + Ending.line(e)
                    + "; check the user's privileges and the encryption scheme of NEO4J_URI", true);
        }
        if (e instanceof ServiceUnavailableException || e instanceof SessionExpiredException
                || isWithoutConnection(e)) {
            return unreachable("Neo4j cannot be reached: " + Ending.line(e) + NO_NEO4J);
        }
        return new Failure(ExitCode.FAULT, "Neo4j: " + Ending.line(e), false);
    }

    private static Failure unreachable(String message) {
        return new Failure(ExitCode.UNREACHABLE, message, true);
    }
}
