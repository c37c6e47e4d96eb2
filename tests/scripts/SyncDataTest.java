package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.fixture.EveryClass.ALSO_NOT_DELETED;
import static syncdata.fixture.EveryClass.MISSING;
import static syncdata.fixture.EveryClass.MISSING_RELATION;
import static syncdata.fixture.EveryClass.NEW;
import static syncdata.fixture.EveryClass.NOT_DELETED;
import static syncdata.fixture.EveryClass.NOW;
import static syncdata.fixture.EveryClass.OK;
import static syncdata.fixture.EveryClass.OLD;
import static syncdata.fixture.EveryClass.OUTDATED;
import static syncdata.fixture.EveryClass.STRANGE;
import static syncdata.fixture.Script.CHECK_LOGGER;
import static syncdata.fixture.Script.REPAIR_LOGGER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import syncdata.fixture.EveryClass;
import syncdata.fixture.FaultProxy;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.run.Json;
import syncdata.run.Version;

/** The script sync-data.java as an operator runs it: a process on real databases. */
@Order(TestOrder.LONG)
class SyncDataTest {
    private static final String SECRET = "a-secret-not-to-be-told";

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A dry run reports every class and changes nothing")
    void aDryRunReportsEveryClassAndChangesNothing() throws IOException {
        EveryClass.put(test);
        List<String> before = test.graph();
        Instant started = Instant.now();

        Script script = sync("--dry-run");

        assertEquals("", script.errors());
        assertEquals(10, script.exitCode());
        assertEquals(String.join("\n",
                "{\"event\":\"Starting data check\",\"level\":\"info\"," + CHECK_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"Data check finished\",\"level\":\"info\"," + CHECK_LOGGER
                        + ",\"n_missing\":2,\"n_not_deleted\":2,\"n_ok\":1,\"n_outdated\":1,\"n_strange\":1,"
                        + "\"timestamp\":T}",
                "{\"event\":\"Writing check_results file\",\"filename\":\"" + report() + "\",\"level\":\"info\","
                + CHECK_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"sync-data.done\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"timestamp\":T,\"took\":TOOK,\"total\":0}",
                ""), Script.withoutTimes(script.output()));
        assertEquals(before, test.graph());

        assertEquals(List.of(report()), files());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(report())));
        ObjectNode report = readReport();
        JsonNode check = report.remove("check");
        assertEquals("{\"entity_ids_to_delete\":[\"" + NOT_DELETED + "\",\"" + ALSO_NOT_DELETED + "\"]"
                + ",\"entity_ids_to_reindex\":[\"" + MISSING_RELATION + "\",\"" + OUTDATED + "\",\"" + STRANGE + "\",\""
                + MISSING + "\"]"
                + ",\"n_missing\":2,\"n_not_deleted\":2,\"n_ok\":1,\"n_outdated\":1,\"n_strange\":1}",
                report.toString());
        assertSaysWhereItComesFrom(check, started);
        assertSumsUpTheDifferences(check.get("summary"));
    }

    @Test
    @DisplayName("A run repairs and a second one finds nothing")
    void aRunRepairsAndASecondOneFindsNothing() throws IOException {
        EveryClass.put(test);

        Script first = sync("--max-deletes", "100%", "--no-journal");

        assertEquals("", first.errors());
        assertEquals(0, first.exitCode());
        assertEquals(String.join("\n",
                "{\"event\":\"Starting data check\",\"level\":\"info\"," + CHECK_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"Data check finished\",\"level\":\"info\"," + CHECK_LOGGER
                        + ",\"n_missing\":2,\"n_not_deleted\":2,\"n_ok\":1,\"n_outdated\":1,\"n_strange\":1,"
                        + "\"timestamp\":T}",
                "{\"event\":\"Writing check_results file\",\"filename\":\"" + report() + "\",\"level\":\"info\","
                + CHECK_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"Deleting 2 entities that should not be in Neo4J\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"timestamp\":T}",
                "{\"event\":\"sync-data.done\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"timestamp\":T,\"took\":TOOK,\"total\":6}",
                ""), Script.withoutTimes(first.output()));
        assertEquals(repaired(), test.graph());
        assertEquals(6, differences(readReport()));

        Script second = sync();

        assertEquals("", second.errors());
        assertEquals(0, second.exitCode());
        assertEquals("Deleting 0 entities that should not be in Neo4J", second.events().get(3).get("event").asText());
        assertEquals(0, second.events().get(4).get("total").asInt());
        assertEquals(repaired(), test.graph());
        assertEquals(0, differences(readReport()));
        assertEquals(5, readReport().get("n_ok").asInt());
        assertEquals(List.of(report()), files());
    }

    @Test
    @DisplayName("Without indexes a warning names the statement for each, and the repair is still right")
    void withoutIndexesAWarningNamesTheStatementForEachAndTheRepairIsStillRight() {
        EveryClass.put(test);
        test.dropSchema();
        try {
            Script script = sync("--max-deletes", "100%");

            assertEquals(0, script.exitCode(), script.errors());
            List<JsonNode> warnings = script.events().stream()
                    .filter(event -> event.get("level").asText().equals("warning")).toList();
            assertEquals(6, warnings.size(), script.output());
            assertEquals(6, warnings.stream().map(event -> event.get("statement").asText())
                    .filter(statement -> statement.startsWith("CREATE INDEX ")).distinct().count());
            assertEquals(repaired(), test.graph());

            warnings.stream().map(event -> event.get("statement").asText()).forEach(statement -> {
                if (statement.contains("CONCURRENTLY")) {
                    test.sql(statement);
                } else {
                    test.cypher(statement);
                }
            });
            test.cypher("CALL db.awaitIndexes(60)");
            Script second = sync();
            assertFalse(second.output().contains("warning"), second.output());
        } finally {
            test.createIndexes();
        }
    }

    @Test
    @DisplayName("An entity that cannot be repaired is named, and the others are repaired")
    void anEntityThatCannotBeRepairedIsNamedAndTheOthersAreRepaired() throws IOException {
        test.entity(OK, "indicator", "taken", NOW);
        test.node(OK, "indicator", "taken", NOW);
        test.entity(MISSING, "ttp", "taken", NOW);
        test.entity(OUTDATED, "ttp", "free", NOW);
        test.node(OUTDATED, "ttp", "free", OLD);
        test.node(NOT_DELETED, "ttp", "gone", NOW);
        test.cypher("CREATE CONSTRAINT title FOR (e:Entity) REQUIRE e.title IS UNIQUE");
        try {
            Script script = sync("--max-deletes", "100%");

            assertEquals("", script.errors());
            assertEquals(11, script.exitCode());
            List<JsonNode> failures = script.events().stream()
                    .filter(event -> event.get("level").asText().equals("error")).toList();
            assertEquals(1, failures.size(), script.output());
            assertEquals(MISSING.toString(), failures.get(0).get("entity_id").asText());
            assertTrue(failures.get(0).get("cause").asText()
                    .contains("already exists with label `Entity` and property `title` = 'taken'"), script.output());
            assertEquals(2, last(script.events()).get("total").asInt());
            assertEquals(test.expectedGraph().stream().filter(line -> !line.contains(MISSING.toString())).toList(),
                    test.graph());
            assertEquals(3, differences(readReport()));
        } finally {
            test.cypher("DROP CONSTRAINT title");
        }
    }

    @Test
    @DisplayName("Diffs say what differs in outdated and strange entities")
    void diffsSayWhatDiffersInOutdatedAndStrangeEntities() throws IOException {
        test.entity(OUTDATED, "ttp", "now", NOW);
        test.cypher(
                "CREATE (:Entity {id: $id, type: 'indicator', title: 'then', score: 7, created_at: "
                + "datetime('2020-01-01'), last_updated_at: datetime($old)})",
                Map.of("id", OUTDATED.toString(), "old", OLD));
        test.entity(STRANGE, "report", "one", NOW);
        test.node(STRANGE, "report", "one", NOW);
        test.node(STRANGE, "report", "two", NEW);
        test.entity(MISSING, "ttp", "missing", NOW);
        test.node(NOT_DELETED, "ttp", "gone", NOW);

        Script script = sync("--dry-run", "--print-diffs");

        assertEquals(10, script.exitCode(), script.errors());
        String expected = """
                {"%s":{"class":"outdated","type":"ttp","n_in_neo4j":1,"properties":{
                "last_updated_at":{"postgresql":"2024-06-01T00:00:00.123456Z","neo4j":"2024-01-01T00:00:00Z"},
                "score":{"postgresql":null,"neo4j":7},
                "title":{"postgresql":"now","neo4j":"then"},
                "type":{"postgresql":"ttp","neo4j":"indicator"}}},
                "%s":{"class":"strange","type":"report","n_in_neo4j":2,"properties":{
                "last_updated_at":{"postgresql":"2024-06-01T00:00:00.123456Z","neo4j":[
                "2024-06-01T00:00:00.123456Z","2024-12-01T00:00:00Z"]},
                "title":{"postgresql":"one","neo4j":["one","two"]}}}}
                """.formatted(OUTDATED, STRANGE);
        assertEquals(expected.replace("\n", ""), readReport().get("diffs").toString());
        List<String> fields = new ArrayList<>();
        readReport().fieldNames().forEachRemaining(fields::add);
        assertEquals(List.of("entity_ids_to_delete", "entity_ids_to_reindex", "n_missing", "n_not_deleted", "n_ok",
                "n_outdated", "n_strange", "diffs", "check"), fields);
    }

    @Test
    @DisplayName("A report on standard output stands there alone, and events go to standard error")
    void aReportOnStandardOutputStandsThereAloneAndEventsGoToStandardError() throws IOException {
        EveryClass.put(test);
        List<String> before = test.graph();

        Script script = run(Map.of(), "--check-results-file", "-", "--dry-run");

        assertEquals(10, script.exitCode(), script.errors());
        assertEquals(6, differences(Json.MAPPER.readTree(script.output())));
        assertTrue(script.output().startsWith("{") && script.output().endsWith("}\n"), script.output());
        assertEquals(List.of("Starting data check", "Data check finished", "Writing check_results file",
                "sync-data.done"),
                Script.events(script.errors()).stream().map(event -> event.get("event").asText()).toList());
        assertEquals("-", Script.events(script.errors()).get(2).get("filename").asText());
        assertEquals(before, test.graph());
        assertFalse(Files.exists(TestDatabases.PROJECT.resolve("-")));
    }

    /**
     * Midnight on the first of June is an instant between the two entities' changes in UTC, and before both in Berlin.
     */
    static Stream<List<String>> changedAfter() {
        return Stream.of(
                List.of("2024-06-01", "2024-06-01T00:00:00.000000Z", "1"),
                List.of("2024-06-01T00:00:00+02:00", "2024-05-31T22:00:00.000000Z", "2"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changedAfter")
    @DisplayName("--changed-after is UTC unless it says otherwise")
    void changedAfterIsUtcUnlessItSaysOtherwise(List<String> row) throws IOException {
        test.entity(OK, "ttp", "before midnight", "2024-05-31T23:00:00Z");
        test.entity(MISSING, "ttp", "after midnight", "2024-06-01T01:00:00Z");
        test.entity(OUTDATED, "ttp", "long ago", OLD);

        Script script = run(Map.of("TZ", "America/New_York"), "--check-results-file", "-", "--dry-run",
                "--changed-after", row.get(0));

        assertEquals(10, script.exitCode(), script.errors());
        assertEquals(row.get(1), Json.MAPPER.readTree(script.output()).at("/check/changed_after").asText());
        assertEquals(row.get(2), Json.MAPPER.readTree(script.output()).get("n_missing").asText());
    }

    @Test
    @DisplayName("Entity types choose what is checked and repaired")
    void entityTypesChooseWhatIsCheckedAndRepaired() throws IOException {
        EveryClass.put(test);

        Script script = sync("--entity-types", "relation,ttp", "--max-deletes", "100%");

        assertEquals(0, script.exitCode(), script.errors());
        assertEquals("[\"relation\",\"ttp\"]", readReport().at("/check/entity_types").toString());
        assertEquals("[\"" + NOT_DELETED + "\"]", readReport().get("entity_ids_to_delete").toString());
        assertEquals("[\"" + MISSING_RELATION + "\",\"" + OUTDATED + "\"]",
                readReport().get("entity_ids_to_reindex").toString());
        assertEquals(1, readReport().at("/check/n_dangling").asInt());
        assertTrue(test.graph().stream().anyMatch(line -> line.contains(ALSO_NOT_DELETED.toString())),
                "a report is not looked at");
    }

    /** What cannot be used, the settings and the arguments with it, and what the error says. */
    private record Wrong(String what, int exitCode, Map<String, String> settings, List<String> arguments,
            List<String> says) {
        private static Wrong of(String what, int exitCode, Map<String, String> settings, String arguments,
                String... says) {
            return new Wrong(what, exitCode, settings, arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")),
                    List.of(says));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Wrong> wrong() {
        Map<String, String> right = TestDatabases.empty().environment();
        String postgres = right.get("PGHOST") + ":" + right.get("PGPORT");
        URI neo4j = URI.create(right.get("NEO4J_URI"));
        Map<String, String> none = Map.of();
        return Stream.of(
                Wrong.of("an unknown option", 2, none, "--dry-runn", "--dry-runn", "did you mean --dry-run?"),
                Wrong.of("an unknown type", 2, none, "--entity-types ttp,indicater", "\"indicater\"",
                        "did you mean indicator?",
                        "campaign, course-of-action, eclecticiq-sighting, exploit-target, incident, indicator, "
                        + "report, threat-actor, ttp, relation"),
                Wrong.of("a batch of none", 2, none, "--batch-size 0", "--batch-size is 0", "whole number from 1"),
                Wrong.of("a batch that is no number", 2, none, "--batch-size abc", "--batch-size", "abc"),
                Wrong.of("a date that cannot be read", 2, none, "--changed-after yesterday",
                        "--changed-after is \"yesterday\"", "2024-05-31"),
                Wrong.of("a password in PostgreSQL's URL", 2, none,
                        "--postgres-url jdbc:postgresql://localhost/postgres?user=me&password=" + SECRET,
                        "--postgres-url", "PGPASSWORD"),
                Wrong.of("a login in PostgreSQL's URL", 2, none, "--postgres-url jdbc:postgresql://me:" + SECRET
                        + "@localhost/postgres", "--postgres-url", "PGPASSWORD"),
                Wrong.of("a login in Neo4j's URI", 2, none, "--neo4j-uri bolt://neo4j:" + SECRET + "@localhost",
                        "--neo4j-uri", "NEO4J_PASSWORD"),
                Wrong.of("PostgreSQL's password", 20, Map.of("PGPASSWORD", SECRET), "", "PostgreSQL refuses the login",
                        "PGPASSWORD"),
                Wrong.of("no password for PostgreSQL", 20, Map.of("PGPASSWORD", ""), "",
                        "PostgreSQL asks for a password", "PGPASSWORD"),
                Wrong.of("Neo4j's password", 20, Map.of("NEO4J_PASSWORD", SECRET), "", "Neo4j refuses the login",
                        "NEO4J_PASSWORD"),
                Wrong.of("no password for Neo4j", 20, Map.of("NEO4J_PASSWORD", ""), "", "Neo4j refuses the login",
                        "NEO4J_PASSWORD"),
                Wrong.of("PostgreSQL's port", 20, Map.of("PGPORT", "1"), "", "PostgreSQL cannot be reached", "PGPORT"),
                Wrong.of("PostgreSQL's host", 20, Map.of("PGHOST", "no.such.host.invalid"), "",
                        "PostgreSQL cannot be reached", "no.such.host.invalid", "PGHOST"),
                Wrong.of("PostgreSQL's database", 20, Map.of("PGDATABASE", "nowhere"), "", "\"nowhere\"", "PGDATABASE"),
                Wrong.of("Neo4j's port", 20, none, "--neo4j-uri neo4j://localhost:1", "Neo4j cannot be reached",
                        "localhost:1", "NEO4J_URI", "disabled by default from 2.12.0 on"),
                Wrong.of("Neo4j's host", 20, none, "--neo4j-uri bolt://no.such.host.invalid:7687",
                        "Neo4j cannot be reached", "no.such.host.invalid", "disabled by default from 2.12.0 on"),
                Wrong.of("Neo4j's database", 20, none, "--neo4j-database nowhere", "nowhere", "NEO4J_DATABASE"),
                Wrong.of("Neo4j in PostgreSQL's place", 20,
                        Map.of("PGHOST", neo4j.getHost(), "PGPORT", "" + neo4j.getPort()), "",
                        "PostgreSQL cannot be reached", "swapped"),
                Wrong.of("PostgreSQL in Neo4j's place", 20, none, "--neo4j-uri bolt://" + postgres,
                        "Neo4j cannot be reached", "disabled by default from 2.12.0 on"),
                Wrong.of("each in the other's place", 20,
                        Map.of("PGHOST", neo4j.getHost(), "PGPORT", "" + neo4j.getPort(), "NEO4J_URI",
                                "bolt://" + postgres), "", "cannot be reached"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    @DisplayName("What cannot be used ends in one line without a report")
    void whatCannotBeUsedEndsInOneLineWithoutAReport(Wrong wrong) {
        drift();
        List<String> arguments = new ArrayList<>(List.of("--check-results-file", report().toString()));
        arguments.addAll(wrong.arguments());
        assertRefused(wrong.exitCode(), run(wrong.settings(), arguments.toArray(String[]::new)), wrong.says());
    }

    @Test
    @DisplayName("A report file is needed and must be one that can be written")
    void aReportFileIsNeededAndMustBeOneThatCanBeWritten() throws IOException {
        drift();
        assertRefused(2, run(Map.of()), List.of("--check-results-file"));
        assertRefused(2, run(Map.of(), "--check-results-file", folder + "/absent/report.json"),
                List.of(folder + "/absent/report.json", "folder does not exist"));
        assertRefused(2, run(Map.of(), "--check-results-file", folder.toString()),
                List.of(folder.toString(), "is a folder"));
    }

    @Test
    void aMissingTableIsNamed() {
        drift();
        test.sql("ALTER TABLE entity RENAME TO entity_elsewhere");
        try {
            assertRefused(2, sync(), List.of("relation \"entity\" does not exist", "PGDATABASE"));
        } finally {
            test.sql("ALTER TABLE entity_elsewhere RENAME TO entity");
        }
    }

    @Test
    @DisplayName("A graph of other labels is not taken for an empty one")
    void aGraphOfOtherLabelsIsNotTakenForAnEmptyOne(@TempDir Path queries) throws IOException {
        test.entity(OK, "ttp", "kept", NOW);
        test.cypher("CREATE (:Person {name: 'somebody'})");
        // Neo4j never forgets a label that it has known, and other tests have told it of ours.
        Files.writeString(queries.resolve("node-states.cypher"),
                Files.readString(TestDatabases.PROJECT.resolve("lib/queries/node-states.cypher"))
                        .replace("MATCH (e:Entity)", "MATCH (e:NeverKnown)"));

        Script script = sync("--queries", queries.toString());

        assertEquals(2, script.exitCode());
        assertError(script, List.of("1 nodes", "label", "NEO4J_DATABASE"));
        assertEquals(List.of("Starting data check"),
                script.events().stream().map(event -> event.get("event").asText()).toList());
        assertEquals(List.of(), files());
        assertEquals(1, test.cypher("MATCH (n) RETURN n").size());
    }

    static Stream<List<String>> mistakes() {
        return Stream.of(
                List.of("entity-page.sql",
                        "SELECT id, last_updated_at, true AS selected, false AS relation FROM entity",
                        "named parameters"),
                List.of("entity-projection.sql", "SELECT id, tytle FROM entity WHERE id = ANY (:ids)",
                        "column \"tytle\" does not exist"),
                List.of("node-page.cypher", "MATCH (e:Entity RETURN e", "Invalid input"),
                List.of("write-nodes.cypher", "UNWIND $rows AS row MERGE (e:Entity {id: row.id}) SET f = row",
                        "Variable `f` not defined"),
                List.of("node-pages.cypher", "MATCH (e) RETURN e", "replaces no built-in query"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    @DisplayName("A mistake in a query file is found before the check and names the file")
    void aMistakeInAQueryFileIsFoundBeforeTheCheckAndNamesTheFile(List<String> mistake, @TempDir Path queries)
            throws IOException {
        drift();
        Files.writeString(queries.resolve(mistake.get(0)), mistake.get(1));
        assertRefused(2, sync("--queries", queries.toString()),
                List.of(queries.toString(), mistake.get(0), mistake.get(2)));
    }

    @Test
    @DisplayName("A query file wins over the built-in one")
    void aQueryFileWinsOverTheBuiltInOne(@TempDir Path queries) throws IOException {
        drift();
        Files.writeString(queries.resolve("entity-types.txt"), "malware\n");
        Files.writeString(queries.resolve("entity-projection.sql"),
                "SELECT id, 'from a file' AS title, last_updated_at FROM entity WHERE id = ANY (:ids)");
        test.entity(MISSING, "{\"type\":\"malware\"}", NOW);

        Script script = sync("--queries", queries.toString(), "--entity-types", "malware");

        assertEquals(0, script.exitCode(), script.errors());
        assertTrue(test.graph().contains("{id=" + MISSING
                + ", last_updated_at=2024-06-01T00:00:00.123456, title=from a file}"), String.valueOf(test.graph()));
    }

    @Test
    @DisplayName("What the environment does not say comes from the settings file and pgpass")
    void whatTheEnvironmentDoesNotSayComesFromTheSettingsFileAndPgpass(@TempDir Path home) throws IOException {
        drift();
        Map<String, String> right = test.environment();
        Path pgpass = Files.writeString(home.resolve(".pgpass"),
                "*:*:*:" + right.get("PGUSER") + ":" + right.get("PGPASSWORD") + "\n");
        Files.setPosixFilePermissions(pgpass, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(home.resolve(".sync-data.properties"),
                "PGHOST=" + right.get("PGHOST") + "\nPGPORT=" + right.get("PGPORT") + "\nPGUSER=" + right.get("PGUSER")
                + "\nPGDATABASE=nowhere\nNEO4J_URI=" + right.get("NEO4J_URI")
                + "\nNEO4J_USERNAME=neo4j\nNEO4J_PASSWORD=" + right.get("NEO4J_PASSWORD") + "\n");

        assertRefused(20, runAtHome(home, Map.of(), "--dry-run"), List.of("\"nowhere\""));
        Script script = runAtHome(home, Map.of("PGDATABASE", right.get("PGDATABASE")), "--dry-run");

        assertEquals("", script.errors());
        assertEquals(10, script.exitCode());
    }

    @Test
    @DisplayName("A settings file that cannot be read is named")
    void aSettingsFileThatCannotBeReadIsNamed(@TempDir Path home) throws IOException {
        drift();
        Files.writeString(home.resolve(".sync-data.properties"), "NEO4J_PASSWORD=" + SECRET + "ü\n",
                StandardCharsets.ISO_8859_1);
        assertRefused(2, runAtHome(home, Map.of()),
                List.of(home.resolve(".sync-data.properties").toString(), "cannot be read"));
    }

    @Test
    @DisplayName("A signal ends the check with its batch and a partial report")
    void aSignalEndsTheCheckWithItsBatchAndAPartialReport() throws IOException, InterruptedException {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 20000)");
        Process process = start(test.environment(), "--batch-size", "1");
        try (BufferedReader output = process.inputReader()) {
            String first = output.readLine();
            assertTrue(first != null && first.contains("Starting data check"), first);

            process.toHandle().destroy(); // SIGTERM; the streams stay open

            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
            assertEquals(143, process.exitValue());
            List<JsonNode> events = Script.events(String.join("\n", output.lines().toList()));
            assertEquals(List.of("The check stopped before its end", "Data check finished",
                    "Writing check_results file", "sync-data.done"),
                    events.stream().map(event -> event.get("event").asText()).toList());
            assertEquals("SIGTERM", events.get(0).get("reason").asText());
            JsonNode report = readReport();
            assertTrue(report.at("/check/partial").asBoolean(), report.at("/check").toString());
            assertEquals(report.get("entity_ids_to_reindex").size(), report.get("n_missing").asInt());
            assertTrue(report.get("n_missing").asInt() < 20000);
            String upTo = report.at("/check/checked_up_to").asText("");
            report.get("entity_ids_to_reindex")
                    .forEach(id -> assertTrue(id.asText().compareTo(upTo) <= 0, id + " is beyond " + upTo));
            assertEquals(List.of(), test.graph());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisplayName("A signal ends the repair with its batch, and the next run completes it")
    void aSignalEndsTheRepairWithItsBatchAndTheNextRunCompletesIt() throws IOException, InterruptedException {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 5000)");
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            Process process = start(test.environment(postgres, neo4j), "--batch-size", "100");
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null
                        && !line.contains("Deleting 0 entities"); line = output.readLine()) {
                    if (line.contains("Writing check_results file")) {
                        neo4j.delay(Duration.ofMillis(20));
                    }
                }
                process.toHandle().destroy();

                assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
                assertEquals(143, process.exitValue());
                JsonNode stopped = Script.events(
                        String.join("\n", output.lines().filter(line -> line.startsWith("{")).toList())).stream()
                        .filter(event -> event.get("event").asText().equals("The repair stopped before its end"))
                        .findFirst().orElseThrow();
                assertEquals("SIGTERM", stopped.get("reason").asText());
                assertEquals(test.graph().size(), stopped.get("n_reindexed").asInt());
                assertTrue(stopped.get("n_reindexed").asInt() < 5000, stopped.toString());
            } finally {
                process.destroyForcibly();
            }
        }
        assertEquals(0, sync().exitCode());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A second signal ends the run at once")
    void aSecondSignalEndsTheRunAtOnce() throws IOException, InterruptedException {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 5000)");
        try (FaultProxy postgres = test.proxyOfPostgres(); FaultProxy neo4j = test.proxyOfNeo4j()) {
            Process process = start(test.environment(postgres, neo4j), "--dry-run");
            try (BufferedReader output = process.inputReader()) {
                assertTrue(String.valueOf(output.readLine()).contains("Starting data check"));
                postgres.breakAfter(0, FaultProxy.Fault.BLACK_HOLE, null);
                process.toHandle().destroy();
                assertFalse(process.waitFor(1, TimeUnit.SECONDS), "it waits for an answer");
                process.toHandle().destroy();
                assertTrue(process.waitFor(5, TimeUnit.SECONDS), "still running");
                assertEquals(143, process.exitValue());
                assertFalse(Files.exists(report()));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Process start(Map<String, String> environment, String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of(TestDatabases.PROJECT.resolve("jbang").toString(), "sync-data.java",
                "--check-results-file", report().toString(),
                "--settle", "0s"));
        line.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(line).directory(TestDatabases.PROJECT.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The graph after a repair of {@link EveryClass}: what PostgreSQL holds, and the node that belongs to nobody. */
    private List<String> repaired() {
        return Stream.concat(test.expectedGraph().stream(), Stream.of("{title=without an id}")).sorted().toList();
    }

    /** One entity of each side, so that a run that should have been refused changes something. */
    private void drift() {
        test.entity(OUTDATED, "ttp", "now", NOW);
        test.node(NOT_DELETED, "ttp", "gone", NOW);
    }

    private Script sync(String... arguments) {
        return run(Map.of(), Stream.concat(Stream.of("--check-results-file", report().toString()),
                Arrays.stream(arguments)).toArray(String[]::new));
    }

    /** Runs with the settings of the databases, but for some. */
    private Script run(Map<String, String> settings, String... arguments) {
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.putAll(settings);
        return start(environment, Stream.of("sync-data.java"), arguments);
    }

    /** Runs with these settings alone, and a home directory of its own. */
    private Script runAtHome(Path home, Map<String, String> settings, String... arguments) {
        Map<String, String> there = new HashMap<>(settings);
        Path here = Path.of(System.getProperty("user.home"));
        there.put("HOME", home.toString());
        there.put("JBANG_DIR", System.getenv().getOrDefault("JBANG_DIR", here.resolve(".jbang").toString()));
        there.put("JBANG_REPO", here.resolve(".m2/repository").toString());
        return start(there, Stream.of("sync-data.java",
                "--check-results-file", report().toString()), arguments);
    }

    /** Every run goes through here: none may tell a password. */
    private Script start(Map<String, String> environment, Stream<String> script, String... arguments) {
        Script run = Script.run(environment, Stream.concat(script, Arrays.stream(arguments)).toArray(String[]::new));
        String told = run.output() + run.errors() + (Files.exists(report()) ? read(report()) : "");
        for (String secret : List.of(SECRET, test.environment().get("PGPASSWORD"),
                test.environment().get("NEO4J_PASSWORD"))) {
            assertFalse(told.contains(secret), "a password in what a run says");
        }
        return run;
    }

    /** One line on standard error and nothing else: no event, no report, no temporary file, no change. */
    private void assertRefused(int exitCode, Script script, List<String> says) {
        assertError(script, says);
        assertEquals(exitCode, script.exitCode(), script.errors());
        assertEquals("", script.output());
        assertEquals(List.of(), files());
        assertEquals(List.of("{created_at=2020-01-01T00:00:00.000000, id=" + NOT_DELETED
                + ", last_updated_at=2024-06-01T00:00:00.123456, title=gone, type=ttp}"), test.graph());
    }

    private static void assertError(Script script, List<String> says) {
        assertEquals(1, script.errors().lines().count(), script.errors());
        assertTrue(script.errors().startsWith("error: "), script.errors());
        says.forEach(part -> assertTrue(script.errors().contains(part), part + " is not in " + script.errors()));
    }

    private void assertSaysWhereItComesFrom(JsonNode check, Instant started) {
        Map<String, String> environment = test.environment();
        assertEquals(Version.NUMBER, check.get("tool_version").asText());
        Instant from = Instant.parse(check.get("started").asText());
        Instant to = Instant.parse(check.get("finished").asText());
        assertTrue(started.isBefore(from) && !from.isAfter(to) && to.isBefore(Instant.now()), check.toString());
        assertEquals(environment.get("PGHOST") + ":" + environment.get("PGPORT"),
                check.at("/postgresql/host").asText());
        assertEquals(environment.get("PGDATABASE"), check.at("/postgresql/name").asText());
        assertTrue(check.at("/postgresql/system_identifier").asText().matches("\\d{10,}"), check.toString());
        assertEquals(URI.create(environment.get("NEO4J_URI")).getAuthority(), check.at("/neo4j/host").asText());
        assertEquals("neo4j", check.at("/neo4j/name").asText());
        assertEquals(test.cypher("CALL db.info() YIELD id").get(0).get("id").asString(),
                check.at("/neo4j/database_id").asText());
        assertTrue(check.get("entity_types").isNull() && check.get("changed_after").isNull(), check.toString());
        assertEquals(1, check.get("n_dangling").asInt());
        assertEquals(1, check.get("n_without_id").asInt());
        assertEquals(0, check.get("n_with_other_id").asInt());
    }

    private static void assertSumsUpTheDifferences(JsonNode summary) {
        assertEquals(
                "{\"incident\":{\"missing\":1},\"relation\":{\"missing\":1},\"report\":{\"strange\":1,\"not "
                + "deleted\":1},\"ttp\":{\"outdated\":1,\"not deleted\":1}}",
                summary.get("by_type").toString());
        assertEquals("[{\"from_seconds\":2592000,\"to_seconds\":31536000,\"n\":1}]", summary.get("behind").toString());
        assertEquals("{\"seconds_per_bin\":60,\"bins\":{\"2024-06-01T00:00:00Z\":2},\"most\":null}",
                summary.get("missing_last_changed").toString());
        assertEquals("{\"id\":\"" + MISSING_RELATION
                + "\",\"class\":\"missing\",\"type\":\"relation\",\"title\":\"uses\""
                + ",\"last_updated_at\":{\"postgresql\":\"" + NOW + "\",\"neo4j\":null},\"n_in_neo4j\":0}",
                summary.at("/oldest/2").toString());
        assertEquals(List.of("gone", "gone", "uses", "now", "now", "missing"),
                summary.get("oldest").findValuesAsText("title"));
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private ObjectNode readReport() throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(report().toFile());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files beside the report, and it. */
    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int differences(JsonNode report) {
        return Stream.of("n_missing", "n_not_deleted", "n_outdated", "n_strange")
                .mapToInt(name -> report.get(name).asInt()).sum();
    }

    private static JsonNode last(List<JsonNode> events) {
        return events.get(events.size() - 1);
    }
}
