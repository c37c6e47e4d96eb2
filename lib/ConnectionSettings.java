package syncdata;

import java.time.Duration;
import java.util.Properties;

/**
 * How to reach both databases.
 *
 * @param postgresUrl      a JDBC URL, without secrets
 * @param postgres         the driver's properties: user, password, sslmode
 * @param neo4jUri         such as {@code neo4j://localhost:7687}, without secrets
 * @param neo4jPassword    null where the server asks for none
 * @param neo4jDatabase    null for the user's home database
 * @param queryTimeout     how long a server may work on one query, and a little more may pass without an answer
 */
public record ConnectionSettings(String postgresUrl, Properties postgres,
                                 String neo4jUri, String neo4jUser, String neo4jPassword, String neo4jDatabase, Duration queryTimeout) {
    /** A server ends a query that takes too long itself; only one that does not answer at all is waited for longer than that. */
    static final Duration GRACE = Duration.ofSeconds(10);

    @Override
    public String toString() {
        return postgresUrl + " and " + neo4jUri;
    }
}
