package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Session;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Background;
import syncdata.run.Stop;

class ThrottleTest {
    private final TestDatabases test = TestDatabases.empty();
    private final Stop stop = new Stop();
    private final List<Boolean> told = new ArrayList<>();
    private boolean others;
    private Throttle throttle = new Throttle(stop, 0.25, () -> others, told::add);

    @TempDir
    private Path folder;

    @Test
    void twoLooksInARowThatFindOthersBeginItAndTwentyThatFindNobodyEndIt() {
        look(true, 1);
        look(false, 1);
        look(true, 1);
        assertEquals(List.of(), told);
        assertEquals(1000, throttle.most(1000));
        look(true, 1);
        assertEquals(List.of(true), told);
        assertEquals(250, throttle.most(1000));
        assertEquals(100, throttle.most(100));
        look(false, 19);
        look(true, 1);
        look(false, 19);
        assertEquals(List.of(true), told);
        look(false, 1);
        assertEquals(List.of(true, false), told);
        assertEquals(1000, throttle.most(1000));
    }

    @Test
    void aLookThatFailsChangesNothing() {
        throttle = new Throttle(stop, 0.25, () -> {
            if (others) {
                throw new IllegalStateException("PostgreSQL restarts");
            }
            return true;
        }, told::add);
        look(false, 1);
        look(true, 5);
        assertEquals(List.of(), told);
        look(false, 1);
        assertEquals(List.of(true), told);
    }

    @Test
    void queriesRunSideBySideWhileNobodyElseIsAtWork() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<CompletableFuture<Integer>> queries = inThreads(2, () -> {
            await(together);
            return 1;
        });
        for (CompletableFuture<Integer> query : queries) {
            query.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void queriesGoOneAtATimeAndRestWhileOthersAreAtWork() {
        look(true, 2);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        long started = System.nanoTime();
        inThreads(6, () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            sleep(10);
            return running.decrementAndGet();
        }).forEach(CompletableFuture::join);
        assertEquals(1, most.get());
        long took = Duration.ofNanos(System.nanoTime() - started).toMillis();
        assertTrue(took >= 6 * 10 + 5 * 30, took + " ms for 60 ms of work, a quarter of the time");
    }

    @Test
    void aQueryThatAnotherNeedsIsAPartOfIt() throws Exception {
        look(true, 2);
        assertEquals(7, CompletableFuture.supplyAsync(() -> throttle.run(() -> {
            sleep(50);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> throttle.run(() -> 1));
            long before = System.nanoTime();
            int inner = throttle.run(() -> 7);
            assertTrue(System.nanoTime() - before < 50_000_000, "rested in the middle of a query");
            assertFalse(waiting.isDone());
            return inner;
        })).get(10, TimeUnit.SECONDS));
    }

    @Test
    void aStopEndsTheRest() {
        throttle = new Throttle(stop, 0.01, () -> others, told::add);
        look(true, 2);
        throttle.run(() -> sleep(60)); // the rest would be 5 s
        stop.request(Stop.Reason.INTERRUPTED);
        long before = System.nanoTime();
        throttle.run(() -> 1);
        assertTrue(System.nanoTime() - before < 2_000_000_000L);
    }

    @Test
    void whatIsSpentIsTheTimeOfQueriesAlone() {
        look(true, 2);
        throttle.run(() -> sleep(20));
        throttle.run(() -> throttle.run(() -> sleep(20))); // behind 60 ms of rest
        long spent = Duration.ofNanos(throttle.spent()).toMillis();
        assertTrue(spent >= 40 && spent < 90, spent + " ms");
    }

    @Test
    void othersAtWorkAreSeenInBothDatabases() throws Exception {
        ConnectionSettings settings = test.settings();
        test.sql("CREATE ROLE reader LOGIN PASSWORD 'for-tests-only'");
        settings.postgres().setProperty("user", "reader");
        try (SourceStore ours = SourceStore.connect(test.settings(), Queries.builtIn()); SourceStore unprivileged = SourceStore.connect(settings, Queries.builtIn())) {
            become(false, ours::isInUse);
            assertFalse(unprivileged.isInUse(), "nobody else is connected");
            try (Handle others = test.openPlatform()) {
                others.execute("SELECT 1");
                assertTrue(ours.isInUse());
                become(false, ours::isInUse);
                assertTrue(unprivileged.isInUse(), "what it may not see counts as work");
            }
        } finally {
            test.sql("DROP ROLE reader");
        }
        try (GraphStore ours = GraphStore.connect(test.settings(), Queries.builtIn(), AccessMode.READ);
             Session session = test.openPlatformInNeo4j()) {
            become(false, ours::isInUse);
            try (var transaction = session.beginTransaction()) {
                transaction.run("MATCH (n) RETURN count(n)").consume();
                assertTrue(ours.isInUse());
            }
            become(false, ours::isInUse);
        }
    }

    @Test
    void aRunBesideAPlatformAtWorkSaysThatItLeavesItRoom() throws Exception {
        test.sql("INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM generate_series(1, 3000)");
        CompletableFuture<Script> check = CompletableFuture.supplyAsync(() -> check("--rate", "1000"));
        boolean lowered = !Files.isDirectory(Path.of("/proc/self/task"));
        try (Handle others = test.openPlatform()) {
            while (!check.isDone()) {
                others.execute("SELECT 1");
                lowered |= ProcessHandle.current().descendants().anyMatch(process -> niceness(process) > niceness(ProcessHandle.current()));
                sleep(20);
            }
        }
        Script script = check.get();
        assertEquals(10, script.exitCode(), script.errors());
        assertTrue(lowered, "did not let others on this host go first");
        assertTrue(script.output().contains("\"event\":\"Others are at work in the databases: leaving them most of the time\",\"level\":\"info\""), script.output());
        assertTrue(script.output().contains("\"share\":\"15%\"") && script.output().contains("\"n_missing\":3000"), script.output());

        Script refused = check("--share", "0%");
        assertEquals(2, refused.exitCode());
        assertEquals("error: --share is \"0%\": give a whole number of percent, from 1% to 100% (--help lists the options)\n", refused.errors());
    }

    /** The 19th field of proc(5)'s stat, which counts from the process's name in parentheses; 0 for a process that has ended. */
    private static int niceness(ProcessHandle process) {
        try {
            return Integer.parseInt(Files.readString(Path.of("/proc/" + process.pid() + "/stat")).replaceFirst("^.*\\) ", "").split(" ")[16]);
        } catch (IOException ended) {
            return 0;
        }
    }

    private Script check(String... options) {
        return Script.run(test.environment(), Stream.concat(Stream.of("checks/check.java", "--check-results-file", folder.resolve("report.json").toString()), Stream.of(options)).toArray(String[]::new));
    }

    private void look(boolean found, int times) {
        others = found;
        for (int i = 0; i < times; i++) {
            throttle.look();
        }
    }

    private List<CompletableFuture<Integer>> inThreads(int count, Supplier<Integer> query) {
        ExecutorService threads = Executors.newFixedThreadPool(count, Background.threads("query"));
        return Stream.generate(() -> CompletableFuture.supplyAsync(() -> throttle.run(query), threads)).limit(count).toList();
    }

    private static void become(boolean expected, BooleanSupplier state) {
        for (int i = 0; i < 500 && state.getAsBoolean() != expected; i++) {
            sleep(20);
        }
        assertEquals(expected, state.getAsBoolean());
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int sleep(int millis) {
        try {
            Thread.sleep(millis);
            return millis;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
