package syncdata.store;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach both databases.
 *
 * @param postgresUrl      a JDBC URL, without secrets
 * @param postgres         the driver's properties: user, password, sslmode
 * @param neo4jUri         such as {@code neo4j://localhost:7687}, without secrets
 * @param neo4jPassword    empty where the server asks for none
 * @param neo4jDatabase    empty for the user's home database
 * @param queryTimeout     how long a server may work on one query; an answer may take a little longer
 */
public record ConnectionSettings(String postgresUrl, Properties postgres,
                                 String neo4jUri, String neo4jUser, Optional<String> neo4jPassword,
                                 Optional<String> neo4jDatabase, Duration queryTimeout) {
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** How long to wait for the answer to a query of a limited time. A server that is still there ends it before. */
    static Duration waitFor(Duration queryTime) {
        return queryTime.plus(queryTime.compareTo(GRACE) < 0 ? queryTime : GRACE);
    }

    @Override
    public String toString() {
        return postgresUrl.replaceFirst("[?].*", "") + " and " + neo4jUri.replaceFirst("[?#].*", "");
    }
}
