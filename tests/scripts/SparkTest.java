package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.FreePort;
import syncdata.fixture.Script;
import syncdata.fixture.SparkCluster;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.run.Json;

/** check-on-spark says what check says, wherever Spark runs. */
@Order(TestOrder.LONG)
@DisplayName("A check on Spark")
class SparkTest {
    private static final String SCRIPT = "check-on-spark";
    /** Small executors, whose answers travel as those of a megabyte do. */
    private static final List<String> SMALL =
            List.of("--conf", "spark.executor.memory=512m", "--conf", "spark.task.maxDirectResultSize=1k", "--conf",
                    "spark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1");

    private static SparkCluster cluster;

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    /** What a check said, and what it wrote. */
    private record Check(int exitCode, String events, String report) {
    }

    @BeforeAll
    static void startCluster() {
        cluster = SparkCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    @DisplayName("in this process says and finds the same as a plain one")
    void inThisProcess() throws IOException {
        DriftedStores.fill(test, new Random(1), 150);
        List<String> options = List.of("--batch-size", "20", "--print-diffs", "--progress-every", "0s");
        assertEquals(check("check", options), check(SCRIPT, with(options, "--parallel", "3")));
    }

    @Test
    @DisplayName("on a cluster finds the drift between two releases of real threat intelligence")
    void onReleases() throws IOException {
        assumeTrue(Files.isDirectory(AttackDataTest.DATA), "needs the data of two releases in ../shared/data");
        AttackDataTest.insertIntoPostgres(test, AttackDataTest.read("ics-18.1.jsonl.gz"));
        AttackDataTest.insertIntoNeo4j(test, AttackDataTest.read("ics-17.1.jsonl.gz"));
        test.sql("ANALYZE entity");
        assertSame(check("check", List.of()), check(SCRIPT, onCluster(4)));
    }

    @Test
    @DisplayName("on a cluster finds the same where tasks run twice, in content and with query files of the operator")
    void whereTasksRunTwice() throws IOException {
        DriftedStores.fill(test, new Random(2), 150);
        test.cypher("MATCH (e:Entity) WITH e ORDER BY e.id LIMIT 20 SET e.title = 'spoiled'");
        Path queries = Files.createDirectory(folder.resolve("queries"));
        Files.writeString(queries.resolve("kept-properties.txt"), "key\n");
        List<String> options = List.of("--batch-size", "7", "--compare", "content", "--print-diffs", "--max-load",
                "postgres-active=100,replica-lag=10s,neo4j-transactions=100", "--queries", queries.toString());
        assertSame(check("check", options), check(SCRIPT, with(with(options, onCluster(4)),
                "--conf", "spark.speculation=true", "--conf", "spark.speculation.multiplier=1.01",
                "--conf", "spark.speculation.quantile=0.1", "--conf", "spark.speculation.minTaskRuntime=0",
                "--conf", "spark.speculation.interval=10ms")));
    }

    @Test
    @DisplayName("that loses a worker in its middle, killed with its executor, finds the same")
    void whoseWorkerIsKilled() throws Exception {
        DriftedStores.fill(test, new Random(3), 150);
        List<String> options = List.of("--batch-size", "5");
        Check plain = check("check", options);
        CompletableFuture<Check> run = inBackground(with(with(options, onCluster(2)), "--rate", "80"));
        await(run, () -> cluster.executors().stream().noneMatch(List::isEmpty) && hasAnswer());
        cluster.killWorker();
        Check onSpark = run.join();
        cluster.addWorker();
        cluster.awaitWorkers(2);
        assertSame(plain, onSpark);
    }

    @Test
    @DisplayName("tells the passwords to executors, and to nobody else")
    void tellsNoPassword() throws Exception {
        DriftedStores.fill(test, new Random(4), 100);
        int pages = FreePort.find();
        Path log = Files.createDirectory(folder.resolve("event-log"));
        CompletableFuture<Check> run = inBackground(with(onCluster(2), "--rate", "30", "--batch-size", "5",
                "--verbose", "--conf", "spark.ui.enabled=true", "--conf", "spark.ui.port=" + pages,
                "--conf", "spark.eventLog.enabled=true", "--conf", "spark.eventLog.dir=" + log.toUri(),
                "--conf", "spark.eventLog.compress=false"));
        await(run, this::hasAnswer);
        List<String> told = new ArrayList<>();
        Stream.concat(cluster.processes(), ProcessHandle.current().descendants())
                .forEach(process -> told.add(commandLine(process)));
        String ui = "http://127.0.0.1:" + pages;
        String application = page(ui + "/api/v1/applications");
        String id = Json.MAPPER.readTree(application).path(0).path("id").asText();
        for (String path : List.of("/jobs/", "/stages/", "/stages/stage/?id=0&attempt=0", "/environment/",
                "/executors/", "/api/v1/applications/" + id + "/environment",
                "/api/v1/applications/" + id + "/stages?details=true")) {
            told.add(page(ui + path));
        }
        Check onSpark = run.join();
        assertEquals(10, onSpark.exitCode, onSpark.events);
        for (Path files : List.of(folder, cluster.folder())) {
            try (Stream<Path> all = Files.walk(files)) {
                for (Path file : all.filter(path -> !path.toString().endsWith(".jar")).filter(Files::isRegularFile)
                        .toList()) {
                    told.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        String everything = String.join("\n", told);
        for (String seen : List.of("CoarseGrainedExecutorBackend", "Environment", "SparkListenerTaskEnd",
                "Running task")) { // a command line, a page, the event log, a log
            assertTrue(everything.contains(seen), seen);
        }
        for (String secret : List.of(test.environment().get("PGPASSWORD"), test.environment().get("NEO4J_PASSWORD"))) {
            assertAll(told.stream().map(text -> () -> assertFalse(text.contains(secret),
                    () -> "a password is in: " + text)));
        }
    }

    @Test
    @DisplayName("sends no password where others could listen, and says so")
    void sendsNoPasswordInTheClear() throws IOException {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress()).findFirst();
        assumeTrue(own.isPresent(), "needs a host with an address of its own");
        DriftedStores.fill(test, new Random(5), 10);
        Script refused = run(SCRIPT, with(onCluster(1), "--conf", "spark.driver.host=" + own.get().getHostAddress(),
                "--conf", "spark.driver.bindAddress=0.0.0.0"));
        assertEquals(20, refused.exitCode(), refused.errors());
        assertTrue(refused.errors().contains("; so it is on 127.0.0.1, which has to know the passwords by itself: "
                + "docs/spark.md says why, and how; "), refused.errors());
    }

    @Test
    @DisplayName("can be submitted with spark-submit")
    void isSubmitted() throws IOException {
        DriftedStores.fill(test, new Random(6), 100);
        Check plain = check("check", List.of());
        Path report = folder.resolve("report.json");
        List<String> arguments = new ArrayList<>(List.of("--master", cluster.url(), "--class", "CheckOnSpark",
                "--jars", String.join(",", cluster.otherJars())));
        arguments.addAll(SMALL);
        arguments.addAll(List.of(cluster.jar(), "--check-results-file", report.toString(), "--settle", "0s",
                "--parallel", "4"));
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.putAll(cluster.environment());
        Script submitted = Script.start(environment, cluster.command("org.apache.spark.deploy.SparkSubmit", arguments));
        assertEquals(plain.exitCode, submitted.exitCode(), submitted.errors());
        assertEquals(plain.report, WholeJob.withoutTimes(Files.readString(report)));
    }

    @Test
    @DisplayName("says where no cluster is")
    void saysWhereNoClusterIs() throws IOException {
        String nowhere = "spark://127.0.0.1:" + FreePort.find();
        Script refused = run(SCRIPT, List.of("--master", nowhere));
        assertEquals(20, refused.exitCode(), refused.errors());
        assertTrue(refused.errors().contains(nowhere), refused.errors());
        assertEquals(1, refused.errors().lines().count(), refused.errors());
    }

    /** A busy cluster may keep a check waiting, which it says. */
    private static void assertSame(Check plain, Check onSpark) {
        assertEquals(List.of(plain.exitCode, plain.report), List.of(onSpark.exitCode, onSpark.report));
    }

    private static List<String> onCluster(int atATime) {
        return with(SMALL, "--master", cluster.url(), "--parallel", String.valueOf(atATime));
    }

    private static List<String> with(List<String> options, String... more) {
        return with(options, List.of(more));
    }

    private static List<String> with(List<String> options, List<String> more) {
        return Stream.concat(options.stream(), more.stream()).toList();
    }

    private Script run(String script, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(script, "--check-results-file",
                folder.resolve("report.json").toString()));
        arguments.addAll(options);
        return Script.run(test.environment(), arguments.toArray(String[]::new));
    }

    private Check check(String script, List<String> options) throws IOException {
        Script done = run(script, options);
        assertTrue(Files.exists(folder.resolve("report.json")), done.errors());
        Check check = new Check(done.exitCode(), Script.withoutTimes(done.output()),
                WholeJob.withoutTimes(Files.readString(folder.resolve("report.json"))));
        Files.delete(folder.resolve("report.json"));
        return check;
    }

    private CompletableFuture<Check> inBackground(List<String> options) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return check(SCRIPT, options);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Waits until something holds in the middle of a check, or the check is over. */
    private static void await(CompletableFuture<Check> check, BooleanSupplier condition) throws InterruptedException {
        while (!check.isDone() && !condition.getAsBoolean()) {
            Thread.sleep(20);
        }
        assertFalse(check.isDone(), "the check was over before");
    }

    /** Whether the answer of a task has been taken: the checkpoint says how far its range is checked. */
    private boolean hasAnswer() {
        try {
            Path checkpoint = folder.resolve(".report.json.checkpoint");
            return Files.exists(checkpoint) && Files.readString(checkpoint).contains("\"up_to\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(String url) throws IOException {
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As everybody on this host can see it. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }
}
