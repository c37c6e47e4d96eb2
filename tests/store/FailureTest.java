package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.UncheckedIOException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.AuthorizationExpiredException;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.SecurityException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.SessionExpiredException;
import org.neo4j.driver.exceptions.TransientException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.run.Stop;

@DisplayName("What a failure means: the exit code, whom it concerns, and what to do")
class FailureTest {

    @ParameterizedTest(name = "{0} {1}: {2}, {3}")
    @CsvSource(delimiter = '|', textBlock = """
            08006 | An I/O error occurred               | UNREACHABLE | HEALS       | check PGHOST and PGPORT
            08001 | Connection to db:1 refused          | UNREACHABLE | HEALS       | check PGHOST and PGPORT
            08004 | no password was provided            | UNREACHABLE | WHOLE_RUN   | set PGPASSWORD
            08004 | The server does not support SSL     | UNREACHABLE | HEALS       | check PGSSLMODE
            28P01 | password authentication failed      | UNREACHABLE | WHOLE_RUN   | check PGUSER and PGPASSWORD
            28000 | no pg_hba.conf entry                | UNREACHABLE | WHOLE_RUN   | check PGUSER and PGPASSWORD
            3D000 | database "x" does not exist         | UNREACHABLE | WHOLE_RUN   | check PGDATABASE
            57P01 | the administrator ends it           | UNREACHABLE | HEALS       | check PGHOST
            57P03 | the database system is starting up  | UNREACHABLE | HEALS       | check PGHOST
            53300 | too many clients                    | UNREACHABLE | HEALS       | check PGHOST
            53200 | out of memory                       | FAULT       | HEALS       | out of memory
            40P01 | deadlock detected                   | FAULT       | HEALS       | deadlock detected
            57014 | canceling statement                 | FAULT       | HEALS       | canceling statement
            55P03 | a lock is not available             | FAULT       | HEALS       | a lock is not available
            42P01 | relation "entity" does not exist    | FAULT       | THIS_ENTITY | does not exist
            22P02 | invalid input syntax                | FAULT       | THIS_ENTITY | invalid input syntax
            """)
    @DisplayName("of PostgreSQL")
    void postgresql(String state, String message, ExitCode exitCode, Concern concern, String says) {
        PSQLException e = new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0M" + message + "\0"));
        assertMeans(new IllegalStateException(e), exitCode, concern, says);
    }

    static Stream<Arguments> neo4j() {
        return Stream.of(
                arguments(new ServiceUnavailableException("it restarts"), ExitCode.UNREACHABLE, Concern.HEALS, "disabled by default from 2.12.0"),
                arguments(new SessionExpiredException("it has another leader"), ExitCode.UNREACHABLE, Concern.HEALS, "check NEO4J_URI"),
                arguments(new ClientException("Unable to acquire connection from the pool within 30000ms"), ExitCode.UNREACHABLE, Concern.HEALS, "check NEO4J_URI"),
                arguments(new ServiceUnavailableException("SSL handshake with db:7687 failed"), ExitCode.UNREACHABLE, Concern.HEALS, "without +s or +ssc"),
                arguments(new ServiceUnavailableException("it closed", new SSLHandshakeException("it ended")), ExitCode.UNREACHABLE, Concern.HEALS, "without +s or +ssc"),
                arguments(new Neo4jException("Driver execution failed"), ExitCode.UNREACHABLE, Concern.HEALS, "nothing on the way there breaks connections"),
                arguments(new ClientException("No supported Bolt Protocol version was found"), ExitCode.UNREACHABLE, Concern.HEALS, "port for Bolt"),
                arguments(new ClientException("Server responded HTTP. Make sure"), ExitCode.UNREACHABLE, Concern.HEALS, "port for Bolt"),
                arguments(new AuthenticationException("Neo.ClientError.Security.Unauthorized", "a wrong password"), ExitCode.UNREACHABLE, Concern.WHOLE_RUN, "check NEO4J_USERNAME"),
                arguments(new AuthorizationExpiredException("Neo.ClientError.Security.AuthorizationExpired", "again"), ExitCode.UNREACHABLE, Concern.HEALS, "check NEO4J_USERNAME"),
                arguments(new SecurityException("Neo.ClientError.Security.CredentialsExpired", "no"), ExitCode.UNREACHABLE, Concern.WHOLE_RUN, "ALTER CURRENT USER SET PASSWORD"),
                arguments(new SecurityException("Neo.ClientError.Security.Forbidden", "ACCESS is not allowed.\n\nThe credentials were valid, but must be changed"),
                        ExitCode.UNREACHABLE, Concern.WHOLE_RUN, "ALTER CURRENT USER SET PASSWORD"),
                arguments(new SecurityException("Neo.ClientError.Security.Forbidden", "no"), ExitCode.UNREACHABLE, Concern.WHOLE_RUN, "check the user's privileges"),
                arguments(new ClientException("Neo.ClientError.Database.DatabaseNotFound", "no"), ExitCode.UNREACHABLE, Concern.WHOLE_RUN, "check NEO4J_DATABASE"),
                arguments(new TransientException("Neo.TransientError.Transaction.DeadlockDetected", "a deadlock"), ExitCode.FAULT, Concern.HEALS, "a deadlock"),
                arguments(new TransientException("Neo.TransientError.General.DatabaseUnavailable", "a moment"), ExitCode.FAULT, Concern.HEALS, "a moment"),
                arguments(new ClientException("Neo.ClientError.Transaction.TransactionTimedOut", "too long"), ExitCode.FAULT, Concern.HEALS, "too long"),
                arguments(new ClientException("Neo.ClientError.Cluster.NotALeader", "another"), ExitCode.FAULT, Concern.HEALS, "another"),
                arguments(new TooLargeException(new TransientException("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "too much")),
                        ExitCode.FAULT, Concern.TOO_LARGE, "too much"),
                arguments(new ClientException("Neo.ClientError.Schema.ConstraintValidationFailed", "taken"), ExitCode.FAULT, Concern.THIS_ENTITY, "taken"));
    }

    @ParameterizedTest
    @MethodSource("neo4j")
    @DisplayName("of Neo4j")
    void ofNeo4j(RuntimeException e, ExitCode exitCode, Concern concern, String says) {
        assertMeans(e, exitCode, concern, says);
    }

    @Test
    @DisplayName("of Neo4j's driver itself")
    void ofTheDriver() {
        RuntimeException e = new NullPointerException("no version");
        e.setStackTrace(new StackTraceElement[] {new StackTraceElement("org.neo4j.bolt.connection.netty.Handshake", "decode", null, 1)});
        assertMeans(e, ExitCode.UNREACHABLE, Concern.HEALS, "Neo4j is not understood: no version");
    }

    @Test
    @DisplayName("of neither")
    void ofNeither() {
        assertMeans(new InputException("no such file"), ExitCode.INVALID_INPUT, Concern.WHOLE_RUN, "no such file");
        assertMeans(new RefusedException("too many"), ExitCode.REFUSED, Concern.WHOLE_RUN, "too many");
        assertMeans(new UncheckedIOException("no room", new IOException()), ExitCode.FAULT, Concern.WHOLE_RUN, "no room");
        assertMeans(new IllegalStateException("a bug"), ExitCode.FAULT, Concern.THIS_ENTITY, "a bug");
        assertMeans(new NullPointerException(), ExitCode.FAULT, Concern.THIS_ENTITY, "java.lang.NullPointerException");
    }

    @Test
    @DisplayName("a host that nobody knows is named, without what the driver adds")
    void unknownHost() {
        PSQLException e = new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, new UnknownHostException("db.intern"));
        assertEquals("PostgreSQL cannot be reached: no host is known as db.intern; check PGHOST or --postgres-url", Failure.of(e).message());
    }

    @Test
    @DisplayName("what does not heal in time ends the run, and so does a database that is gone; one that is busy does not")
    void endsTheRun() {
        RuntimeException busy = new TransientException("Neo.TransientError.General.DatabaseUnavailable", "a moment");
        assertFalse(Failure.of(busy).endsTheRun());
        assertTrue(Failure.of(new ServiceUnavailableException("it restarts")).endsTheRun());
        Failure gaveUp = Failure.of(new GaveUpException(Duration.ofMinutes(5), Optional.empty(), busy));
        assertAll(() -> assertTrue(gaveUp.endsTheRun()), () -> assertEquals(ExitCode.UNREACHABLE, gaveUp.exitCode()),
                () -> assertEquals("Neo4j: a moment; tried again for 5m", gaveUp.message()));
        Failure stopped = Failure.of(new GaveUpException(Duration.ofMinutes(5), Optional.of(Stop.Reason.TERMINATED), busy));
        assertEquals(ExitCode.TERMINATED, stopped.exitCode());
    }

    private static void assertMeans(RuntimeException e, ExitCode exitCode, Concern concern, String says) {
        Failure failure = Failure.of(e);
        assertAll(() -> assertEquals(exitCode, failure.exitCode()), () -> assertEquals(concern, failure.concern()),
                () -> assertTrue(failure.message().contains(says) && failure.message().lines().count() == 1, failure.message()));
    }
}
