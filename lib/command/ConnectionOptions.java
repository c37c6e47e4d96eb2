package syncdata.command;

import java.io.Console;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import syncdata.run.InputException;
import syncdata.store.ConnectionSettings;
import syncdata.store.Queries;

/** How to reach both databases: option, else environment, else {@code ~/.sync-data.properties}, else default. */
public final class ConnectionOptions {
    @Option(names = "--postgres-url", paramLabel = "URL", order = 20,
            description = "PostgreSQL, as jdbc:postgresql://host:port/database; else PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE and ~/.pgpass say.")
    private String postgresUrl;

    @Option(names = "--neo4j-uri", paramLabel = "URI", order = 21, description = "Neo4j; else NEO4J_URI, else neo4j://localhost:7687.")
    private String neo4jUri;

    @Option(names = "--neo4j-user", paramLabel = "NAME", order = 22, description = "Else NEO4J_USERNAME, else neo4j. The password is in NEO4J_PASSWORD, or asked for.")
    private String neo4jUser;

    @Option(names = "--neo4j-database", paramLabel = "NAME", order = 23, description = "Else NEO4J_DATABASE, else the user's home database.")
    private String neo4jDatabase;

    @Option(names = "--queries", paramLabel = "DIR", order = 24, description = "A folder of query files; one found there wins over the built-in of the same name.")
    private Path queries;

    @Option(names = "--query-timeout", paramLabel = "TIME", order = 25, converter = TimeSpanConverter.class,
            description = "How long a server may work on one query before it is ended; a connection without an answer for longer is taken for lost. Default: 2m.")
    private Duration queryTimeout = Duration.ofMinutes(2);

    private final Map<String, String> environment = System.getenv();
    private Properties file;

    /** The query files. */
    public Queries queries() {
        return queries == null ? Queries.builtIn() : Queries.in(queries);
    }

    /**
     * All settings together.
     *
     * @throws InputException if one cannot be used
     */
    public ConnectionSettings settings() {
        Properties postgres = new Properties();
        postgres.setProperty("ApplicationName", applicationName());
        postgres.setProperty("connectTimeout", "15");
        postgres.setProperty("loginTimeout", "15");
        postgres.setProperty("tcpKeepAlive", "true");
        String user = setting("PGUSER").orElse(System.getProperty("user.name"));
        String url = postgresUrl == null ? postgresUrl(user) : postgresUrl;
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new InputException("--postgres-url is no PostgreSQL URL: write it as jdbc:postgresql://host:port/database");
        }
        if (url.matches("(?i).*[?&](ssl)?password=.*") || url.matches("jdbc:postgresql://[^/]*@.*")) {
            throw new InputException("--postgres-url holds a login: leave it out, and set PGUSER and PGPASSWORD, or use ~/.pgpass");
        }
        postgres.setProperty("user", user);
        setting("PGPASSWORD").ifPresent(password -> postgres.setProperty("password", password));
        setting("PGSSLMODE").ifPresent(mode -> postgres.setProperty("sslmode", mode));

        String uri = Optional.ofNullable(neo4jUri).or(() -> setting("NEO4J_URI")).orElse("neo4j://localhost:7687");
        if (!uri.matches("(neo4j|bolt)(\\+s|\\+ssc)?://[^/?#\\s]+.*")) {
            throw new InputException("NEO4J_URI or --neo4j-uri is no Neo4j address: write it as neo4j://host:port or bolt://host:port");
        }
        if (authority(uri).contains("@")) {
            throw new InputException("NEO4J_URI or --neo4j-uri holds a login: leave it out, and set NEO4J_USERNAME and NEO4J_PASSWORD");
        }
        String neo4jName = Optional.ofNullable(neo4jUser).or(() -> setting("NEO4J_USERNAME")).orElse("neo4j");
        return new ConnectionSettings(url, postgres, uri, neo4jName,
                setting("NEO4J_PASSWORD").or(() -> prompt("Password of " + neo4jName + " in Neo4j: ")).orElse(null),
                Optional.ofNullable(neo4jDatabase).or(() -> setting("NEO4J_DATABASE")).orElse(null), queryTimeout);
    }

    /** Asks for the password of PostgreSQL, where there is a person to ask. */
    static Supplier<Optional<String>> passwordPrompt(ConnectionSettings settings) {
        return () -> prompt("Password of " + settings.postgres().getProperty("user") + " in PostgreSQL: ");
    }

    /** Asks for a secret where there is a person to ask. */
    public static Optional<String> prompt(String text) {
        Console console = System.console();
        return console == null ? Optional.empty() : Optional.ofNullable(console.readPassword("%s", text)).map(String::new);
    }

    /** Tells a database administrator, and another run, who we are; PostgreSQL keeps 63 bytes of it. */
    private static String applicationName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown-host";
        }
        return "sync-data[" + ProcessHandle.current().pid() + "] " + System.getProperty("user.name") + "@" + host;
    }

    private String postgresUrl(String user) {
        String host = setting("PGHOST").orElse("localhost");
        if (host.startsWith("/")) {
            throw new InputException("PGHOST is a socket folder, " + host + ", and only TCP can be used: set PGHOST=localhost");
        }
        String port = setting("PGPORT").orElse("5432");
        if (!port.matches("\\d{1,5}")) {
            throw new InputException("PGPORT is no port number: set it to one, such as 5432");
        }
        return "jdbc:postgresql://" + host + ":" + port + "/" + setting("PGDATABASE").orElse(user);
    }

    private Optional<String> setting(String name) {
        return Optional.ofNullable(environment.get(name)).or(() -> Optional.ofNullable(file().getProperty(name))).filter(value -> !value.isEmpty());
    }

    private Properties file() {
        if (file == null) {
            file = new Properties();
            Path path = Path.of(System.getProperty("user.home"), ".sync-data.properties");
            if (Files.exists(path)) {
                try (Reader reader = Files.newBufferedReader(path)) {
                    file.load(reader);
                } catch (IOException | IllegalArgumentException e) {
                    throw new InputException("The settings file " + path + " cannot be read: let it hold lines such as PGHOST=localhost, readable by you");
                }
            }
        }
        return file;
    }

    private static String authority(String uri) {
        return uri.replaceFirst("^[^/]*//", "").replaceFirst("[/?#].*$", "");
    }
}
