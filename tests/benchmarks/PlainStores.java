import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import syncdata.store.ConnectionSettings;

/** Both databases, opened as a script without the library would open them. */
record PlainStores(Connection postgres, Driver neo4j, SessionConfig sessions) implements AutoCloseable {

    static PlainStores open(ConnectionSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(settings.postgres());
        properties.setProperty("prepareThreshold", "-1"); // binary transfer from the first time on
        SessionConfig.Builder sessions = SessionConfig.builder().withFetchSize(20_000);
        settings.neo4jDatabase().ifPresent(sessions::withDatabase);
        AuthToken login = settings.neo4jPassword().map(password -> AuthTokens.basic(settings.neo4jUser(), password))
                .orElseGet(AuthTokens::none);
        return new PlainStores(DriverManager.getConnection(settings.postgresUrl(), properties),
                GraphDatabase.driver(settings.neo4jUri(), login), sessions.build());
    }

    Session session() {
        return neo4j.session(sessions);
    }

    @Override
    public void close() throws SQLException {
        try (neo4j) {
            postgres.close();
        }
    }
}
