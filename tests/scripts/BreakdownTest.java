package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.Script;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.run.ExitCode;
import syncdata.run.Json;
import syncdata.store.ConnectionSettings;
import syncdata.store.Failure;

/**
 * Our process is killed, the disk is full, a server restarts or falls silent, writers deadlock with us: nothing is left
 * half-done. More kills with -Dseed and -Drounds.
 */
@Order(TestOrder.LONG)
class BreakdownTest {
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    static List<Long> seeds() {
        return Seeds.from(1, 3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("The next run completes what a killed one left")
    void whatAKilledRunLeftTheNextCompletes(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        DriftedStores.fill(test, random, 300);
        ProcessBuilder builder = new ProcessBuilder(TestDatabases.PROJECT.resolve("jbang").toString(), "sync-data.java",
                "--check-results-file", report().toString(), "--batch-size", "5", "--max-deletes", "100%", "--settle",
                "0s").directory(TestDatabases.PROJECT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(test.environment());
        Process process = builder.start();
        try (BufferedReader events = process.inputReader()) {
            for (int lines = 1 + random.nextInt(4); lines > 0; lines--) {
                events.readLine();
            }
            Thread.sleep(random.nextInt(400));
        } finally {
            process.destroyForcibly().waitFor();
        }
        if (Files.exists(report())) {
            JsonNode report = Json.MAPPER.readTree(report().toFile());
            assertEquals(report.get("n_not_deleted").asInt(), report.get("entity_ids_to_delete").size(),
                    "seed " + seed);
            assertTrue(report.has("check"), "seed " + seed);
        }
        assertEquals(ExitCode.IN_SYNC, onceUnlocked().exitCode(), "seed " + seed);
        assertEquals(test.expectedGraph(), test.graph(), "seed " + seed);
    }

    @Test
    @DisplayName("A report for which there is no room leaves the one before, and changes nothing")
    void aReportForWhichThereIsNoRoomLeavesTheOneBeforeAndChangesNothing() throws IOException {
        assumeTrue(shell("mount -t tmpfs -o size=16k tmpfs '" + folder + "'"),
                "needs the right to mount a small file system");
        try {
            DriftedStores.fill(test, new Random(1), 1000);
            List<String> before = test.graph();
            Files.writeString(report(), "{}");

            Failure ended = WholeJob.run(test.settings(), report(), 100);

            assertEquals(ExitCode.INVALID_INPUT, ended.exitCode(), ended.message());
            assertTrue(ended.message().contains(report().toString())
                    && ended.message().contains("No space left on device"), ended.message());
            assertEquals(1, ended.message().lines().count(), ended.message());
            assertEquals("{}", Files.readString(report()));
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(report()), files.toList());
            }
            assertEquals(before, test.graph());
        } finally {
            shell("umount '" + folder + "'");
        }
    }

    @Test
    @DisplayName("Sessions that PostgreSQL ends are opened again")
    void sessionsThatPostgresqlEndsAreOpenedAgain() {
        DriftedStores.fill(test, new Random(2), 200);
        AtomicBoolean done = new AtomicBoolean();
        Thread admin = new Thread(() -> {
            for (int i = 0; i < 3 && !done.get(); i++) {
                pause(100);
                test.sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' "
                        + "AND pid <> pg_backend_pid()");
            }
        });
        Failure ended = WholeJob.run(test.settings(), report(), 3, admin::start, A_WHILE);
        done.set(true);
        join(admin);
        assertEquals(ExitCode.IN_SYNC, ended.exitCode(), ended.message());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "neo4j"})
    @DisplayName("A server that is restarted is waited for")
    void aServerThatIsRestartedIsWaitedFor(String server) {
        assumeTrue(test.canRestart(), "needs databases of its own");
        DriftedStores.fill(test, new Random(4), 200);
        AtomicBoolean begun = new AtomicBoolean();
        Thread admin = new Thread(() -> {
            pause(100);
            begun.set(true);
            test.restart(server);
        });
        Failure ended = WholeJob.run(test.settings(), report(), 3, admin::start, A_WHILE);
        assertTrue(begun.get(), "the run was over before the restart");
        join(admin);
        assertEquals(ExitCode.IN_SYNC, ended.exitCode(), ended.message());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A database that stops answering for good ends the run in its time")
    void aDatabaseThatStopsAnsweringForGoodEndsTheRunInItsTime() throws IOException {
        DriftedStores.fill(test, new Random(5), 200);
        List<String> before = test.graph();
        List<CompletableFuture<Failure>> runs = new ArrayList<>();
        List<FaultProxy> proxies = List.of(test.proxyOfPostgres(), test.proxyOfNeo4j(), test.proxyOfPostgres(),
                test.proxyOfNeo4j());
        for (int silent = 0; silent < 2; silent++) {
            FaultProxy broken = proxies.get(3 * silent);
            ConnectionSettings patient = test.settings(proxies.get(2 * silent), proxies.get(2 * silent + 1));
            ConnectionSettings settings = new ConnectionSettings(patient.postgresUrl(), patient.postgres(),
                    patient.neo4jUri(), patient.neo4jUser(), patient.neo4jPassword(), Optional.empty(),
                    Duration.ofSeconds(1));
            Path file = folder.resolve("report-" + silent + ".json");
            runs.add(CompletableFuture.supplyAsync(() ->
                    WholeJob.run(settings, file, 3, () -> broken.breakAfter(2000, FaultProxy.Fault.BLACK_HOLE, null),
                            Duration.ofSeconds(1))));
        }
        for (int silent = 0; silent < 2; silent++) {
            Failure ended = assertTimeoutPreemptively(A_WHILE.multipliedBy(2), runs.get(silent)::join);
            assertEquals(ExitCode.UNREACHABLE, ended.exitCode(), ended.message());
            assertEquals(1, ended.message().lines().count());
            assertTrue(ended.message().contains(List.of("PostgreSQL", "Neo4j").get(silent)), ended.message());
        }
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
        assertEquals(before, test.graph());
    }

    @Test
    @DisplayName("Writers that deadlock with us keep nothing from being repaired")
    void writersThatDeadlockWithUsKeepNothingFromBeingRepaired() {
        DriftedStores.fill(test, new Random(3), 200);
        List<UUID> ids = test.cypher("MATCH (e:Entity) RETURN DISTINCT e.id AS id ORDER BY id DESC").stream()
                .map(row -> UUID.fromString(row.get("id").asString())).toList();
        AtomicBoolean done = new AtomicBoolean();
        Thread rival = new Thread(() -> {
            while (!done.get()) {
                test.lockInTurn(ids);
                pause(50);
            }
        });
        Failure ended = WholeJob.run(test.settings(), report(), 50, rival::start, A_WHILE);
        done.set(true);
        join(rival);
        assertEquals(ExitCode.IN_SYNC, ended.exitCode(), ended.message());
        assertEquals(test.expectedGraph(), test.graph());
    }

    /** The lock of a killed run is released once PostgreSQL sees that its connection is gone. */
    private Failure onceUnlocked() {
        Failure ended = WholeJob.run(test.settings(), report(), 100);
        for (int i = 0; i < 50 && ended.exitCode() == ExitCode.REFUSED; i++) {
            pause(200);
            ended = WholeJob.run(test.settings(), report(), 100);
        }
        return ended;
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private static boolean shell(String line) {
        return Script.shell(Map.of(), line).exitCode() == 0;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
