package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.run.Events.silent;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AccessMode;
import syncdata.check.Check;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.DeleteLimit;
import syncdata.rules.Selection;
import syncdata.run.RefusedException;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** What a repair must not do: delete much by accident, or run beside another. */
class SafeguardsTest {
    private static final String NOW = "2024-06-01T00:00:00.123456Z";

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Over the ceiling nothing is deleted, and the rest is repaired")
    void overTheCeilingNothingIsDeletedAndTheRestIsRepaired() {
        for (int i = 1; i <= 9; i++) {
            entity(i);
            node(i);
        }
        entity(20);
        node(30);
        node(31);

        Script refused = sync();

        assertEquals(12, refused.exitCode(), refused.output());
        assertEquals(
                "error: 2 of the 11 entities in Neo4j would be deleted, more than --max-deletes 10% allows: none was."
                + " If they are to go, run this again with --max-deletes 2\n", refused.errors());
        assertTrue(Files.exists(report()));
        assertEquals(List.of("Starting data check", "Data check finished", "Writing check_results file",
                "Deletions refused",
                "Writing journal", "sync-data.done"),
                refused.events().stream().map(event -> event.get("event").asText()).toList());
        assertEquals(1, refused.events().get(5).get("total").asInt());
        assertEquals(12, test.graph().size());

        Script allowed = sync("--max-deletes", "2");
        assertEquals(0, allowed.exitCode(), allowed.errors());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("What PostgreSQL loses during the run is held to the ceiling too")
    void whatPostgresqlLosesDuringTheRunIsHeldToTheCeilingToo() {
        for (int i = 1; i <= 20; i++) {
            entity(i);
            test.cypher("CREATE (:Entity {id: $id})", Map.of("id", id(i).toString()));
        }
        try (Databases databases = test.open(); Report report = new Check(databases, silent(), Selection.ALL, 5, false)
                .settling(WholeJob.AT_ONCE).run();
             Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of(DeleteLimit.DEFAULT),
                     Journal.none())) {
            assertEquals(20, report.strange());
            test.sql("DELETE FROM entity WHERE id > ?", id(1));
            RepairResult result =
                    Repair.run(new RepairJob(databases, silent(), safeguards, 5, RepairJob.Named.by(report)));
            assertEquals(0, result.deleted());
            assertTrue(assertThrows(RefusedException.class, result::exitCode).getMessage()
                    .contains("--max-deletes 10%"));
        }
        assertEquals(20, test.graph().size());
    }

    @Test
    @DisplayName("Where the graph writes its ids in upper case or in braces, nothing is repaired, and an event says so")
    void aGraphWithItsIdsWrittenOtherwiseIsNotDoubled() {
        for (int i = 1; i <= 30; i++) {
            UUID entity = new UUID(0xabcL + i, i);
            test.entity(entity, "{\"type\":\"ttp\"}", NOW);
            String id = i % 2 == 0 ? entity.toString().toUpperCase(Locale.ROOT) : "{" + entity + "}";
            test.cypher("CREATE (:Entity {id: $id, last_updated_at: datetime($now)})", Map.of("id", id, "now", NOW));
        }
        node(31);

        Script refused = sync("--max-deletes", "100%");

        assertEquals(12, refused.exitCode(), refused.output());
        assertTrue(refused.errors()
                .startsWith(
                        "error: of 30 entities that look missing in Neo4j, 30 stand there under an id that is written "
                        + "otherwise"), refused.errors());
        assertEquals(List.of("Starting data check", "Data check finished",
                "The ids in Neo4j are written in another way", "Writing check_results file",
                "Repair refused", "sync-data.done"),
                refused.events().stream().map(event -> event.get("event").asText()).toList());
        assertEquals(31, test.cypher("MATCH (e:Entity) RETURN e").size());
    }

    @Test
    @DisplayName("A few ids in upper case are somebody's mistake, and stop nothing")
    void aFewIdsWrittenOtherwiseStopNothing() {
        for (int i = 1; i <= 30; i++) {
            entity(i);
        }
        for (int i = 5; i <= 20; i++) {
            node(i);
        }
        test.cypher("CREATE (:Entity {id: $id})", Map.of("id", "{" + id(1) + "}"));
        assertEquals(0, sync().exitCode());
        assertEquals(31, test.cypher("MATCH (e:Entity) RETURN e").size());
    }

    @Test
    @DisplayName(
            "A graph that lost every entity, beside nodes of others, is filled again; one that never knew the label "
            + "is refused")
    void aGraphWithoutEntitiesIsFilledWhereItKnowsThem() {
        entity(1);
        node(1);
        test.cypher("MATCH (e:Entity) DETACH DELETE e");
        test.cypher("CREATE (:Service)");
        assertEquals(0, sync().exitCode());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName(
            "The blast radius counts relationships of every type, and names an entity once however many copies it has")
    void theBlastRadiusCountsEveryRelationship() {
        entity(1);
        node(1);
        node(2);
        node(2);
        test.cypher(
                "MATCH (a:Entity {id: $a}), (b:Entity {id: $b}) CREATE (b)-[:RELATION {key: 'uses'}]->(a), "
                + "(b)-[:SEEN_BY]->(a), (b)-[:SELF]->(b)",
                Map.of("a", id(1).toString(), "b", id(2).toString()));
        test.cypher("MATCH (b:Entity {id: $b}) CREATE (b)-[:SEEN_BY]->(:Service {id: $b})",
                Map.of("b", id(2).toString()));
        JsonNode radius = sync("--dry-run").events().stream()
                .filter(event -> event.get("event").asText().equals("Blast radius")).findFirst().orElseThrow();
        assertEquals(8, radius.get("n_relations_deleted").asInt(), radius.toString());
        assertEquals("{\"SEEN_BY\":4,\"SELF\":2,\"uses\":2}", radius.get("relations_deleted_by_key").toString());
        assertEquals("{\"" + id(2) + "\":8}", radius.get("best_connected").toString());
    }

    @Test
    @DisplayName("An empty PostgreSQL deletes nothing, whatever the share")
    void anEmptyPostgresqlDeletesNothingWhateverTheShare() {
        node(1);
        try (Databases databases = test.open(); Report report = new Check(databases, silent(), Selection.ALL, 5, false)
                .settling(WholeJob.AT_ONCE).run();
             Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("100%"),
                     Journal.none())) {
            RepairResult result =
                    Repair.run(new RepairJob(databases, silent(), safeguards, 5, RepairJob.Named.by(report)));
            assertEquals(
                    "PostgreSQL holds no entity at all, and 1 of the 1 entities in Neo4j would be deleted, more than "
                    + "--max-deletes 100% allows: none was."
                    + " If they are to go, run this again with --max-deletes 1", result.refusal().orElseThrow());
        }
        assertEquals(1, test.graph().size());
    }

    @Test
    @DisplayName("A second repair is told who runs the first, and a check may run beside it")
    void aSecondRepairIsToldWhoRunsTheFirstAndAChecksMayRunBesideIt() {
        entity(1);
        try (Databases databases = Databases.open(named("sync-data[4711] operator@host"), Queries.builtIn(),
                AccessMode.WRITE); RepairLock lock = RepairLock.take(databases)) {
            Script second = sync();
            assertEquals(12, second.exitCode(), second.output());
            assertTrue(second.errors()
                    .matches(
                            "error: another repair of this graph is running: sync-data\\[4711\\] operator@host, "
                            + "PostgreSQL user \\w+, backend \\d+, since 20\\d\\d-.*Z; .*\n"), second.errors());
            assertEquals("", second.output());
            assertEquals(10, sync("--dry-run").exitCode());
        }
        assertEquals(0, sync().exitCode());
    }

    /**
     * One command after the other: the second may not be refused because the server has not noticed yet that the first
     * has ended.
     */
    @Test
    @DisplayName("A repair that is ending is waited for")
    void aRepairThatIsEndingIsWaitedFor() {
        try (Databases databases = test.open()) {
            RepairLock ending = RepairLock.take(databases);
            CompletableFuture.runAsync(ending::close, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            RepairLock.take(databases).close();
        }
    }

    @Test
    @DisplayName("The lock is taken again when its connection is lost")
    void theLockIsTakenAgainWhenItsConnectionIsLost() throws InterruptedException {
        try (Databases databases = Databases.open(named("first"), Queries.builtIn(), AccessMode.WRITE);
                RepairLock lock = RepairLock.take(databases)) {
            test.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
            Thread.sleep(1100);
            lock.ensureHeld();
            assertTrue(assertThrows(RefusedException.class, () -> RepairLock.take(databases)).getMessage()
                    .contains("first"));

            test.sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
            Thread.sleep(1100);
            try (Databases others = Databases.open(named("second"), Queries.builtIn(), AccessMode.WRITE);
                    RepairLock theirs = RepairLock.take(others)) {
                String message = assertThrows(RefusedException.class, lock::ensureHeld).getMessage();
                assertTrue(message.startsWith(
                        "The connection that held the lock was lost, and another repair of this graph is running: "
                        + "second"), message);
            }
        }
    }

    @Test
    @DisplayName("A check needs CONNECT and SELECT, and nothing else")
    void aCheckNeedsConnectAndSelectAndNothingElse() {
        entity(1);
        test.sql("CREATE ROLE reader LOGIN PASSWORD 'for-tests-only'");
        test.sql("GRANT SELECT ON entity TO reader");
        test.sql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
        ConnectionSettings settings = test.settings();
        settings.postgres().setProperty("user", "reader");
        try (Databases databases = Databases.open(settings, Queries.builtIn(), AccessMode.WRITE)) {
            assertEquals(Optional.empty(), databases.source().identity().id());
            try (Report report = new Check(databases, silent(), Selection.ALL, 10, true).settling(WholeJob.AT_ONCE)
                    .run()) {
                assertEquals(1, report.missing());
                assertEquals(1, TestDatabases.repair(databases, silent(), 10, report).reindexed());
            }
        } finally {
            test.sql("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC");
            test.sql("DROP OWNED BY reader");
            test.sql("DROP ROLE reader");
        }
        assertEquals(test.expectedGraph(), test.graph());
    }

    private ConnectionSettings named(String name) {
        ConnectionSettings settings = test.settings();
        settings.postgres().setProperty("ApplicationName", name);
        return settings;
    }

    private static UUID id(int i) {
        return new UUID(i, i);
    }

    private void entity(int i) {
        test.entity(id(i), "ttp", "t", NOW);
    }

    private void node(int i) {
        test.node(id(i), NOW);
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private Script sync(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "sync-data.java";
        all[1] = "--check-results-file";
        all[2] = report().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Script.run(test.environment(), all);
    }
}
