package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import syncdata.check.Check;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.Platform.Version;
import syncdata.fixture.Platform;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.run.Events;
import syncdata.store.Databases;
import syncdata.store.Queries;
import syncdata.store.RunTerms;

/**
 * Checks and repairs while the platform writes: between any two of our requests to a database it may take a step.
 * Nothing is reported that was never so or had not settled, no repair makes an entity worse, nothing that PostgreSQL
 * holds is deleted,
 * and once the platform stops, one more run ends in sync. More histories with -Dseed and -Drounds.
 */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTest {
    private static final Settling SETTLING = new Settling(Duration.ofMillis(30), Duration.ofMillis(300));
    /**
     * Once the platform has stopped: on a busy machine 300 ms can be over before an entity is looked at again, which
     * leaves it unconfirmed.
     */
    private static final Settling PATIENT = new Settling(SETTLING.settle(), Duration.ofMinutes(1));

    private static final Version TWICE = new Version(-1, Instant.MIN);

    private final TestDatabases test = TestDatabases.empty();
    private final FaultProxy postgres = test.proxyOfPostgres();
    private final FaultProxy neo4j = test.proxyOfNeo4j();
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private Databases databases;

    private Random schedule;
    private Platform platform;
    private Future<?> step;
    private boolean busy;

    static List<Long> seeds() {
        return Seeds.from(1, 20);
    }

    @BeforeAll
    void open() {
        databases = Databases.open(test.settings(postgres, neo4j), Queries.builtIn(), AccessMode.WRITE,
                RunTerms.forgiving(Duration.ofMinutes(1), Events.silent())); // as the scripts do
        postgres.beforeEachRequest(this::perhapsStep);
        neo4j.beforeEachRequest(this::perhapsStep);
    }

    @AfterAll
    void close() throws IOException {
        databases.close();
        postgres.close();
        neo4j.close();
        writer.shutdown();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void history(long seed) throws InterruptedException, ExecutionException {
        Random random = new Random(seed);
        test.sql("TRUNCATE entity");
        test.cypher("MATCH (n) DETACH DELETE n");
        int batchSize = 1 + random.nextInt(8);
        Comparison comparison = random.nextBoolean() ? Comparison.CONTENT : Comparison.TIMESTAMPS;
        try (Platform running = new Platform(test, random, comparison == Comparison.CONTENT)) {
            begin(running, random);
            for (int run = 1 + random.nextInt(3); run > 0; run--) {
                Instant began = Instant.now();
                write(true);
                Report report = new Check(databases, Events.silent(), Selection.ALL, batchSize, false)
                        .settling(SETTLING).comparing(comparison).run();
                try (report) {
                    write(false);
                    assertEachWasSo(report, began, Instant.now(), seed);
                    write(true);
                    TestDatabases.repair(databases, Events.silent(), batchSize, report);
                    write(false);
                }
                assertNoneIsWorse(began, seed);
            }
            running.stop();
            run(batchSize, comparison);
            String story = "seed " + seed + ", " + comparison.label() + "\n" + running.story();
            assertEquals(running.shared(), test.cypher("MATCH (:Other)-[s:SEEN]->(e:Entity:Mine) DELETE s RETURN e.id")
                    .size(), story);
            assertEquals(test.expectedGraph(), test.graph(), story);
            assertEquals(0, run(batchSize, comparison), story);
        }
    }

    /** Each entity of a report differed at some moment of the check, and its newest timestamp was old enough then. */
    private void assertEachWasSo(Report report, Instant from, Instant to, long seed) {
        report.toDelete().forEachBatch(100, ids -> ids.forEach(id ->
                assertTrue(platform.differed(id, true, from, to, SETTLING.settle()),
                        () -> "reported as not deleted: " + id + ", seed " + seed + "\n" + platform.story())));
        report.toReindex().forEachBatch(100, ids -> ids.forEach(id ->
                assertTrue(platform.differed(id, false, from, to, SETTLING.settle()),
                        () -> "reported to reindex: " + id + ", seed " + seed + "\n" + platform.story())));
    }

    /**
     * What is not right is no older than it would be without us, was right when we wrote it, and is there if it would
     * be.
     */
    private void assertNoneIsWorse(Instant since, long seed) {
        Map<UUID, Version> copies = copies();
        for (UUID id : platform.ids()) {
            Version source = platform.inSource(id);
            Version without = platform.inGraph(id);
            Version copy = copies.get(id);
            if (TWICE.equals(copy)) {
                continue; // as it was at the beginning
            }
            String story = id + " is " + copy + " in Neo4j and would be " + without + ", is " + source
                    + " in PostgreSQL, seed " + seed + "\n" + platform.story();
            if (!Objects.equals(copy, source) && !Objects.equals(copy, without)) {
                // and PostgreSQL has another by now
                boolean written = copy != null && platform.heldSince(id, copy, since);
                boolean gone = copy == null && platform.lackedSince(id, since) && !Objects.equals(without, source);
                assertTrue(gone || written && (without == null || copy.number() > without.number())
                        || copy != null && platform.isMixed(id, copy, since), story);
            }
            platform.graphIs(id, copy);
        }
    }

    private Map<UUID, Version> copies() {
        Map<UUID, Version> copies = new HashMap<>();
        for (Record row : test.cypher(
                "MATCH (e:Entity) RETURN e.id AS id, coalesce(e.title, e.key) AS number, e.last_updated_at AS changed"
                + " UNION ALL MATCH ()-[r:RELATION]->() RETURN r.id AS id, r.key AS number, r.last_updated_at AS "
                + "changed")) {
            Version version = new Version(Long.parseLong(row.get("number").asString()),
                    row.get("changed").asZonedDateTime().toInstant());
            UUID id = UUID.fromString(row.get("id").asString());
            if (copies.put(id, version) != null) {
                assertTrue(platform.isOdd(id), "there twice");
                copies.put(id, TWICE);
            }
        }
        return copies;
    }

    /** Checks and repairs without the platform, and says how many differences there were. */
    private long run(int batchSize, Comparison comparison) {
        try (Report report = new Check(databases, Events.silent(), Selection.ALL, batchSize, false).settling(PATIENT)
                .comparing(comparison).run()) {
            assertEquals(0, TestDatabases.repair(databases, Events.silent(), batchSize, report).failed());
            return report.differences();
        }
    }

    private synchronized void begin(Platform running, Random random) {
        platform = running;
        schedule = new Random(random.nextLong());
        step = null;
        busy = false;
    }

    /** Lets the platform write, or waits until it is idle. */
    private void write(boolean now) throws InterruptedException, ExecutionException {
        Future<?> last;
        synchronized (this) {
            busy = now;
            last = step;
        }
        if (!now && last != null) {
            last.get();
        }
    }

    /** Takes a step and waits for it, but not for long: it may wait for a lock that we hold. */
    private void perhapsStep() {
        Future<?> next;
        synchronized (this) {
            if (!busy || step != null && !step.isDone() || schedule.nextInt(2) == 0) {
                return;
            }
            step = writer.submit(platform::step);
            next = step;
        }
        try {
            next.get(50, TimeUnit.MILLISECONDS);
        } catch (TimeoutException waitsForALock) {
            return;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
