package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.fixture.WholeJob.reportOf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.Heard;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.rules.Slice;
import syncdata.run.Events;
import syncdata.run.Json;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.PaceLimits;
import syncdata.store.RunTerms;

/** On real databases. That a table is large is written into PostgreSQL's statistics. */
@DisplayName("A check that reads PostgreSQL in the order of its blocks")
class BlocksTest {
    private static final String COLUMNS = """
            (id uuid PRIMARY KEY, data jsonb NOT NULL, created_at timestamptz NOT NULL,
             last_updated_at timestamptz NOT NULL)
            """;

    private final TestDatabases test = TestDatabases.empty();
    private final Heard said = new Heard();

    @BeforeEach
    void withoutIndexes() {
        test.sql("DROP INDEX IF EXISTS entity_id_last_updated_at, entity_relation_id");
    }

    @AfterEach
    void dropTable() {
        test.sql("DROP TABLE entity CASCADE"); // the next test makes the usual one
    }

    @DisplayName("finds the same to the byte as one in the order of ids, whatever is asked for")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void findsTheSame(long seed) {
        Random random = new Random(seed);
        if (seed == 2) {
            partition();
        } else if (seed == 3) {
            inherit();
        }
        DriftedStores.fill(test, random, 200);
        test.sql("UPDATE entity SET data = data || jsonb_build_object('title', repeat(md5(id::text), 300))"
                + " WHERE get_byte(uuid_send(id), 15) < 20 AND data->>'type' = 'ttp'"); // TOAST, and dead rows
        test.sql("DELETE FROM entity WHERE get_byte(uuid_send(id), 15) BETWEEN 20 AND 50");
        long middle = Instant.parse("2024-03-01T00:00:00Z").getEpochSecond() * 1_000_000;
        try (Databases databases = test.open()) {
            for (Comparison comparison : Comparison.values()) {
                for (Selection selection : List.of(Selection.ALL, Selection.ofTypes(Set.of("relation")),
                        new Selection(Set.of("ttp", "report"), middle), new Selection(Set.of(), middle),
                        new Selection(Set.of(), Selection.EVER, new Slice(1, 3)),
                        new Selection(Set.of("ttp"), Selection.EVER, new Slice(3, 3)))) {
                    String byIds = check(databases, selection, comparison, "ids");
                    assertEquals(byIds, check(databases, selection, comparison, "blocks"),
                            () -> selection + ", " + comparison);
                }
            }
        }
    }

    @DisplayName("believes nothing of rows that move while they are read")
    @Test
    void besideAWriter() throws JsonProcessingException {
        for (int i = 0; i < 3000; i++) {
            test.entity(new UUID(i * 0x123456789ABCDEFL, i), "ttp", "T", "2024-01-01Z");
        }
        AtomicBoolean done = new AtomicBoolean();
        try (Databases databases = test.open();
             Report empty = new Check(databases, Events.silent(), Selection.ALL, 1000, false).run()) {
            TestDatabases.repair(databases, Events.silent(), 1000, empty);
        }
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try (Handle platform = test.openPlatform()) {
                for (int i = 0; !done.get(); i++) { // content alone: the timestamps stay in sync
                    platform.execute("UPDATE entity SET data = data || '{\"n\":" + i + "}' WHERE id IN"
                            + " (SELECT id FROM entity ORDER BY md5(id::text || " + i + ") LIMIT 300)");
                }
            }
        });
        try {
            for (int i = 0; i < 10; i++) {
                JsonNode report =
                        Json.MAPPER.readTree(check(Selection.ALL, Comparison.TIMESTAMPS, "blocks"));
                assertEquals(3000, report.get("n_ok").asInt(), report::toString);
                assertEquals(0, report.get("entity_ids_to_delete").size() + report.get("entity_ids_to_reindex").size());
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @DisplayName("that is to stop while it reads stops, and says that nothing was checked")
    @Test
    void stops() {
        test.entity(new UUID(1, 1), "{\"type\":\"ttp\"}", "2024-01-01Z");
        order("blocks");
        Stop stop = new Stop();
        stop.request(Stop.Reason.INTERRUPTED);
        try (Databases databases = test.open(new RunTerms(PaceLimits.NONE, Duration.ZERO, stop, Events.silent()));
             Report report = new Check(databases, Events.silent(), Selection.ALL, 10, false).run()) {
            assertTrue(report.isPartial());
            assertEquals(0, report.ok() + report.differences());
        }
    }

    @DisplayName("of a view, or with a page of the operator's own, reads in the order of ids")
    @Test
    void viewsAreReadInTheOrderOfIds() {
        test.entity(new UUID(1, 1), "{\"type\":\"ttp\"}", "2024-01-01Z");
        test.sql("ALTER TABLE entity RENAME TO kept");
        test.sql("CREATE VIEW entity AS SELECT xmin, * FROM kept");
        try {
            check(Selection.ALL, Comparison.TIMESTAMPS, "");
            assertTrue(said.text().contains("\"order\":\"ids\""), said::text);
        } finally {
            test.sql("DROP VIEW entity");
            test.sql("ALTER TABLE kept RENAME TO entity");
        }
    }

    private void partition() {
        test.sql("DROP TABLE entity");
        test.sql("CREATE TABLE entity " + COLUMNS + " PARTITION BY HASH (id)");
        IntStream.range(0, 3).forEach(i -> test.sql("CREATE TABLE entity_" + i
                + " PARTITION OF entity FOR VALUES WITH (MODULUS 3, REMAINDER " + i + ")"));
    }

    private void inherit() {
        test.sql("CREATE TABLE entity_of_old () INHERITS (entity)");
        test.sql("CREATE FUNCTION elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF get_byte(uuid_send(NEW.id), 14) < 100 THEN INSERT INTO entity_of_old SELECT NEW.*; RETURN NULL;"
                + " END IF; RETURN NEW; END $$");
        test.sql("CREATE TRIGGER elsewhere BEFORE INSERT ON entity FOR EACH ROW EXECUTE FUNCTION elsewhere()");
    }

    private void order(String wanted) {
        test.sql("UPDATE pg_class SET reltuples = ? WHERE oid IN (SELECT to_regclass('entity') UNION ALL"
                + " SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('entity'))",
                wanted.equals("blocks") ? 1_000_000 : 100);
    }

    private String check(Selection selection, Comparison comparison, String order) {
        try (Databases databases = test.open()) {
            return check(databases, selection, comparison, order);
        }
    }

    private String check(Databases databases, Selection selection, Comparison comparison, String order) {
        if (!order.isEmpty()) {
            order(order);
        }
        said.forget();
        String report = reportOf(new Check(databases, said.events(), selection, 10, true)
                .settling(WholeJob.AT_ONCE).comparing(comparison).walking());
        assertTrue(said.text().contains("\"order\":\"" + order), said::text);
        return report;
    }
}
