package syncdata.store;

import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.AuthorizationExpiredException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.ProtocolException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.SessionExpiredException;
import org.neo4j.driver.exceptions.TokenExpiredException;
import org.postgresql.util.PSQLException;
import syncdata.run.Ending;
import syncdata.run.ExitCode;

/**
 * How a database fails: with which exit code a script ends if nothing helps, whom it concerns, what is wrong and what to
 * do. {@code %s} stands for what the database says. The first kind that an exception is of counts.
 */
enum FailureKind {
    POSTGRESQL_ASKS_FOR_A_PASSWORD(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "PostgreSQL asks for a password",
            "set PGPASSWORD, or add a line to ~/.pgpass",
            postgres("08004", e -> says(e, "password"))),
    POSTGRESQL_REFUSES_THE_LOGIN(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "PostgreSQL refuses the login: %s",
            "check PGUSER and PGPASSWORD, or ~/.pgpass",
            postgres("28...", e -> true)),
    POSTGRESQL_HAS_NO_SUCH_DATABASE(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "PostgreSQL has no such database: %s",
            "check PGDATABASE or --postgres-url",
            postgres("3D000", e -> true)),
    POSTGRESQL_HAS_AN_UNKNOWN_HOST(ExitCode.UNREACHABLE, Concern.HEALS,
            "PostgreSQL cannot be reached: no host is known as %s",
            "check PGHOST or --postgres-url",
            postgres(".*", e -> has(e, UnknownHostException.class))) {
        @Override
        String said(Throwable e) {
            return Ending.find(e, UnknownHostException.class).map(Ending::line).orElseThrow();
        }
    },
    POSTGRESQL_CANNOT_ENCRYPT(ExitCode.UNREACHABLE, Concern.HEALS,
            "PostgreSQL cannot be reached with encryption: %s",
            "check PGSSLMODE, the certificates, and whether the server has it switched on",
            postgres("08...", e -> says(e, "SSL") || has(e, SSLException.class))),
    POSTGRESQL_IS_OUT_OF_REACH(ExitCode.UNREACHABLE, Concern.HEALS,
            "PostgreSQL cannot be reached: %s",
            "check PGHOST and PGPORT, or --postgres-url",
            postgres("08...|57P..|53300", e -> says(e, "Connection to"))),
    POSTGRESQL_DOES_NOT_ANSWER(ExitCode.UNREACHABLE, Concern.HEALS,
            "PostgreSQL cannot be reached: %s",
            "check PGHOST and PGPORT, or --postgres-url, and that they and NEO4J_URI are not swapped",
            postgres("08...|57P..|53300", e -> true)),
    /** Resources, a cancelled or rolled back transaction, a lock; see PostgreSQL's appendix of error codes. */
    POSTGRESQL_IS_BUSY(ExitCode.FAULT, Concern.HEALS,
            "PostgreSQL: %s", "",
            postgres("53...|40...|57014|55P03|58030|25P0[34]", e -> true)),
    POSTGRESQL(ExitCode.FAULT, Concern.THIS_ENTITY,
            "PostgreSQL: %s", "",
            postgres(".*", e -> true)),

    NEO4J_IS_SHORT_OF_MEMORY(ExitCode.FAULT, Concern.TOO_LARGE,
            "Neo4j: %s", "",
            e -> has(e, TooLargeException.class)),
    NEO4J_WANTS_ANOTHER_PASSWORD(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "Neo4j refuses the login: the password is right, and must be changed first",
            "ALTER CURRENT USER SET PASSWORD FROM … TO … in the database system, and set NEO4J_PASSWORD",
            neo4j(e -> code(e).endsWith(".CredentialsExpired") || e instanceof SecurityException && says(e, "must be changed"))),
    /** Somebody changes the users' privileges: the driver logs in again. */
    NEO4J_ASKS_AGAIN_WHO_WE_ARE(ExitCode.UNREACHABLE, Concern.HEALS,
            "Neo4j refuses the login: %s",
            "check NEO4J_USERNAME and NEO4J_PASSWORD",
            neo4j(e -> e instanceof AuthorizationExpiredException)),
    NEO4J_REFUSES_THE_LOGIN(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "Neo4j refuses the login: %s",
            "check NEO4J_USERNAME and NEO4J_PASSWORD",
            neo4j(e -> e instanceof AuthenticationException || e instanceof TokenExpiredException)),
    NEO4J_HAS_NO_SUCH_DATABASE(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "Neo4j has no such database: %s",
            "check NEO4J_DATABASE or --neo4j-database",
            neo4j(e -> code(e).startsWith("Neo.ClientError.Database."))),
    NEO4J_REFUSES(ExitCode.UNREACHABLE, Concern.WHOLE_RUN,
            "Neo4j refuses: %s",
            "check the user's privileges and the encryption scheme of NEO4J_URI",
            neo4j(e -> e instanceof SecurityException)),
    NEO4J_CANNOT_ENCRYPT(ExitCode.UNREACHABLE, Concern.HEALS,
            "Neo4j cannot be reached with encryption: %s",
            "if the server has none, write NEO4J_URI without +s or +ssc",
            neo4j(e -> e instanceof ServiceUnavailableException && (says(e, "SSL") || has(e, SSLException.class)))),
    NEO4J_IS_OUT_OF_REACH(ExitCode.UNREACHABLE, Concern.HEALS,
            "Neo4j cannot be reached: %s",
            "check NEO4J_URI or --neo4j-uri. Intelligence Center has Neo4j disabled by default from 2.12.0 on:"
                    + " where it is, there is nothing to sync",
            neo4j(e -> e instanceof ServiceUnavailableException || e instanceof SessionExpiredException
                    || says(e, "Unable to acquire connection from the pool"))), // it takes connections, and then says nothing
    /** The driver does not understand a greeting that comes in pieces, and fails in one of several ways. */
    NEO4J_IS_NOT_UNDERSTOOD(ExitCode.UNREACHABLE, Concern.HEALS,
            "Neo4j is not understood: %s",
            "check that NEO4J_URI has its port for Bolt, such as 7687, and that nothing on the way there breaks connections",
            neo4j(e -> e instanceof ProtocolException || e.getClass() == Neo4jException.class && code(e).isEmpty()
                    || says(e, "No supported Bolt Protocol version") || says(e, "Server responded HTTP")
                    || says(e, "Driver execution failed")).or(FailureKind::isOfBolt)),
    NEO4J_ENDED_A_DEADLOCK(ExitCode.FAULT, Concern.HEALS,
            "Neo4j: %s", "",
            neo4j(e -> code(e).endsWith(".DeadlockDetected"))),
    NEO4J_IS_BUSY(ExitCode.FAULT, Concern.HEALS,
            "Neo4j: %s", "",
            neo4j(e -> e instanceof RetryableException
                    || code(e).matches("Neo\\.ClientError\\.(Cluster\\..*|Transaction\\.(Terminated|TransactionTimedOut.*|LockClientStopped))"))),
    NEO4J(ExitCode.FAULT, Concern.THIS_ENTITY,
            "Neo4j: %s", "",
            neo4j(e -> true)),

    /** No failure of a database at all. */
    OTHER(ExitCode.FAULT, Concern.THIS_ENTITY, "%s", "", e -> true);

    private final ExitCode exitCode;
    private final Concern concern;
    private final String what;
    private final String advice;
    private final Predicate<Throwable> recognised;

    FailureKind(ExitCode exitCode, Concern concern, String what, String advice, Predicate<Throwable> recognised) {
        this.exitCode = exitCode;
        this.concern = concern;
        this.what = what;
        this.advice = advice;
        this.recognised = recognised;
    }

    /** Which kind this is; the chain of causes counts. */
    static FailureKind of(Throwable thrown) {
        return Arrays.stream(values()).filter(kind -> kind.recognised.test(thrown)).findFirst().orElseThrow();
    }

    Concern concern() {
        return concern;
    }

    /** What it means to an operator. */
    Failure failure(Throwable thrown) {
        String message = what.replace("%s", said(thrown)) + (advice.isEmpty() ? "" : "; " + advice);
        return new Failure(exitCode, message, concern);
    }

    /** What the database says of it, in one line. */
    String said(Throwable thrown) {
        return Ending.find(thrown, PSQLException.class).map(Ending::line)
                .or(() -> Ending.find(thrown, Neo4jException.class).map(Ending::line))
                .orElseGet(() -> thrown.getMessage() == null ? thrown.toString() : Ending.line(thrown));
    }

    private static Predicate<Throwable> postgres(String states, Predicate<PSQLException> more) {
        return thrown -> Ending.find(thrown, PSQLException.class)
                .filter(e -> String.valueOf(e.getSQLState()).matches(states)).filter(more).isPresent();
    }

    private static Predicate<Throwable> neo4j(Predicate<Neo4jException> test) {
        return thrown -> Ending.find(thrown, PSQLException.class).isEmpty()
                && Ending.find(thrown, Neo4jException.class).filter(test).isPresent();
    }

    private static boolean isOfBolt(Throwable thrown) {
        return !has(thrown, Neo4jException.class) && Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getStackTrace)
                .anyMatch(stack -> stack.length > 0 && stack[0].getClassName().startsWith("org.neo4j.bolt."));
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> cause) {
        return Ending.find(thrown, cause).isPresent();
    }

    private static boolean says(Throwable e, String words) {
        return String.valueOf(e.getMessage()).contains(words);
    }

    private static String code(Neo4jException e) {
        return e.code() == null || e.code().equals("N/A") ? "" : e.code();
    }
}
