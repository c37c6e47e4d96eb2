package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.fixture.WholeJob.reportOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.rules.Slice;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.MaxLoad;
import syncdata.store.Pace;
import syncdata.store.PaceLimits;
import syncdata.store.Queries;
import syncdata.store.RunTerms;

/** A check of several ranges of ids at a time finds what a check of one range finds. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class ParallelCheckTest {
    private static final UUID LOW = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID HIGH = UUID.fromString("f0000000-0000-4000-8000-000000000001");

    @TempDir
    private Path folder;

    static List<Long> seeds() {
        return Seeds.from(20260101L, 4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("The report is the same to the byte, times aside, whatever is checked and in however many ranges")
    void theReportIsTheSame(long seed) throws IOException {
        Random random = new Random(seed);
        TestDatabases test = drifted(random);
        test.sql("ANALYZE entity");
        Selection selection = new Selection(random.nextBoolean() ? Set.of() : Set.of("ttp"),
                random.nextInt(3) > 0 ? Selection.EVER : GraphTimestamp.micros(Instant.parse("2024-02-20T00:00:00Z")),
                random.nextInt(3) > 0 ? Slice.ALL : new Slice(1 + random.nextInt(3), 3));
        Comparison comparison = random.nextBoolean() ? Comparison.CONTENT : Comparison.TIMESTAMPS;
        int batchSize = 3 + random.nextInt(40);
        try (Databases databases = test.open()) {
            assertFalse(databases.source().survey().quantiles().isEmpty());
            String one = reportOf(check(databases, selection, comparison, batchSize));
            for (int ranges : List.of(3, 7)) {
                assertEquals(one, reportOf(check(databases, selection, comparison, batchSize).parallel(ranges)),
                        "seed " + seed + ", " + ranges + " ranges");
            }
            for (int most : List.of(Integer.MAX_VALUE, 1 + random.nextInt(9))) {
                assertEquals(one, reportOf(check(databases, selection, comparison, batchSize)
                        .elsewhere(1, elsewhere(test, most, Integer.MAX_VALUE, () -> { }))),
                        "seed " + seed + ", elsewhere, answers of " + most + " suspects");
            }
        }
    }

    /**
     * Checks ranges on connections of their own, and takes their answers as bytes: as on another machine.
     *
     * @param most    suspects with which an answer ends
     * @param answers after which it is stopped
     */
    private static RangeWalker elsewhere(TestDatabases test, int most, int answers, Runnable stop) {
        return (terms, began, left) -> new RangeWalker.Walk() {
            @Override
            public RangeResult join(List<Checkpoint.Range> kept, Progress progress) {
                RangeResult all = RangeResult.none();
                int answered = 0;
                try (Databases own = test.open()) {
                    for (Checkpoint.Range range : kept) {
                        all = all.join(RangeTask.again(own, terms, began, range, progress));
                        for (; range.left().isPresent() && answered < answers; answered++) {
                            byte[] answer = sent(new RangeTask(terms, began, range.left().get()))
                                    .answer(own, () -> false, most);
                            all = all.join(RangeTask.take(answer, range, progress));
                        }
                    }
                }
                stop.run();
                return all;
            }

            @Override
            public void close() {
            }
        };
    }

    private static RangeTask sent(RangeTask task) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
             ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(task);
            return (RangeTask) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("What has an id that is no UUID is counted once, on whichever side of a bound it stands")
    void otherIdsAreCountedOnce() {
        TestDatabases test = TestDatabases.empty();
        for (UUID id : List.of(LOW, HIGH)) {
            test.entity(id, "{\"type\":\"ttp\"}", "2024-01-01Z");
            test.cypher("CREATE (:Entity {id: $id, type: 'ttp', last_updated_at: datetime('2024-01-01')})",
                    Map.of("id", id.toString()));
        }
        for (String id : List.of("", "0", "7", "7ffffff0", "8", "80000000-0000-0000-0000-00000000000", "A", "b", "zz",
                "\uD83D\uDE00")) {
            test.cypher("CREATE (:Entity {id: $id, last_updated_at: datetime('2024-01-01')}), (:Entity {id: $id})",
                    Map.of("id", id));
        }
        try (Databases databases = test.open()) {
            for (int ranges : List.of(1, 2, 3, 16)) {
                try (Report report = check(databases, Selection.ALL, Comparison.TIMESTAMPS, 3).parallel(ranges).run()) {
                    assertEquals(20, report.provenance().withOtherId(), ranges + " ranges");
                    assertEquals(List.of(2L, 0L), List.of(report.ok(), report.differences()));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("comparisons")
    @DisplayName("A check that was stopped is gone on with, however many ranges at a time, and finds the same")
    void aStoppedCheckIsGoneOnWith(Comparison comparison) throws IOException {
        long seed = 3;
        TestDatabases test = drifted(new Random(seed));
        Path report = folder.resolve("report.json");
        try (Databases databases = test.open()) {
            String whole = reportOf(check(databases, Selection.ALL, comparison, 5));
            for (int ranges : List.of(1, 2, 7)) {
                stopped(databases, comparison, report);
                try (Checkpoint checkpoint = Checkpoint.beside(report, true)) {
                    assertEquals(whole, reportOf(check(databases, Selection.ALL, comparison, 5).parallel(ranges)
                            .checkpoint(checkpoint)), "seed " + seed + ", " + ranges + " ranges at a time");
                    assertTrue(checkpoint.isResumed());
                }
            }
            stopped(databases, comparison, report);
            try (Checkpoint checkpoint = Checkpoint.beside(report, true)) {
                assertEquals(whole, reportOf(check(databases, Selection.ALL, comparison, 5).checkpoint(checkpoint)
                        .elsewhere(1, elsewhere(test, 7, Integer.MAX_VALUE, () -> { }))), "elsewhere");
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("comparisons")
    @DisplayName("A check that was stopped elsewhere, in the middle of a range, is gone on with here")
    void whatWasStoppedElsewhereIsGoneOnWith(Comparison comparison) throws IOException {
        TestDatabases test = drifted(new Random(3));
        Path report = folder.resolve("report.json");
        Stop stop = new Stop();
        try (Databases databases = test.open()) {
            String whole = reportOf(check(databases, Selection.ALL, comparison, 5));
            Databases stopping = paced(databases, PaceLimits.NONE, stop, Events.silent());
            try (Checkpoint checkpoint = Checkpoint.beside(report, false);
                 Report part = check(stopping, Selection.ALL, comparison, 5).checkpoint(checkpoint).elsewhere(1,
                         elsewhere(test, 7, 5, () -> stop.request(Stop.Reason.INTERRUPTED))).run()) {
                assertTrue(part.isPartial() && part.differences() > 0);
            }
            try (Checkpoint checkpoint = Checkpoint.beside(report, true)) {
                assertEquals(whole, reportOf(check(databases, Selection.ALL, comparison, 5).checkpoint(checkpoint)));
                assertTrue(checkpoint.isResumed());
            }
        }
    }

    @Test
    @DisplayName("An operator's page query need not end with the range")
    void pagesMayGoBeyondTheRange() throws IOException {
        TestDatabases test = drifted(new Random(5));
        String page = Queries.builtIn().text("entity-page.sql");
        String endless = page.replace("  AND id <= :until\n", "");
        assertNotEquals(page, endless);
        Selection half = new Selection(Set.of(), Selection.EVER, new Slice(1, 2));
        try (Databases databases = test.open();
             Databases own = Databases.open(test.settings(), test.queries("entity-page.sql", endless),
                     AccessMode.READ)) {
            String expected = reportOf(check(databases, half, Comparison.TIMESTAMPS, 7));
            for (int ranges : List.of(1, 3)) {
                assertEquals(expected, reportOf(check(own, half, Comparison.TIMESTAMPS, 7).parallel(ranges)));
            }
        }
    }

    @Test
    @DisplayName("More threads than processors begin only where this host has processors to spare")
    void threadsBeginWhereProcessorsAreIdle() throws InterruptedException {
        TestDatabases test = drifted(new Random(3));
        int busy = mostSessions(test, 1);
        int idle = mostSessions(test, 0.1);
        assertTrue(idle > busy, idle + " sessions where processors are idle, " + busy + " where not");
    }

    /** The most sessions in PostgreSQL at a time of a slow check of many ranges, at a load of this host. */
    private static int mostSessions(TestDatabases test, double load) throws InterruptedException {
        int processors = Runtime.getRuntime().availableProcessors();
        AtomicInteger most = new AtomicInteger();
        try (Databases databases = test.open(); Handle observer = test.openPlatform()) {
            Databases slow = paced(databases, atRate(400), new Stop(), Events.silent());
            Check check = check(slow, Selection.ALL, Comparison.TIMESTAMPS, 5).elsewhere(processors + 1,
                    new RangeThreads(slow, 4 * (processors + 1), () -> () -> load));
            Thread run = new Thread(() -> check.run().close());
            run.start();
            while (run.isAlive()) {
                most.accumulateAndGet(observer.createQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'sync-data%'").mapTo(Integer.class).one(), Math::max);
                run.join(10);
            }
        }
        return most.get();
    }

    static Stream<Comparison> comparisons() {
        return Stream.of(Comparison.values());
    }

    private static Databases paced(Databases databases, PaceLimits limits, Stop stop, Events events) {
        return new Databases(databases.source(), databases.graph(),
                Pace.of(new RunTerms(limits, Duration.ZERO, stop, events)));
    }

    /** @param entities a second */
    private static PaceLimits atRate(int entities) {
        return new PaceLimits(Duration.ofSeconds(1), entities, MaxLoad.ANY, 1);
    }

    /** Leaves a checkpoint of a check of four ranges that was stopped somewhere in the middle. */
    private static void stopped(Databases databases, Comparison comparison, Path report) {
        Stop stop = new Stop();
        Events events = Events.silent();
        Databases slow = paced(databases, atRate(200), stop, events);
        Thread operator = new Thread(() -> {
            while (events.progress().now().map(Progress.Status::entities).orElse(0L) < 60) {
                Thread.onSpinWait();
            }
            stop.request(Stop.Reason.INTERRUPTED);
        });
        operator.start();
        try (Checkpoint checkpoint = Checkpoint.beside(report, false);
             Report part = new Check(slow, events, Selection.ALL, 5, true).settling(WholeJob.AT_ONCE)
                     .comparing(comparison).checkpoint(checkpoint).parallel(4).run()) {
            assertTrue(part.isPartial());
            checkpoint.keepOnlyIf(part.isPartial());
        }
    }

    /** Stores with every class of drift, duplicates, and nodes without a timestamp. */
    private static TestDatabases drifted(Random random) {
        TestDatabases test = TestDatabases.empty();
        DriftedStores.fill(test, random, 150);
        test.cypher("MATCH (e:Entity) WITH e ORDER BY e.id LIMIT 20 SET e.title = 'spoiled'");
        test.cypher("MATCH (e:Entity) WITH e ORDER BY e.id SKIP 30 LIMIT 9 REMOVE e.last_updated_at");
        test.cypher("MATCH ()-[r:RELATION]->() WITH r ORDER BY r.id SKIP 30 LIMIT 9 REMOVE r.last_updated_at");
        test.cypher("CREATE (:Entity {id: 'another', last_updated_at: datetime()}), (:Entity {title: 'no id'})");
        return test;
    }

    private static Check check(Databases databases, Selection selection, Comparison comparison, int batchSize) {
        return new Check(databases, Events.silent(), selection, batchSize, true).settling(WholeJob.AT_ONCE)
                .comparing(comparison);
    }
}
