package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.TestDatabases;
import syncdata.run.ExitCode;

@DisplayName("Databases that cannot be connected to end a script with 20, and a word about what to do")
class ConnectingTest {
    private final TestDatabases test = TestDatabases.empty();

    @Test
    @DisplayName("where Neo4j's greeting comes in small pieces, which its driver does not understand")
    void inPieces() throws Exception {
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            neo4j.inPieces(1);
            assertUnreachable(test.settings(postgres, neo4j), "Neo4j is not understood: ", "nothing on the way there breaks connections");
        }
    }

    @Test
    @DisplayName("where Neo4j's scheme asks for an encryption that the server has not")
    void encryptionOfNeo4j() {
        ConnectionSettings settings = test.settings();
        assertUnreachable(with(settings, settings.neo4jUri().replaceFirst("(bolt|neo4j)", "bolt+s"), settings.neo4jUser()),
                "Neo4j cannot be reached with encryption: ", "write NEO4J_URI without +s or +ssc");
    }

    @Test
    @DisplayName("where PGSSLMODE asks for an encryption that the server has not")
    void encryptionOfPostgres() {
        ConnectionSettings settings = test.settings();
        settings.postgres().setProperty("sslmode", "require");
        assertUnreachable(settings, "PostgreSQL cannot be reached with encryption: ", "check PGSSLMODE");
    }

    @Test
    @DisplayName("where Neo4j's password must be changed first")
    void expiredPassword() {
        ConnectionSettings settings = test.settings();
        String user = "u" + UUID.randomUUID().toString().replace("-", "");
        test.cypher("CREATE USER " + user + " SET PASSWORD '" + settings.neo4jPassword() + "' CHANGE REQUIRED");
        try {
            assertUnreachable(with(settings, settings.neo4jUri(), user), "Neo4j refuses the login: the password is right", "ALTER CURRENT USER");
        } finally {
            test.cypher("DROP USER " + user);
        }
    }

    private static ConnectionSettings with(ConnectionSettings settings, String uri, String user) {
        return new ConnectionSettings(settings.postgresUrl(), settings.postgres(), uri, user, settings.neo4jPassword(), null, settings.queryTimeout());
    }

    private static void assertUnreachable(ConnectionSettings settings, String what, String advice) {
        Failure failure = Failure.of(assertThrows(RuntimeException.class, () -> Databases.open(settings, Queries.builtIn(), AccessMode.READ).close()));
        assertAll(() -> assertEquals(ExitCode.UNREACHABLE, failure.exitCode()),
                () -> assertTrue(failure.message().startsWith(what) && failure.message().contains(advice), failure.message()));
    }
}
