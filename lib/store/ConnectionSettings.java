package syncdata.store;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;

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
    /** The properties of the driver that are secrets, and those that are files of this host. */
    private static final Set<String> SECRETS = Set.of("password", "sslpassword");
    private static final Set<String> FILES = Set.of("sslrootcert", "sslcert", "sslkey");

    /**
     * Where both databases are and who asks: what another host may be told, since it holds no secret.
     *
     * @param neo4jDatabase one, or none
     */
    public record Address(String postgresUrl, Map<String, String> postgres, String neo4jUri, String neo4jUser,
            List<String> neo4jDatabase, Duration queryTimeout) implements Serializable {
    }

    /**
     * The known passwords, for who may know them.
     *
     * @param postgres by the driver's names of them
     * @param neo4j    one, or none
     */
    public record Secrets(Map<String, String> postgres, List<String> neo4j) implements Serializable {
        public static final Secrets NONE = new Secrets(Map.of(), List.of());

        /** None of them. */
        @Override
        public String toString() {
            return "passwords";
        }
    }

    /**
     * What another host may be told.
     *
     * @param answered the URL of the PostgreSQL that serves the run
     */
    public Address address(String answered) {
        Map<String, String> told = properties(name -> !SECRETS.contains(name) && !FILES.contains(name));
        return new Address(answered, told, neo4jUri, neo4jUser, neo4jDatabase.stream().toList(), queryTimeout);
    }

    /** The passwords that these settings hold. */
    public Secrets secrets() {
        return new Secrets(properties(SECRETS::contains), neo4jPassword.stream().toList());
    }

    /** The databases of another host's run, with the passwords and the files of this host. */
    public ConnectionSettings at(Address address) {
        Properties properties = new Properties();
        properties.putAll(properties(name -> SECRETS.contains(name) || FILES.contains(name)));
        properties.putAll(address.postgres());
        return new ConnectionSettings(address.postgresUrl(), properties, address.neo4jUri(), address.neo4jUser(),
                neo4jPassword, address.neo4jDatabase().stream().findFirst(), address.queryTimeout());
    }

    /** The same with the known passwords. */
    public ConnectionSettings with(Secrets secrets) {
        Properties properties = new Properties();
        properties.putAll(properties(name -> true));
        properties.putAll(secrets.postgres());
        return new ConnectionSettings(postgresUrl, properties, neo4jUri, neo4jUser,
                secrets.neo4j().stream().findFirst().or(() -> neo4jPassword), neo4jDatabase, queryTimeout);
    }

    private Map<String, String> properties(Predicate<String> wanted) {
        Map<String, String> properties = new HashMap<>();
        postgres.stringPropertyNames().stream().filter(wanted)
                .forEach(name -> properties.put(name, postgres.getProperty(name)));
        return properties;
    }

    /** How long to wait for the answer to a query of a limited time. A server that is still there ends it before. */
    static Duration waitFor(Duration queryTime) {
        return queryTime.plus(queryTime.compareTo(GRACE) < 0 ? queryTime : GRACE);
    }

    @Override
    public String toString() {
        return postgresUrl.replaceFirst("[?].*", "") + " and " + neo4jUri.replaceFirst("[?#].*", "");
    }
}
