package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.TransientException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import syncdata.check.Check;
import syncdata.fixture.Heard;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.repair.GraphWriter;
import syncdata.repair.Journal;
import syncdata.repair.RepairResult;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Stop;

/** What is tried again, and for how long. */
class RetryTest {
    private final Heard said = new Heard();
    private final Events events = said.events();

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"08006,the connection broke,true", "57P01,the administrator ends it,true", "57P03,it starts,true",
            "53200,no memory,true", "40P01,a deadlock,true",
        "57014,it took too long,true", "28P01,a wrong password,false", "42P01,no table,false", "22P02,no number,false",
        "08004,no password was provided,false"})
    @DisplayName("Failures of PostgreSQL that can heal are known")
    void tellsWhatCanHealInPostgresql(String state, String message, boolean heals) {
        assertEquals(heals, Failure.canHeal(failure(state, message)));
    }

    @Test
    void tellsWhatCanHealInNeo4j() {
        assertTrue(Failure.canHeal(new ServiceUnavailableException("it restarts")));
        assertTrue(Failure.canHeal(new TransientException("Neo.TransientError.Transaction.DeadlockDetected",
                "a deadlock")));
        assertTrue(Failure.canHeal(new ClientException("Neo.ClientError.Transaction.TransactionTimedOut",
                "it took too long")));
        assertFalse(Failure.canHeal(new AuthenticationException("Neo.ClientError.Security.Unauthorized",
                "a wrong password")));
        assertFalse(Failure.canHeal(new ClientException("Neo.ClientError.Schema.ConstraintValidationFailed", "taken")));
    }

    @Test
    @DisplayName("A retry gives up after its time, and says why")
    void givesUpAfterTheTimeThatIsGivenAndSaysWhy() {
        Retry retry = new Retry(Duration.ofMillis(300), new Stop(), events);
        RuntimeException gaveUp = assertThrows(GaveUpException.class, () -> retry.run("PostgreSQL", "a query", () -> {
            throw failure("57P01", "the administrator ends it");
        }));
        Failure failure = Failure.of(Failure.unfinished(gaveUp, "checked up to 7"));
        assertEquals(ExitCode.UNREACHABLE, failure.exitCode());
        assertTrue(failure.message()
                .matches(
                        "PostgreSQL cannot be reached: .*the administrator ends it.*; tried again for 0\\.3\\d*s; "
                        + "checked up to 7; it is safe to run again"), failure.message());
        assertEquals(1, Script.events(said.text()).size(), "an event a series");
    }

    @Test
    void aStopEndsTheSeriesToo() {
        Stop stop = new Stop();
        stop.request(Stop.Reason.INTERRUPTED);
        Retry retry = new Retry(Duration.ofMinutes(5), stop, events);
        RuntimeException gaveUp = assertThrows(GaveUpException.class, () -> retry.run("PostgreSQL", "a query", () -> {
            throw failure("57P01", "the administrator ends it");
        }));
        assertEquals(ExitCode.INTERRUPTED, Failure.of(gaveUp).exitCode());
    }

    @Test
    @DisplayName("What cannot heal is reported at once")
    void whatCannotHealIsReportedAtOnce() {
        Retry retry = new Retry(Duration.ofMinutes(5), new Stop(), events);
        assertThrows(IllegalStateException.class, () -> retry.run("PostgreSQL", "a query", () -> {
            throw failure("28P01", "password authentication failed");
        }));
        assertEquals("", said.text());
    }

    @Test
    @DisplayName("Connections that are cut are opened again")
    void connectionsThatAreCutAreOpenedAnew() {
        TestDatabases test = TestDatabases.empty();
        UUID id = new UUID(1, 1);
        test.entity(id, "{\"type\":\"ttp\"}", "2024-06-01Z");
        try (Databases databases = test.open(RunTerms.forgiving(Duration.ofSeconds(60), events))) {
            test.sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                    + "backend_type = 'client backend' AND query <> ''");
            test.cypher(
                    "CALL dbms.listConnections() YIELD connectionId, userAgent WHERE userAgent STARTS WITH 'sync-data/'"
                    + " CALL dbms.killConnection(connectionId) YIELD message RETURN count(*)");
            assertEquals(1, databases.source().states(List.of(id)).size());
            new GraphWriter(databases.graph(), Journal.none())
                    .nodes().prepare(databases.source().projection().entities(List.of(id)));
            assertEquals(1, databases.graph().states().of(List.of(id)).size());
            assertEquals(1, databases.source().projection().entities(List.of(id)).size());
        }
        List<String> told = Script.events(said.text()).stream()
                .map(event -> event.get("event").asText()).toList();
        assertTrue(told.contains("PostgreSQL fails; trying again") && told.contains("PostgreSQL answers again"),
                told.toString());
    }

    @ParameterizedTest(name = "{0} in {1} ms, then {2}")
    @CsvSource({"1000,100,1000", "1000,500,1000", "1000,1000,500", "1000,60000,500", "0,10,1000", "1,1,1000"})
    @DisplayName("Pages get smaller when they take too long")
    void pagesGetSmallerWhereTheyTakeTooLong(int entities, long millis, int expected) {
        PageSize size = new PageSize(1000, Duration.ofMillis(500));
        size.took(entities, millis * 1_000_000);
        assertEquals(expected, size.now());
    }

    @Test
    void pagesGetLargerAgain() {
        PageSize size = new PageSize(1000, Duration.ofMillis(500));
        for (int i = 0; i < 20; i++) {
            size.halve();
        }
        assertEquals(2, size.now());
        size.took(2, 1_000_000);
        assertEquals(8, size.now());
        for (int i = 0; i < 20; i++) {
            size.took(size.now(), 1_000_000);
        }
        assertEquals(1000, size.now());
    }

    @ParameterizedTest(name = "batches of {0}, at most {1} a second: {2}")
    @DisplayName("Pages grow to twenty batches, no further than 20,000, and not at all where there is a rate")
    @CsvSource({"1000,0,20000", "1,0,20", "5000,0,20000", "50000,0,50000", "1000,500,1000"})
    void pagesGrowToManyBatches(int batchSize, int rate, int expected) {
        PaceLimits limits = new PaceLimits(Duration.ofMillis(500), rate, MaxLoad.ANY, 1);
        try (Pace pace = Pace.of(new RunTerms(limits, Duration.ZERO, new Stop(), RunTerms.NONE.events()))) {
            PageSize size = pace.pages(batchSize);
            assertEquals(Math.max(2, batchSize), size.now());
            for (int i = 0; i < 20; i++) {
                size.took(size.now(), 1_000_000);
            }
            assertEquals(expected, size.now());
        }
    }

    @ParameterizedTest(name = "{0}, {1} s, {2}")
    @CsvSource({"20,10,30,''", "21,0,0,postgres-active to fall from 21 to 20",
            "0,11,0,replica-lag to fall from 11s to 10s", "0,0,31,neo4j-transactions to fall from 31 to 30"})
    @DisplayName("A run waits while a limit is exceeded")
    void waitsWhileALimitIsExceeded(long active, long lag, long transactions, String expected) {
        MaxLoad limits = MaxLoad.of(Map.of("postgres-active", "20", "replica-lag", "10s", "neo4j-transactions", "30"));
        assertEquals(expected, limits.exceededBy(active, Optional.of(Duration.ofSeconds(lag)), transactions)
                .orElse(""));
        assertTrue(MaxLoad.ANY.exceededBy(active, Optional.of(Duration.ofSeconds(lag)), transactions).isEmpty());
    }

    @Test
    @DisplayName("The load of both databases can be seen")
    void theLoadOfBothDatabasesCanBeSeen() {
        TestDatabases test = TestDatabases.empty();
        try (Databases databases = test.open()) {
            assertTrue(databases.source().survey().load().visible());
            assertEquals(Optional.of(Duration.ZERO), databases.source().survey().load().lag());
            assertEquals(0, databases.graph().survey().runningTransactions());
        }
    }

    @Test
    @DisplayName("A run waits while others have more work running than its limit")
    void aRunWaitsWhileOthersHaveMoreWorkRunningThanItsLimit() throws Exception {
        TestDatabases test = TestDatabases.empty();
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 10)");
        try (Databases opened = test.open(limitedTo(Map.of("postgres-active", "0")));
                Handle busy = test.openPlatform()) {
            CompletableFuture<Void> query = CompletableFuture.runAsync(() -> busy.execute("SELECT pg_sleep(1.5)"));
            assertWaits(opened, "postgres-active", query);
        }
        try (Databases opened = test.open(limitedTo(Map.of("neo4j-transactions", "0")));
                Session session = test.openPlatformInNeo4j()) {
            var transaction = session.beginTransaction();
            transaction.run("MATCH (n) RETURN count(n)").consume();
            CompletableFuture<Void> work = CompletableFuture.runAsync(transaction::commit,
                    CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS));
            assertWaits(opened, "neo4j-transactions", work);
        }
    }

    private RunTerms limitedTo(Map<String, String> limits) {
        return new RunTerms(new PaceLimits(Duration.ofSeconds(1), 0, MaxLoad.of(limits), 1), Duration.ZERO, new Stop(),
                events);
    }

    /** Begins a check while others work, which goes on only once that is over. */
    private void assertWaits(Databases opened, String limit, CompletableFuture<Void> work) throws Exception {
        said.forget();
        GraphSurvey graph = opened.graph().survey();
        for (int i = 0; i < 100 && opened.source().survey().load().active() + graph.runningTransactions() == 0; i++) {
            Thread.sleep(10);
        }
        try (Report report = new Check(opened, events, Selection.ALL, 5, false).settling(WholeJob.AT_ONCE).run()) {
            assertTrue(work.isDone(), "did not wait");
            assertEquals(10, report.missing());
        }
        String events = said.text();
        assertTrue(events.contains("\"waits_for\":\"" + limit + " to fall from 1 to 0\""), events);
        assertTrue(events.indexOf("Going on") > events.indexOf("Waiting until the platform is less busy"), events);
    }

    @Test
    @DisplayName("A repair whose time is up leaves the rest to the next")
    void aRepairWhoseTimeIsUpLeavesTheRestToTheNext() {
        TestDatabases test = TestDatabases.empty();
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 2000)");
        try (Databases opened = test.open();
                Report report = new Check(opened, events, Selection.ALL, 100, false).settling(WholeJob.AT_ONCE).run()) {
            Stop stop = new Stop();
            Databases limited = new Databases(opened.source(), opened.graph(),
                    Pace.of(new RunTerms(new PaceLimits(Duration.ofSeconds(1), 1000, MaxLoad.ANY, 1), Duration.ZERO,
                            stop, events)));
            stop.after(Duration.ofMillis(500));
            RepairResult first = TestDatabases.repair(limited, events, 100, report);
            assertTrue(first.reindexed() < 2000, first.toString());
            assertEquals(first.reindexed(), test.graph().size());
            assertEquals(ExitCode.DIFFERENCES_LEFT, limited.pace().exitCode(first.exitCode()));
            assertTrue(said.text().contains("--run-time is over"));

            assertEquals(2000 - first.reindexed(), TestDatabases.repair(opened, events, 100, report).reindexed());
        }
        assertEquals(test.expectedGraph(), test.graph());
    }

    private static RuntimeException failure(String state, String message) {
        return new IllegalStateException(
                new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0M" + message + "\0")));
    }
}
