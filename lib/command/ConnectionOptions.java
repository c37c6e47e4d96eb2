package syncdata.command;

import java.io.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import picocli.CommandLine.Option;
import syncdata.run.InputException;
import syncdata.store.ConnectionSettings;
import syncdata.store.Queries;

/** How to reach both databases: an option, else the environment, {@code ~/.sync-data.properties} or the default. */
public final class ConnectionOptions {
    @Option(names = "--postgres-url", paramLabel = "URL", order = 20,
            description = "PostgreSQL, as jdbc:postgresql://host:port/database; else what psql looks at says:"
                    + " PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSERVICE, PGSSLMODE, ~/.pgpass.")
    private String postgresUrl;

    @Option(names = {"-a", "--neo4j-uri"}, paramLabel = "URI", order = 21,
            description = "Neo4j; else NEO4J_URI, else neo4j://localhost:7687.")
    private String neo4jUri;

    @Option(names = {"-u", "--neo4j-user"}, paramLabel = "NAME", order = 22,
            description = "Else NEO4J_USERNAME, else neo4j. The password is in NEO4J_PASSWORD, or asked for.")
    private String neo4jUser;

    @Option(names = "--neo4j-database", paramLabel = "NAME", order = 23,
            description = "Else NEO4J_DATABASE, else the user's home database.")
    private String neo4jDatabase;

    @Option(names = "--queries", paramLabel = "DIR", order = 24,
            description = "A folder of query files; one found there wins over the built-in of the same name.")
    private Path queries;

    @Option(names = "--query-timeout", paramLabel = "TIME", order = 25, converter = TimeSpanConverter.class,
            description =
            "How long a server may work on one query before it is ended; a connection without an answer for longer is "
            + "taken for lost. Default: 2m.")
    private Duration queryTimeout = Duration.ofMinutes(2);

    private final List<String> notUnderstood = new ArrayList<>();

    /** The query files. */
    public Queries queries() {
        return queries == null ? Queries.builtIn() : Queries.in(queries);
    }

    /**
     * The settings of both databases.
     *
     * @throws InputException if one cannot be used
     */
    public ConnectionSettings settings() {
        Settings settings = new Settings(System.getenv());
        PostgresSettings postgres = new PostgresSettings(settings);
        String url = postgresUrl == null ? postgres.url() : valid(postgresUrl);
        Properties properties = postgres.properties();
        String neo4jName = Optional.ofNullable(neo4jUser).or(() -> settings.get("NEO4J_USERNAME")).orElse("neo4j");
        String uri = Neo4jAddress.valid(Optional.ofNullable(neo4jUri).or(() -> settings.get("NEO4J_URI"))
                .orElse("neo4j://localhost:7687"));
        notUnderstood.addAll(settings.notUnderstood());
        notUnderstood.addAll(postgres.notUnderstood());
        return new ConnectionSettings(url, properties, uri, neo4jName,
                settings.get("NEO4J_PASSWORD").or(() -> prompt("Password of " + neo4jName + " in Neo4j: ")),
                Optional.ofNullable(neo4jDatabase).or(() -> settings.get("NEO4J_DATABASE")), queryTimeout);
    }

    /** Names of settings without effect; known after {@link #settings}. */
    List<String> notUnderstood() {
        return notUnderstood;
    }

    /** Checks a URL. No error repeats it: it may hold a secret. */
    private static String valid(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new InputException(
                    "--postgres-url is no PostgreSQL URL: write it as jdbc:postgresql://host:port/database");
        }
        if (url.matches("(?i).*[?&](ssl)?password=.*") || url.matches("jdbc:postgresql://[^/]*@.*")) {
            throw new InputException(
                    "--postgres-url holds a login: leave it out, and set PGUSER and PGPASSWORD, or use ~/.pgpass");
        }
        if (Driver.parseURL(url, new Properties()) == null) {
            throw new InputException("--postgres-url cannot be read: write it as jdbc:postgresql://host:port/database,"
                    + " with what is special in a name as %2F and the like");
        }
        return url;
    }

    /** Asks a person for the password of PostgreSQL, on a terminal. */
    static Supplier<Optional<String>> passwordPrompt(ConnectionSettings settings) {
        return () -> prompt("Password of " + settings.postgres().getProperty("user") + " in PostgreSQL: ");
    }

    /** Asks a person for a secret, on a terminal; empty without one. */
    public static Optional<String> prompt(String text) {
        Console console = System.console();
        return console == null ? Optional.empty()
                : Optional.ofNullable(console.readPassword("%s", text)).map(String::new);
    }
}
