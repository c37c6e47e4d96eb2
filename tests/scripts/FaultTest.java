package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.FaultProxy.Fault;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.Seeds;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.rules.Comparison;
import syncdata.run.ExitCode;
import syncdata.run.Json;
import syncdata.store.ConnectionSettings;
import syncdata.store.Failure;

/**
 * A connection that breaks at any point of the job: what can heal is retried, what cannot ends in one line and exit 20,
 * and the next run completes what was left. More seeds with -Dseed and -Drounds.
 */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class FaultTest {
    private static final int ENTITIES = 120;
    private static final int BATCH_SIZE = 20;
    private static final int BYTES = 100_000; // about what either server sends in a run

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    static List<Long> seeds() {
        return Seeds.from(1, 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("A connection that breaks leaves nothing that the next run does not complete")
    void aConnectionThatBreaksLeavesNothingThatTheNextRunDoesNotComplete(long seed) throws IOException {
        Random random = new Random(seed);
        DriftedStores.fill(test, random, ENTITIES);
        long tied = otherHands();
        Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
        int after = random.nextInt(BYTES);
        Duration length = fault == Fault.BLACK_HOLE
                || random.nextInt(4) > 0 ? Duration.ofMillis(random.nextInt(300)) : null;
        Duration giveUpAfter = length == null ? Duration.ofMillis(500) : Duration.ofMinutes(1);
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            FaultProxy broken = random.nextBoolean() ? postgres : neo4j;

            Failure ended = WholeJob.run(test.settings(postgres, neo4j), report(), BATCH_SIZE, Comparison.CONTENT,
                    () -> broken.breakAfter(after, fault, length), giveUpAfter);

            String story = "seed " + seed + ": " + fault + " after " + after + " bytes for " + length + ": " + ended;
            boolean broke = broken.isBroken();
            assertEquals(broke ? ExitCode.UNREACHABLE : ExitCode.IN_SYNC, ended.exitCode(), story);
            assertTrue(ended.message().lines().count() <= 1, story);
            assertWholeOrAbsent(story);
            assertEquals(ExitCode.IN_SYNC, WholeJob.run(test.settings(), report(), BATCH_SIZE, Comparison.CONTENT,
                    () -> { }, Duration.ZERO).exitCode(), story);
            assertEquals(tied, test.cypher("MATCH (:Other)-[s:SEEN]->(e:Entity:Mine) DELETE s RETURN e").size(), story);
            assertEquals(test.expectedGraph(), test.graph(), story);
        }
    }

    /**
     * Spoils titles, takes labels away, turns relations round and makes one a node, and ties copies of what PostgreSQL
     * holds to what is another service's. Gives how many those are.
     */
    private long otherHands() {
        String nodes = test.expectedGraph().stream().filter(line -> line.startsWith("{"))
                .collect(Collectors.joining());
        List<String> held = test.cypher("MATCH (e:Entity) RETURN DISTINCT e.id AS id ORDER BY id").stream()
                .map(row -> row.get("id").asString()).filter(nodes::contains).limit(8).toList();
        test.cypher("MATCH (e:Entity) WHERE e.id IN $ids SET e.title = 'spoiled', e.more = 1",
                Map.of("ids", held.subList(0, 3)));
        test.cypher("MATCH (e:Entity) WHERE e.id IN $ids SET e:Old REMOVE e:Entity", Map.of("ids", held.subList(3, 4)));
        test.cypher("MATCH (s)-[r:RELATION]->(t) WITH s, r, t ORDER BY r.id LIMIT 3"
                + " CREATE (t)-[turned:RELATION]->(s) SET turned = properties(r) DELETE r");
        String relations = test.expectedGraph().stream().filter(line -> !line.startsWith("{"))
                .collect(Collectors.joining());
        test.cypher("MATCH ()-[r:RELATION]->() RETURN DISTINCT r.id AS id ORDER BY id DESC").stream()
                .map(row -> row.get("id").asString()).filter(id -> relations.contains("id=" + id)).limit(1)
                .forEach(id -> test.cypher("MATCH ()-[r:RELATION {id: $id}]->() CREATE (e:Entity)"
                        + " SET e = properties(r) DELETE r", Map.of("id", id)));
        return test.cypher("UNWIND $ids AS id CREATE (:Other)-[:SEEN]->(e:Entity:Mine {id: id}) RETURN id",
                Map.of("ids", held.subList(4, 8))).size();
    }

    @Test
    @DisplayName("A slow connection changes nothing")
    void aSlowConnectionChangesNothing() throws IOException {
        DriftedStores.fill(test, new Random(1), ENTITIES);
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            postgres.delay(Duration.ofMillis(4));
            neo4j.delay(Duration.ofMillis(4));
            assertEquals(ExitCode.IN_SYNC,
                    WholeJob.run(test.settings(postgres, neo4j), report(), BATCH_SIZE).exitCode());
        }
        assertEquals(test.expectedGraph(), test.graph());
    }

    /** What a client sees of it, whatever server it is that says so: ours is no cluster. */
    @ParameterizedTest
    @ValueSource(strings = {"Neo.ClientError.Cluster.NotALeader", "Neo.TransientError.Cluster.ReplicationFailure"})
    @DisplayName("A change of the leader is waited for")
    void aLeaderThatChangesIsWaitedFor(String code) throws IOException {
        DriftedStores.fill(test, new Random(1), ENTITIES);
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            Failure ended = WholeJob.run(test.settings(postgres, neo4j), report(), BATCH_SIZE,
                    () -> neo4j.refuseTransactions(4, code), Duration.ofMinutes(1));

            assertEquals(ExitCode.IN_SYNC, ended.exitCode(), ended.message());
            assertEquals(0, neo4j.refusals());
        }
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A leader that does not come back is reported in one line, and the next run goes on")
    void aLeaderThatDoesNotComeBackIsReportedInOneLineAndTheNextRunGoesOn() throws IOException {
        DriftedStores.fill(test, new Random(1), ENTITIES);
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            Failure ended = WholeJob.run(test.settings(postgres, neo4j), report(), BATCH_SIZE,
                    () -> neo4j.refuseTransactions(Integer.MAX_VALUE, "Neo.ClientError.Cluster.NotALeader"),
                    Duration.ofSeconds(1));

            assertEquals(ExitCode.UNREACHABLE, ended.exitCode(), ended.message());
            assertTrue(ended.message().matches("Neo4j.*refused by a proxy.*"), ended.message());
            assertWholeOrAbsent(ended.message());
        }
        assertEquals(ExitCode.IN_SYNC, WholeJob.run(test.settings(), report(), BATCH_SIZE).exitCode());
        assertEquals(test.expectedGraph(), test.graph());
    }

    /** As a password that expires does it: the connections that there are end, and no other is let in. */
    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "neo4j"})
    @DisplayName("A login that ends in the middle is reported at once, and the next run goes on")
    void aLoginThatEndsInTheMiddleIsReportedAtOnceAndTheNextRunGoesOn(String server) throws IOException {
        boolean inPostgres = server.equals("postgresql");
        DriftedStores.fill(test, new Random(1), ENTITIES);
        String password = test.settings().neo4jPassword().orElseThrow();
        test.sql("CREATE ROLE operator LOGIN PASSWORD '" + password + "'");
        test.sql("GRANT SELECT ON entity TO operator");
        test.cypher("CREATE USER operator SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
        AtomicInteger requests = new AtomicInteger();
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            ConnectionSettings through = test.settings(postgres, neo4j);
            through.postgres().setProperty("user", "operator");
            ConnectionSettings settings = new ConnectionSettings(through.postgresUrl(), through.postgres(),
                    through.neo4jUri(), "operator", Optional.of(password), Optional.empty(), through.queryTimeout());
            Runnable expiry = () -> {
                if (requests.incrementAndGet() != 20) {
                    return;
                }
                if (inPostgres) {
                    test.sql("ALTER ROLE operator VALID UNTIL '2020-01-01'");
                    test.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'operator'");
                } else {
                    test.cypher("ALTER USER operator SET PASSWORD 'another, from now on'");
                    test.cypher(
                            "CALL dbms.listConnections() YIELD connectionId, username WHERE username = 'operator' "
                            + "WITH collect(connectionId) AS ids CALL dbms.killConnections(ids) YIELD message RETURN "
                            + "message");
                }
            };

            Failure ended = WholeJob.run(settings, report(), BATCH_SIZE,
                    () -> (inPostgres ? postgres : neo4j).beforeEachRequest(expiry), Duration.ofMinutes(5));

            assertTrue(requests.get() >= 20, "never came so far");
            assertEquals(ExitCode.UNREACHABLE, ended.exitCode(), ended.message());
            assertTrue(ended.message()
                    .matches((inPostgres ? "PostgreSQL refuses the login: .*; check PGUSER and PGPASSWORD, or ~/.pgpass"
                            : "Neo4j refuses the login: .*; check NEO4J_USERNAME and NEO4J_PASSWORD")
                            + ".*; it is safe to run again"), ended.message());
            assertWholeOrAbsent(ended.message());
        } finally {
            test.sql("DROP OWNED BY operator");
            test.sql("DROP ROLE operator");
            test.cypher("DROP USER operator");
        }
        assertEquals(ExitCode.IN_SYNC, WholeJob.run(test.settings(), report(), BATCH_SIZE).exitCode());
        assertEquals(test.expectedGraph(), test.graph());
    }

    private void assertWholeOrAbsent(String story) throws IOException {
        if (Files.exists(report())) {
            JsonNode report = Json.MAPPER.readTree(report().toFile());
            assertEquals(report.get("n_missing").asInt() + report.get("n_outdated").asInt()
                    + report.get("n_strange").asInt() + report.at("/check/n_altered").asInt(),
                    report.get("entity_ids_to_reindex").size(), story);
            assertTrue(report.has("check"), story);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> !file.equals(report())).toList(), story);
        }
    }

    private Path report() {
        return folder.resolve("report.json");
    }
}
