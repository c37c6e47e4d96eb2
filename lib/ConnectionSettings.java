package syncdata;

import java.util.Properties;

/**
 * How to reach both databases.
 *
 * @param postgresUrl      a JDBC URL, without secrets
 * @param postgres         the driver's properties: user, password, sslmode
 * @param neo4jUri         such as {@code neo4j://localhost:7687}, without secrets
 * @param neo4jPassword    null where the server asks for none
 * @param neo4jDatabase    null for the user's home database
 */
public record ConnectionSettings(String postgresUrl, Properties postgres,
                                 String neo4jUri, String neo4jUser, String neo4jPassword, String neo4jDatabase) {
    @Override
    public String toString() {
        return postgresUrl + " and " + neo4jUri;
    }
}
