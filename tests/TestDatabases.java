package syncdata;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.TransientException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.neo4j.Neo4jContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL and a real Neo4j for the tests, started once for each thread that runs some: containers where a Docker engine answers, else embedded ones.
 * {@code TEST_DATABASES=containers} or {@code embedded} decides otherwise.
 */
final class TestDatabases {
    static final Path PROJECT = project();
    static final String TABLE = """
            CREATE TABLE IF NOT EXISTS entity (
              id              uuid PRIMARY KEY,
              data            jsonb NOT NULL,
              created_at      timestamptz NOT NULL,
              last_updated_at timestamptz NOT NULL )
            """;

    private static final ThreadLocal<TestDatabases> STARTED = ThreadLocal.withInitial(() -> new TestDatabases(start()));

    /**
     * What runs.
     *
     * @param environment how to connect to it
     * @param process     of the embedded databases; null for containers
     * @param answers     what it prints
     */
    private record Servers(Map<String, String> environment, Process process, BufferedReader answers) {
    }

    private final Servers servers;
    private final Map<String, String> environment;
    private Handle postgres;
    private final Driver neo4j;

    private TestDatabases(Servers servers) {
        this.servers = servers;
        this.environment = servers.environment();
        connectToPostgres();
        this.neo4j = GraphDatabase.driver(environment.get("NEO4J_URI"),
                AuthTokens.basic(environment.get("NEO4J_USERNAME"), environment.get("NEO4J_PASSWORD")));
    }

    /** Both databases, empty but for the table and the indexes. */
    static TestDatabases empty() {
        TestDatabases databases = STARTED.get();
        databases.clear();
        return databases;
    }

    /** Embedded databases of their own, whose Neo4j lets a transaction use no more than so many MiB. */
    static TestDatabases withTransactionMemory(int mebibytes) {
        TestDatabases databases = new TestDatabases(embedded(List.of(), Map.of(), "--transaction-memory", String.valueOf(mebibytes)));
        databases.clear();
        return databases;
    }

    /** Embedded databases of their own, of these versions; the servers run on this Java. */
    static TestDatabases ofVersions(String postgresql, String neo4j, Path java) {
        TestDatabases databases = new TestDatabases(embedded(List.of("-Dpostgresql.version=" + postgresql, "-Dneo4j.version=" + neo4j,
                "--runtime-option=--add-opens=java.base/java.nio=ALL-UNNAMED", "--runtime-option=--add-opens=java.base/java.lang=ALL-UNNAMED", "--runtime-option=--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"), // for Neo4j 4.4
                Map.of("JAVA_HOME", java.toString())));
        databases.sql(TABLE);
        databases.createIndexes();
        return databases;
    }

    private void connectToPostgres() {
        postgres = Jdbi.create(settings().postgresUrl(), settings().postgres()).open();
    }

    /** Stops the databases, which must be embedded ones. */
    void stop() {
        postgres.close();
        neo4j.close();
        stop(servers.process());
    }

    /** Whether {@link #restart} can be asked for. */
    boolean canRestart() {
        return servers.process() != null;
    }

    /** Stops {@code postgresql} or {@code neo4j}, starts it again, and waits until it answers. */
    void restart(String server) {
        try {
            servers.process().getOutputStream().write(("restart " + server + "\n").getBytes(StandardCharsets.UTF_8));
            servers.process().getOutputStream().flush();
            String answer = servers.answers().readLine();
            if (!"restarted".equals(answer)) {
                throw new IllegalStateException("instead of a restart: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (server.equals("postgresql")) {
            connectToPostgres();
        }
    }

    /** The settings as environment variables, for a script. */
    Map<String, String> environment() {
        return environment;
    }

    ConnectionSettings settings() {
        return settings(environment);
    }

    private static ConnectionSettings settings(Map<String, String> environment) {
        Properties login = new Properties();
        login.setProperty("user", environment.get("PGUSER"));
        login.setProperty("password", environment.get("PGPASSWORD"));
        login.setProperty("ApplicationName", "sync-data[0] tests");
        return new ConnectionSettings("jdbc:postgresql://" + environment.get("PGHOST") + ":" + environment.get("PGPORT") + "/" + environment.get("PGDATABASE"),
                login, environment.get("NEO4J_URI"), environment.get("NEO4J_USERNAME"), environment.get("NEO4J_PASSWORD"), null, Duration.ofMinutes(2));
    }

    /** The settings as environment variables, by way of proxies. */
    Map<String, String> environment(FaultProxy postgres, FaultProxy neo4j) {
        Map<String, String> through = new HashMap<>(environment);
        through.putAll(Map.of("PGHOST", "localhost", "PGPORT", String.valueOf(postgres.port()), "NEO4J_URI", "bolt://localhost:" + neo4j.port()));
        return through;
    }

    /** The same as an object. */
    ConnectionSettings settings(FaultProxy postgres, FaultProxy neo4j) {
        return settings(environment(postgres, neo4j));
    }

    /** A proxy before PostgreSQL. */
    FaultProxy proxyOfPostgres() {
        return new FaultProxy(environment.get("PGHOST"), Integer.parseInt(environment.get("PGPORT")));
    }

    /** A proxy before Neo4j. */
    FaultProxy proxyOfNeo4j() {
        URI uri = URI.create(environment.get("NEO4J_URI"));
        return new FaultProxy(uri.getHost(), uri.getPort());
    }

    Databases open() {
        return Databases.open(settings(), Queries.builtIn(), AccessMode.WRITE);
    }

    /** Repairs what a check found, with the safeguards of a script whose operator allows every deletion. */
    static Repair.Result repair(Databases databases, Events events, int batchSize, Report report) {
        return repair(databases, events, batchSize, report, difference -> true, receipt -> { });
    }

    static Repair.Result repair(Databases databases, Events events, int batchSize, Report report, Predicate<Difference> wanted, Consumer<Receipt> receipts) {
        try (Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("1000000"), Journal.none())) {
            return Repair.run(databases, events, safeguards, report.inGraph(), batchSize, report.toDelete(), report.toReindex(), wanted, receipts);
        }
    }

    /** Runs a statement in PostgreSQL; {@code ?} stands for the arguments. */
    void sql(String statement, Object... arguments) {
        postgres.execute(statement, arguments);
    }

    /** Runs a query in Neo4j. */
    List<Record> cypher(String query, Map<String, Object> parameters) {
        try (var session = neo4j.session()) {
            return session.run(query, parameters).list();
        }
    }

    List<Record> cypher(String query) {
        return cypher(query, Map.of());
    }

    /** A session of somebody else in PostgreSQL: of the platform. */
    Handle openPlatform() {
        Properties login = settings().postgres();
        login.setProperty("ApplicationName", "the platform");
        return Jdbi.create(settings().postgresUrl(), login).open();
    }

    /** One in Neo4j. */
    Session openPlatformInNeo4j() {
        return neo4j.session();
    }

    /** Writes to Neo4j in a transaction of the driver's, which tries again where the server ended a deadlock at its cost. */
    void writeAsPlatform(String query, Map<String, Object> parameters) {
        try (Session session = openPlatformInNeo4j()) {
            session.executeWriteWithoutResult(transaction -> transaction.run(query, parameters).consume());
        }
    }

    /** Locks the nodes of these ids one after the other in one transaction, which may end in a deadlock. */
    void lockInTurn(List<UUID> ids) {
        try (var session = neo4j.session(); var transaction = session.beginTransaction()) {
            ids.forEach(id -> transaction.run("MATCH (e:Entity {id: $id}) SET e.id = e.id", Map.of("id", id.toString())).consume());
            transaction.commit();
        } catch (TransientException deadlock) {
            return;
        }
    }

    /** Puts an entity into PostgreSQL. */
    void entity(UUID id, String data, String lastUpdatedAt) {
        sql("INSERT INTO entity VALUES (?, ?::jsonb, '2020-01-01Z', ?::timestamptz)", id, data, lastUpdatedAt);
    }

    /** Puts a relation into PostgreSQL. */
    void relation(UUID id, UUID source, UUID target, String lastUpdatedAt) {
        entity(id, "{\"type\":\"relation\",\"source\":\"" + source + "\",\"target\":\"" + target + "\",\"key\":\"uses\"}", lastUpdatedAt);
    }

    /** The whole graph as text, one line a node and a relationship, sorted: what a repair must make equal to {@link #expectedGraph}. */
    List<String> graph() {
        List<String> lines = new ArrayList<>();
        cypher("MATCH (e:Entity) RETURN properties(e) AS p").forEach(row -> lines.add(line(row.get("p").asMap())));
        cypher("MATCH (s)-[r]->(t) RETURN properties(r) AS p, s.id AS s, t.id AS t")
                .forEach(row -> lines.add(row.get("s").asString() + " -> " + row.get("t").asString() + " " + line(row.get("p").asMap())));
        return lines.stream().sorted().toList();
    }

    /** What the graph should be by what PostgreSQL holds, read without the library. */
    List<String> expectedGraph() {
        String time = "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";
        String nodes = "SELECT '{created_at=' || " + time.formatted("created_at") + " || ', id=' || id || ', last_updated_at=' || " + time.formatted("last_updated_at")
                + " || coalesce(', title=' || (data->>'title'), '') || coalesce(', type=' || (data->>'type'), '') || '}'"
                + " FROM entity WHERE data->>'type' IS DISTINCT FROM 'relation'";
        String relations = "SELECT (r.data->>'source') || ' -> ' || (r.data->>'target') || ' {created_at=' || " + time.formatted("r.created_at") + " || ', id=' || r.id"
                + " || coalesce(', key=' || (r.data->>'key'), '') || ', last_updated_at=' || " + time.formatted("r.last_updated_at") + " || '}'"
                + " FROM entity r JOIN entity s ON s.id::text = r.data->>'source' AND s.data->>'type' IS DISTINCT FROM 'relation'"
                + " JOIN entity t ON t.id::text = r.data->>'target' AND t.data->>'type' IS DISTINCT FROM 'relation' WHERE r.data->>'type' = 'relation'";
        return postgres.createQuery(nodes + " UNION ALL " + relations).mapTo(String.class).stream().sorted().toList();
    }

    private static String line(Map<String, Object> properties) {
        Map<String, Object> sorted = new java.util.TreeMap<>();
        properties.forEach((name, value) -> sorted.put(name, value instanceof java.time.ZonedDateTime t
                ? java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").format(t.withZoneSameInstant(java.time.ZoneOffset.UTC)) : value));
        return sorted.toString();
    }

    private void clear() {
        sql(TABLE);
        sql("TRUNCATE entity");
        cypher("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS");
        cypher("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 10000 ROWS");
        createIndexes();
    }

    /** Drops every constraint and index but PostgreSQL's primary key; {@link #createIndexes} makes the usual ones again. */
    void dropSchema() {
        sql("DROP INDEX IF EXISTS entity_id_last_updated_at");
        cypher("SHOW CONSTRAINTS YIELD name").forEach(row -> cypher("DROP CONSTRAINT `" + row.get("name").asString() + "`"));
        cypher("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").forEach(row -> cypher("DROP INDEX `" + row.get("name").asString() + "`"));
    }

    void createIndexes() {
        sql(Queries.builtIn().index("entity-page.sql").orElseThrow().replace("INDEX CONCURRENTLY", "INDEX IF NOT EXISTS"));
        for (String query : List.of("node-page.cypher", "relationship-page.cypher", "node-states.cypher", "relationship-states.cypher")) {
            cypher(Queries.builtIn().index(query).orElseThrow());
        }
        cypher("CALL db.awaitIndexes(60)");
    }

    private static Servers start() {
        String wanted = System.getenv().getOrDefault("TEST_DATABASES", "");
        if (!wanted.matches("containers|embedded|")) {
            throw new IllegalArgumentException("TEST_DATABASES is " + wanted + ": set it to containers or embedded, or not at all");
        }
        if (wanted.equals("containers")) {
            return containers();
        }
        if (wanted.isEmpty()) {
            try {
                Servers containers = CompletableFuture.supplyAsync(() -> DockerClientFactory.instance().isDockerAvailable() ? containers() : null).get(2, TimeUnit.MINUTES);
                if (containers != null) {
                    return containers;
                }
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                System.out.println("The Docker engine does not start the databases (" + e + "): embedded ones serve instead");
            }
        }
        return embedded(List.of(), Map.of());
    }

    private static Servers containers() {
        PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:16-alpine").withPassword("for-tests-only");
        Neo4jContainer neo4j = new Neo4jContainer("neo4j:5.26-community").withAdminPassword("for-tests-only");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            postgres.stop();
            neo4j.stop();
        }));
        postgres.start();
        neo4j.start();
        System.out.println("Databases: containers");
        return new Servers(Map.of("PGHOST", postgres.getHost(), "PGPORT", String.valueOf(postgres.getFirstMappedPort()), "PGDATABASE", postgres.getDatabaseName(),
                "PGUSER", postgres.getUsername(), "PGPASSWORD", postgres.getPassword(),
                "NEO4J_URI", neo4j.getBoltUrl(), "NEO4J_USERNAME", "neo4j", "NEO4J_PASSWORD", "for-tests-only"), null, null);
    }

    /** Starts the embedded databases as a process of their own, so that their libraries and ours do not meet. */
    private static Servers embedded(List<String> jbangOptions, Map<String, String> settings, String... options) {
        try {
            List<String> command = new ArrayList<>(List.of(PROJECT.resolve("jbang").toString(), "run",
                    "--runtime-option=-XX:TieredStopAtLevel=1")); // for so short a life, a better compiler does not pay
            command.addAll(jbangOptions);
            command.addAll(List.of("tests/embedded-databases.java", "--replan-interval", "3600")); // the counts of small graphs change all the time
            command.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(PROJECT.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(settings);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
            BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> environment = new HashMap<>();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
            if (!environment.containsKey("NEO4J_URI")) {
                throw new IllegalStateException("The embedded databases did not start");
            }
            System.out.println("Databases: embedded");
            return new Servers(environment, process, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Process process) {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException | InterruptedException e) {
            process.destroy();
        }
    }

    private static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("sync-data.java"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
