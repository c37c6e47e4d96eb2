import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.neo4j.driver.Session;

/**
 * A platform in use: pgbench's transactions in PostgreSQL, and point reads with some small writes in Neo4j, each at a
 * steady rate
 * below what the servers can do. Their latencies are kept, and told apart by what ran beside them.
 */
final class PlatformLoad implements AutoCloseable {

    /** What runs beside the platform. */
    enum Beside { NOTHING, CHECK, REPAIR }

    /** What the platform does. */
    enum Work {
        POSTGRES("PostgreSQL: pgbench's transactions, " + TRANSACTIONS_A_SECOND + " a second"),
        NEO4J_READ("Neo4j: point reads, 80 a second"),
        NEO4J_WRITE("Neo4j: writes of one property, 20 a second");

        private final String words;

        Work(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private record Operation(Work work, Instant end, double milliseconds) {
    }

    private record Window(Beside beside, Instant from, Instant to) {
        double seconds() {
            return Duration.between(from, to).toMillis() / 1000.0;
        }
    }

    private static final int TRANSACTIONS_A_SECOND = 100;
    private static final Duration BETWEEN_OPERATIONS = Duration.ofMillis(10);
    private static final int WRITE_EVERY = 5;
    private static final int LONGEST_SECONDS = 3600;

    private final PlainStores stores;
    private final List<String> ids;
    private final Random random = new Random(1);
    private final Path folder;
    private final Process pgbench;
    private final ScheduledExecutorService neo4j = Executors.newSingleThreadScheduledExecutor();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Window> windows = new ArrayList<>();
    private int number;

    /** Where pgbench is: on the PATH, or where Debian puts it; empty where it is not installed. */
    static Optional<Path> pgbench() throws IOException {
        List<Path> folders = new ArrayList<>(Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).toList());
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.reverseOrder()).forEach(version -> folders.add(version.resolve("bin")));
            }
        }
        return folders.stream().map(folder -> folder.resolve("pgbench")).filter(Files::isExecutable).findFirst();
    }

    /**
     * Makes pgbench's tables, and starts.
     *
     * @param environment what pgbench needs beyond its inherited environment to find PostgreSQL
     */
    PlatformLoad(Path command, Map<String, String> environment, PlainStores stores) throws IOException,
            InterruptedException, SQLException {
        this.stores = stores;
        this.ids = someNodes();
        this.folder = Files.createTempDirectory("platform-load-");
        Process filling = start(environment, command.toString(), "--initialize", "--scale=10", "--quiet");
        if (filling.waitFor() != 0) {
            throw new IOException("pgbench could not make its tables");
        }
        this.pgbench = start(environment, command.toString(), "--no-vacuum", "--client=2",
                "--rate=" + TRANSACTIONS_A_SECOND, "--time=" + LONGEST_SECONDS,
                "--log", "--log-prefix=" + folder.resolve("log"));
        neo4j.scheduleAtFixedRate(this::operate, 0, BETWEEN_OPERATIONS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does something beside the platform, or nothing, remembers when, and says for how many seconds. */
    double during(Beside beside, Rival.Step work) throws Exception {
        Instant from = Instant.now();
        work.run();
        Window window = new Window(beside, from, Instant.now());
        windows.add(window);
        return window.seconds();
    }

    /** How long some share of the platform's operations took at most, in milliseconds, by what ran beside them. */
    Map<Beside, Double> percentile(Work work, double share) throws IOException {
        List<Operation> all = work == Work.POSTGRES ? transactions() : operationsOf(work);
        Map<Beside, Double> percentiles = new EnumMap<>(Beside.class);
        for (Beside beside : Beside.values()) {
            double[] latencies = windows.stream().filter(window -> window.beside() == beside)
                    .flatMapToDouble(window -> latencies(all, window)).sorted().toArray();
            if (latencies.length < 100) {
                throw new IllegalStateException("only " + latencies.length + " operations were measured beside "
                        + beside);
            }
            percentiles.put(beside, latencies[(int) (latencies.length * share)]);
        }
        return percentiles;
    }

    /** How many seconds that took which ran beside it, on average. */
    double seconds(Beside beside) {
        return windows.stream().filter(window -> window.beside() == beside).mapToDouble(Window::seconds).average()
                .orElseThrow();
    }

    /** Ends the platform's work; its latencies can be asked for from now on. */
    void stop() throws InterruptedException {
        pgbench.destroy();
        pgbench.waitFor();
        neo4j.shutdown();
        neo4j.awaitTermination(1, TimeUnit.MINUTES);
    }

    @Override
    public void close() throws IOException {
        pgbench.destroy();
        neo4j.shutdownNow();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static DoubleStream latencies(List<Operation> operations, Window window) {
        return operations.stream().filter(operation -> operation.end().isAfter(window.from())
                && operation.end().isBefore(window.to())).mapToDouble(Operation::milliseconds);
    }

    private synchronized List<Operation> operationsOf(Work work) {
        return operations.stream().filter(operation -> operation.work() == work).toList();
    }

    /** From pgbench's log: client, number, microseconds, script, and the end in seconds and microseconds. */
    private List<Operation> transactions() throws IOException {
        List<Operation> transactions = new ArrayList<>();
        try (Stream<Path> logs = Files.list(folder)) {
            for (Path log : logs.toList()) {
                for (String line : Files.readAllLines(log)) {
                    String[] fields = line.split(" ");
                    if (fields.length >= 6) { // the last line may be cut off
                        transactions.add(new Operation(Work.POSTGRES,
                                Instant.ofEpochSecond(Long.parseLong(fields[4]), Long.parseLong(fields[5]) * 1000),
                                Double.parseDouble(fields[2]) / 1000));
                    }
                }
            }
        }
        return transactions;
    }

    private List<String> someNodes() throws SQLException {
        List<String> some = new ArrayList<>();
        try (Statement statement = stores.postgres().createStatement();
             ResultSet row = statement.executeQuery(
                     "SELECT id FROM entity WHERE data->>'type' <> 'relation' ORDER BY md5(CAST(id AS text)) DESC "
                     + "LIMIT 10000")) {
            while (row.next()) {
                some.add(row.getString(1));
            }
        }
        return some;
    }

    private void operate() {
        try {
            Map<String, Object> parameters;
            boolean write;
            synchronized (this) {
                write = ++number % WRITE_EVERY == 0;
                parameters = Map.of("id", ids.get(random.nextInt(ids.size())), "number", number);
            }
            long started = System.nanoTime();
            try (Session session = stores.session()) {
                if (write) {
                    session.executeWriteWithoutResult(transaction ->
                            transaction.run("MATCH (e:Entity {id: $id}) SET e.seen = $number", parameters).consume());
                } else {
                    session.executeRead(transaction ->
                            transaction.run("MATCH (e:Entity {id: $id}) RETURN e.title, e.last_updated_at", parameters)
                            .list());
                }
            }
            double milliseconds = (System.nanoTime() - started) / 1e6;
            synchronized (this) {
                operations.add(new Operation(write ? Work.NEO4J_WRITE : Work.NEO4J_READ, Instant.now(), milliseconds));
            }
        } catch (RuntimeException e) {
            Benchmark.say("The platform's work in Neo4j failed: " + e.getMessage());
        }
    }

    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).directory(folder.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
