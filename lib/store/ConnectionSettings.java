package syncdata.store;

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
                                 String neo4jUri, String neo4jUser, String neo4jPassword, String neo4jDatabase,
                                 Duration queryTimeout) {
    private static final Duration GRACE = Duration.ofSeconds(10);

    /**
     * How long to wait for an answer to a query that may take some time: a server ends one that takes longer itself, if
     * it is there at all.
     */
    static Duration waitFor(Duration queryTime) {
        return queryTime.plus(queryTime.compareTo(GRACE) < 0 ? queryTime : GRACE);
    }

    @Override
    public String toString() {
        return postgresUrl.replaceFirst("[?].*", "") + " and " + neo4jUri.replaceFirst("[?#].*", "");
    }
}
