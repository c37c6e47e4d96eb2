package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.check.Check;
import syncdata.check.Doctor;
import syncdata.check.Finding;
import syncdata.fixture.Heard;
import syncdata.fixture.Script;
import syncdata.fixture.StandbyPair;
import syncdata.fixture.TestDatabases;
import syncdata.repair.RepairLock;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.run.Events;
import syncdata.run.RefusedException;

@DisplayName("From a real standby")
class StandbyTest {
    private static final UUID KNOWN = new UUID(0, 1);
    private static final UUID NEW = new UUID(0, 2);
    private static final UUID DRIFTED = new UUID(0, 3);
    private static final Settling AT_ONCE = new Settling(Duration.ZERO, Duration.ofSeconds(20));
    private static final Settling IMPATIENT = new Settling(Duration.ZERO, Duration.ofSeconds(1));

    private final TestDatabases test = TestDatabases.empty();
    private final Heard said = new Heard();
    private final Events events = said.events();
    private StandbyPair pair;

    @BeforeEach
    void start() {
        pair = StandbyPair.start(test);
        entity(KNOWN, "2024-06-01Z");
        node(KNOWN, "2024-06-01T00:00:00Z");
        entity(DRIFTED, "2024-06-01Z");
        node(DRIFTED, "2020-01-01T00:00:00Z");
        pair.catchUp();
    }

    @AfterEach
    void stop() {
        if (pair != null) {
            pair.close();
        }
    }

    @Test
    @DisplayName("what it has not received is left unconfirmed, however old it says it is, and nothing else is")
    void whatItHasNotReceived() {
        pair.onStandby("SELECT pg_wal_replay_pause()");
        entity(NEW, "2024-05-01Z");
        node(NEW, "2024-05-01T00:00:00Z");
        pair.onPrimary("UPDATE entity SET last_updated_at = '2024-07-01Z' WHERE id = '" + KNOWN + "'");
        test.cypher("MATCH (e:Entity {id: $id}) SET e.last_updated_at = datetime('2024-07-01T00:00:00Z')",
                Map.of("id", KNOWN.toString()));

        try (Databases databases = standby(); Report report = check(databases, IMPATIENT)) {
            assertEquals(List.of(0L, 0L, 0L, 0L),
                    List.of(report.missing(), report.notDeleted(), report.outdated(), report.strange()));
            assertEquals(3, report.unconfirmed().count(), "the drifted one too: it may be gone by now");
            assertTrue(said.text().contains("PostgreSQL is a standby"), said.text());
        }

        pair.onStandby("SELECT pg_wal_replay_resume()");
        pair.catchUp();
        try (Databases databases = standby(); Report report = check(databases, AT_ONCE)) {
            assertEquals(0, report.unconfirmed().count(), said.text());
            assertEquals(1, report.outdated(), "the one that drifted");
            assertEquals(2, report.ok());
        }
    }

    @Test
    @DisplayName("a repair is refused unless it is wanted, and so are all that write")
    void repairs() {
        try (Databases databases = standby()) {
            String refusal = assertThrows(RefusedException.class, () -> RepairLock.take(databases)).getMessage();
            assertTrue(refusal.contains("--from-standby"), refusal);
            RepairLock.takeOfAny(databases).close();
        }
    }

    @Test
    @DisplayName("the script checks, refuses to repair with 12 and the option that allows it, and repairs with that")
    void theScript() throws IOException {
        List<String> before = test.graph();
        Script refused = sync();
        assertEquals(12, refused.exitCode(), refused.output() + refused.errors());
        assertTrue(refused.errors().contains("--from-standby"), refused.errors());
        assertEquals(1, refused.errors().lines().count(), refused.errors());
        assertEquals(before, test.graph());
        Script check = sync("--dry-run");
        assertEquals(10, check.exitCode(), check.output() + check.errors());
        assertTrue(check.output().contains("PostgreSQL is a standby"), check.output());
        Script wanted = sync("--from-standby");
        assertEquals(0, wanted.exitCode(), wanted.output() + wanted.errors());
        assertTrue(wanted.output().contains("\"total\":1"), wanted.output());
    }

    private Script sync(String... options) throws IOException {
        Path report = Files.createTempDirectory("standby-").resolve("report.json");
        List<String> arguments = new ArrayList<>(List.of("sync-data.java", "--check-results-file", report.toString(),
                "--no-journal"));
        arguments.addAll(List.of(options));
        return Script.run(pair.standby(), arguments.toArray(String[]::new));
    }

    @Test
    @DisplayName("a standby whose stream is broken is never up to date")
    void brokenStream() throws InterruptedException {
        MaxLoad limit = MaxLoad.of(Map.of("replica-lag", "2s"));
        try (Databases databases = standby()) {
            awaitLag(databases, lag -> lag.isPresent() && lag.get().isZero());
            pair.stopPrimary();
            awaitLag(databases, lag -> lag.isEmpty() || lag.get().compareTo(Duration.ofSeconds(2)) > 0);
            assertTrue(limit.exceededBy(0, databases.source().survey().lag(), 0).isPresent());
            try (Report report = check(databases, IMPATIENT)) {
                assertEquals(1, report.unconfirmed().count());
            }
        }
    }

    @Test
    @DisplayName("of several hosts, the first that answers serves all of a run, and is named")
    void severalHosts() {
        String url = "jdbc:postgresql://" + hosts() + "/postgres";
        var some = TestDatabases.settings(pair.standby());
        var settings = new ConnectionSettings(url, some.postgres(), some.neo4jUri(), some.neo4jUser(),
                some.neo4jPassword(), Optional.empty(), Duration.ofMinutes(1));
        try (Databases databases = Databases.open(settings, Queries.builtIn(), AccessMode.READ)) {
            assertAll(() -> assertTrue(databases.source().isStandby()),
                    () -> assertEquals("127.0.0.1:" + pair.standbyPort(), databases.source().identity().host()));
        }
    }

    @Test
    @DisplayName("doctor says that it is one")
    void doctor() {
        List<Finding> findings = new ArrayList<>();
        new Doctor(TestDatabases.settings(pair.standby()), Queries.builtIn(), findings::add).examine(false);
        assertTrue(findings.stream().anyMatch(finding -> finding.about().equals("PostgreSQL, standby")),
                findings.toString());
    }

    private String hosts() {
        Map<String, String> environment = pair.anyOfBoth();
        String[] ports = environment.get("PGPORT").split(",");
        return "127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1] + ",127.0.0.1:" + ports[2];
    }

    private void awaitLag(Databases databases, Predicate<Optional<Duration>> wanted) throws InterruptedException {
        for (int i = 0; i < 600 && !wanted.test(databases.source().survey().lag()); i++) {
            Thread.sleep(100);
        }
        assertTrue(wanted.test(databases.source().survey().lag()), "lag: " + databases.source().survey().lag());
    }

    private Databases standby() {
        return Databases.open(TestDatabases.settings(pair.standby()), Queries.builtIn(), AccessMode.READ);
    }

    private Report check(Databases databases, Settling settling) {
        said.forget();
        return new Check(databases, events, Selection.ALL, 100, false).settling(settling).run();
    }

    private void entity(UUID id, String lastUpdatedAt) {
        pair.onPrimary("INSERT INTO entity VALUES ('" + id + "', '{\"type\":\"ttp\"}', '2020-01-01Z', '" + lastUpdatedAt
                + "')");
    }

    private void node(UUID id, String lastUpdatedAt) {
        test.cypher(
                "CREATE (:Entity {id: $id, type: 'ttp', created_at: datetime('2020-01-01T00:00:00Z'), "
                + "last_updated_at: datetime($at)})",
                Map.of("id", id.toString(), "at", lastUpdatedAt));
    }
}
