package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import syncdata.fixture.Heard;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Ids;
import syncdata.store.Databases;

/**
 * A check on real databases that others write to meanwhile: what it believes, what it waits for, and what it leaves
 * open.
 */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class SuspectsTest {
    private static final UUID A = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
    private static final UUID B = UUID.fromString("bbbbbbbb-0000-4000-8000-000000000002");
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final String INSERT =
            "INSERT INTO entity VALUES (?, '{\"type\":\"ttp\"}', '2020-01-01Z', ?::timestamptz)";

    private final TestDatabases test = TestDatabases.empty();
    private final Databases databases = test.open();
    private final Heard said = new Heard();

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    @DisplayName("An old difference is believed at once")
    void anOldDifferenceIsBelievedAtOnce() {
        test.entity(A, "{\"type\":\"ttp\"}", OLD);
        try (Report report = check(Duration.ofSeconds(30), Duration.ofSeconds(60))) {
            assertEquals(1, report.missing());
            assertEquals(List.of(), waits());
        }
    }

    @Test
    @DisplayName("What an open transaction hides is looked at again once it has ended")
    void whatAnOpenTransactionHidesIsLookedAtAgainOnceItHasEnded() {
        node(A, OLD);
        try (Handle writer = postgres()) {
            writer.begin();
            writer.execute(INSERT, A, OLD);
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> {
                await("Waiting before");
                writer.commit();
            });
            try (Report report = check(Duration.ZERO, Duration.ofSeconds(30))) {
                commit.join();
                assertEquals(0, report.differences());
                assertEquals(1, report.ok());
                assertEquals(0, report.provenance().unconfirmed());
                assertEquals("transactions in PostgreSQL that were open at the first look",
                        waits().get(0).get("waits_for").asText());
                assertEquals("30s", waits().get(0).get("at_most").asText());
            }
        }
    }

    @Test
    @DisplayName("What cannot be confirmed in time is listed apart and not repaired")
    void whatCannotBeConfirmedInTimeIsListedApartAndNotRepaired() {
        test.entity(A, "{\"type\":\"ttp\"}", OLD);
        node(B, OLD);
        try (Handle writer = postgres()) {
            writer.begin();
            writer.execute("INSERT INTO entity VALUES (gen_random_uuid(), '{}', now(), now())");
            try (Report report = check(Duration.ZERO, Duration.ofMillis(200))) {
                assertEquals(0, report.differences());
                assertEquals(2, report.provenance().unconfirmed());
                assertEquals(List.of(A, B), ids(report.unconfirmed()));
                assertEquals(ExitCode.DIFFERENCES_LEFT, report.exitCode());
            }
            writer.rollback();
        }
    }

    @Test
    @DisplayName("A young difference is looked at again once the platform had time")
    void aYoungDifferenceIsLookedAtAgainOnceThePlatformHadTime() {
        node(new UUID(7, 7), OLD); // Neo4j has planned the statement by then
        test.cypher("MATCH (e:Entity) DELETE e");
        String now = justNow();
        test.entity(A, "{\"type\":\"ttp\"}", now);
        test.entity(B, "{\"type\":\"ttp\"}", now);
        CompletableFuture<Void> platform = CompletableFuture.runAsync(() -> {
            await("Waiting before");
            node(A, now);
        });
        try (Report report = check(Duration.ofSeconds(4), Duration.ofSeconds(30))) {
            platform.join();
            assertEquals(List.of(B), ids(report.toReindex()));
            assertEquals(1, report.ok());
            assertEquals("changes younger than 4s", waits().get(0).get("waits_for").asText());
            assertEquals(2, waits().get(0).get("n_waiting").asInt());
        }
    }

    @Test
    @DisplayName(
            "What only Neo4j holds is believed once that was seen for long enough: the platform may be about to "
            + "delete it there")
    void aDeletionUnderWayIsNotReported() {
        node(A, OLD);
        node(B, OLD);
        CompletableFuture<Void> platform = CompletableFuture.runAsync(() -> {
            await("Waiting before");
            test.cypher("MATCH (e:Entity {id: $id}) DELETE e", Map.of("id", A.toString()));
        });
        try (Report report = check(Duration.ofSeconds(4), Duration.ofSeconds(30))) {
            platform.join();
            assertEquals(List.of(B), ids(report.toDelete()));
            assertEquals(0, report.provenance().unconfirmed());
            assertEquals("deletions first seen less than 4s ago", waits().get(0).get("waits_for").asText());
            assertEquals(2, waits().get(0).get("n_waiting").asInt());
            assertEquals("4s", waits().get(0).get("at_most").asText());
        }
    }

    @Test
    @DisplayName(
            "A deletion that comes while a check waits for another is left unconfirmed, since there is no time to "
            + "settle it")
    void aDeletionDuringTheWaitIsUnconfirmed() {
        node(A, OLD);
        test.entity(B, "{\"type\":\"ttp\"}", justNow());
        node(B, OLD);
        CompletableFuture<Void> platform = CompletableFuture.runAsync(() -> {
            await("Waiting before");
            test.sql("DELETE FROM entity");
        });
        try (Report report = check(Duration.ofSeconds(4), Duration.ZERO)) {
            platform.join();
            assertEquals(List.of(A), ids(report.toDelete()));
            assertEquals(List.of(B), ids(report.unconfirmed()));
        }
    }

    @Test
    @DisplayName("Where nothing seems to be deleted, nothing waits for deletions")
    void nothingWaitsWhereNothingWasDeleted() {
        test.entity(A, "{\"type\":\"ttp\"}", OLD);
        node(A, "2023-01-01T00:00:00Z");
        try (Report report = check(Duration.ofMinutes(10), Duration.ofMinutes(10))) {
            assertEquals(1, report.outdated());
            assertEquals(List.of(), waits());
        }
    }

    @Test
    @DisplayName("What changes again while it is waited for is unconfirmed")
    void whatChangesAgainWhileItIsWaitedForIsUnconfirmed() {
        test.entity(A, "{\"type\":\"ttp\"}", justNow());
        CompletableFuture<Void> platform = CompletableFuture.runAsync(() -> {
            await("Waiting before");
            // a late commit: its timestamp alone looks old
            test.sql("UPDATE entity SET last_updated_at = '2024-02-02Z'");
        });
        try (Report report = check(Duration.ofSeconds(3), Duration.ZERO)) {
            platform.join();
            assertEquals(List.of(A), ids(report.unconfirmed()));
            assertEquals(0, report.differences());
        }
    }

    @Test
    @DisplayName("A row tells the number of the transaction that wrote it")
    void aRowTellsWhichTransactionWroteIt() {
        try (Handle writer = postgres()) {
            writer.begin();
            writer.execute(INSERT, A, OLD);
            long number = writer.createQuery("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
                    .mapTo(Long.class).one();
            writer.commit();
            assertEquals(number, databases.source().states(List.of(A)).get(A).writtenBy());
        }
    }

    private Report check(Duration settle, Duration timeout) {
        Events events = said.events();
        return new Check(databases, events, Selection.ALL, 1, false).settling(new Settling(settle, timeout)).run();
    }

    private List<JsonNode> waits() {
        return Script.events(said.text()).stream()
                .filter(event -> event.get("event").asText().startsWith("Waiting")).toList();
    }

    private void await(String event) {
        for (int i = 0; !said.text().contains(event); i++) {
            assertTrue(i < 3000, said.text());
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** By a clock that is a little ahead, so that a slow machine does not make it old. */
    private static String justNow() {
        return Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MICROS).toString();
    }

    private Handle postgres() {
        return Jdbi.create(test.settings().postgresUrl(), test.settings().postgres()).open();
    }

    private void node(UUID id, String lastUpdatedAt) {
        test.cypher("CREATE (:Entity {id: $id, type: 'ttp', last_updated_at: datetime($time)})",
                Map.of("id", id.toString(), "time", lastUpdatedAt));
    }

    private static List<UUID> ids(Ids file) {
        List<UUID> ids = new ArrayList<>();
        file.forEachBatch(10, ids::addAll);
        return ids;
    }
}
