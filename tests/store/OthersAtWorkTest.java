package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Session;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

/** What a run sees of others in the databases, and what it does then. */
class OthersAtWorkTest {
    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("sessions of others are at work while they do something, not while they are open")
    void visibleSessions() {
        try (SourceStore ours = SourceStore.connect(test.settings(), Queries.builtIn())) {
            become(false, () -> ours.survey().activity().inUse());
            try (Handle others = test.openPlatform()) {
                others.execute("SELECT 1");
                assertTrue(ours.survey().activity().inUse());
                assertFalse(ours.survey().activity().hidden());
                become(false, () -> ours.survey().activity().inUse());
            }
        }
    }

    @Test
    @DisplayName("sessions that the user may not see are at work while rows are written, not while they are open")
    void hiddenSessions() {
        ConnectionSettings settings = test.settings();
        test.sql("CREATE ROLE reader LOGIN PASSWORD 'for-tests-only'");
        settings.postgres().setProperty("user", "reader");
        try (SourceStore unprivileged = SourceStore.connect(settings, Queries.builtIn());
                Handle others = test.openPlatform()) {
            others.execute("SELECT 1");
            OthersAtWork look = new OthersAtWork(unprivileged.survey()::activity, () -> 0, () -> false);
            assertTrue(unprivileged.survey().activity().hidden());
            become(false, () -> isSeen(look));
            assertFalse(Stream.generate(() -> isSeen(look)).limit(6).anyMatch(seen -> seen),
                    "an open session counts as work");
            become(true, () -> {
                others.execute("INSERT INTO entity VALUES (gen_random_uuid(), '{}', now(), now())");
                return isSeen(look);
            });
            become(false, () -> isSeen(look));
        } finally {
            test.sql("DROP ROLE reader");
        }
    }

    /** Looks as often as a run does. */
    private static boolean isSeen(OthersAtWork look) {
        sleep(500);
        return look.get().isPresent();
    }

    @Test
    @DisplayName("transactions of others in Neo4j are work")
    void inNeo4j() {
        try (GraphStore ours = GraphStore.connect(test.settings(), Queries.builtIn(), AccessMode.READ);
             Session session = test.openPlatformInNeo4j()) {
            become(false, ours.survey()::isInUse);
            try (var transaction = session.beginTransaction()) {
                transaction.run("MATCH (n) RETURN count(n)").consume();
                assertTrue(ours.survey().isInUse());
            }
            become(false, ours.survey()::isInUse);
        }
    }

    @Test
    @DisplayName("A run beside a platform at work says that it leaves it room")
    void aRunBesideAPlatformAtWorkSaysThatItLeavesItRoom() throws Exception {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 3000)");
        CompletableFuture<Script> check = CompletableFuture.supplyAsync(() -> check("--rate", "1000"));
        boolean lowered = !Files.isDirectory(Path.of("/proc/self/task"));
        try (Handle others = test.openPlatform()) {
            while (!check.isDone()) {
                others.execute("SELECT 1");
                lowered |= ProcessHandle.current().descendants()
                        .anyMatch(process -> niceness(process) > niceness(ProcessHandle.current()));
                sleep(20);
            }
        }
        Script script = check.get();
        assertEquals(10, script.exitCode(), script.errors());
        assertTrue(lowered, "did not let others on this host go first");
        assertTrue(script.output()
                .contains(
                        "\"event\":\"Others are at work in the databases: leaving them most of the "
                        + "time\",\"level\":\"info\""), script.output());
        assertTrue(script.output()
                .contains("\"work\":\"sessions of PostgreSQL that did something in the last half second\""),
                script.output());
        assertTrue(script.output().contains("\"share\":\"15%\"") && script.output().contains("\"n_missing\":3000"),
                script.output());

        Script refused = check("--share", "0%");
        assertEquals(2, refused.exitCode());
        assertEquals(
                "error: --share is \"0%\": give a whole number of percent, from 1% to 100% (--help lists the "
                + "options)\n", refused.errors());
    }

    @DisplayName("Each script that repairs says how long it was held back")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"sync-data --rate 50 --check-results-file FOLDER/report.json",
            "apply-report --rate 50 FOLDER/report.json", "reindex-entity --rate 50 - < FOLDER/ids",
            "undo FOLDER/repair.journal"}) // each is at work for seconds, so that it sees the others
    void saysHowLongItWasHeldBack(String line) throws Exception {
        test.sql("INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, ?)", line.startsWith("undo") ? 3000 : 100);
        assertEquals(10, check().exitCode());
        Files.writeString(folder.resolve("ids"), ids(Files.readString(folder.resolve("report.json"))));
        if (line.startsWith("undo")) {
            assertEquals(0, run("apply-report FOLDER/report.json --journal FOLDER/repair.journal").exitCode());
        }
        CompletableFuture<Script> running = CompletableFuture.supplyAsync(() ->
                run(line + " --share 50%"));
        try (Handle others = test.openPlatform()) {
            while (!running.isDone()) {
                others.execute("SELECT 1");
                sleep(20);
            }
        }
        Script script = running.get();
        assertEquals(0, script.exitCode(), script.errors());
        String said = (script.output() + script.errors()).lines()
                .filter(event -> event.contains("Held back while others were at work in the databases")).findAny()
                .orElseThrow(() -> new AssertionError(script.output() + script.errors()));
        assertTrue(said.contains("held_back") && said.contains("50%") && said.contains("sessions of PostgreSQL"), said);
    }

    private Script run(String line) {
        return Script.shell(test.environment(), "./jbang " + line.replace("FOLDER", folder.toString()));
    }

    private static String ids(String report) throws IOException {
        List<String> ids = new ArrayList<>();
        Json.MAPPER.readTree(report).get("entity_ids_to_reindex").forEach(id -> ids.add(id.asText()));
        return String.join("\n", ids);
    }

    /**
     * The 19th field of proc(5)'s stat, which counts from the process's name in parentheses; 0 for a process that has
     * ended.
     */
    private static int niceness(ProcessHandle process) {
        try {
            return Integer.parseInt(Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                    .replaceFirst("^.*\\) ", "").split(" ")[16]);
        } catch (IOException ended) {
            return 0;
        }
    }

    private Script check(String... options) {
        return Script.run(test.environment(),
                Stream.concat(Stream.of("checks/check.java", "--check-results-file",
                        folder.resolve("report.json").toString()), Stream.of(options)).toArray(String[]::new));
    }

    private static void become(boolean expected, BooleanSupplier state) {
        for (int i = 0; i < 500 && state.getAsBoolean() != expected; i++) {
            sleep(20);
        }
        assertEquals(expected, state.getAsBoolean());
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
