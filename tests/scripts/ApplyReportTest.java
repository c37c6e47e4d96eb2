package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static syncdata.fixture.EveryClass.ALSO_NOT_DELETED;
import static syncdata.fixture.EveryClass.MISSING;
import static syncdata.fixture.EveryClass.MISSING_RELATION;
import static syncdata.fixture.EveryClass.NOT_DELETED;
import static syncdata.fixture.EveryClass.NOW;
import static syncdata.fixture.EveryClass.OK;
import static syncdata.fixture.EveryClass.OUTDATED;
import static syncdata.fixture.Script.CHECK_LOGGER;
import static syncdata.fixture.Script.REPAIR_LOGGER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.check.Check;
import syncdata.fixture.EveryClass;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.repair.Receipt;
import syncdata.repair.RepairChoice;
import syncdata.repair.RepairPlan;
import syncdata.repair.ReportOrigin;
import syncdata.report.Report;
import syncdata.report.ReportFile;
import syncdata.report.ReportReader;
import syncdata.rules.RepairAction;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** The scripts check.java and apply-report.java as an operator runs them: processes on real databases. */
class ApplyReportTest {

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A check alone reports and changes nothing")
    void aCheckAloneReportsAndChangesNothing() throws IOException {
        EveryClass.putOrdinary(test);
        List<String> before = test.graph();

        Script found = run("check.java", "--check-results-file", report().toString(), "--print-diffs");

        assertEquals("", found.errors());
        assertEquals(10, found.exitCode());
        assertEquals(String.join("\n",
                "{\"event\":\"Starting data check\",\"level\":\"info\"," + CHECK_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"Data check finished\",\"level\":\"info\"," + CHECK_LOGGER
                + ",\"n_missing\":2,\"n_not_deleted\":2,\"n_ok\":1,\"n_outdated\":1,\"n_strange\":0,\"timestamp\":T}",
                "{\"event\":\"Writing check_results file\",\"filename\":\"" + report() + "\",\"level\":\"info\","
                + CHECK_LOGGER + ",\"timestamp\":T}",
                ""), Script.withoutTimes(found.output()));
        assertEquals(before, test.graph());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(report())));
        ObjectNode report = readReport();
        assertEquals(Set.of(OUTDATED.toString()), names(report.get("diffs")));
        assertEquals(2, report.get("entity_ids_to_delete").size());

        test.sql("TRUNCATE entity");
        test.cypher("MATCH (n) DETACH DELETE n");
        Script inSync = run("check.java", "--check-results-file", report().toString());
        assertEquals(0, inSync.exitCode(), inSync.errors());
    }

    @Test
    @DisplayName("A check piped into apply-report repairs everything")
    void aCheckPipedIntoApplyReportRepairsEverything() {
        EveryClass.putOrdinary(test);
        Script script = Script.shell(test.environment(),
                "./jbang checks/check.java --check-results-file - --settle 0s | ./jbang checks/apply-report.java "
                + "--max-deletes 2 --no-journal -; echo ${PIPESTATUS[*]}");
        assertEquals(test.expectedGraph(), test.graph(), script.errors());
        List<String> lines = script.output().lines().toList();
        assertEquals("10 0", lines.get(lines.size() - 1));
        assertEquals(List.of("Applying a report", "Deleting 2 entities that should not be in Neo4J", "sync-data.done",
                "apply-report.done"),
                names(Script.events(String.join("\n", lines.subList(0, lines.size() - 1)))));
        assertEquals(List.of("Starting data check", "Data check finished", "Writing check_results file"),
                names(Script.events(script.errors())));
    }

    @Test
    @DisplayName("A report is applied as things are now, and twice is once")
    void aReportIsAppliedAsThingsAreNowAndTwiceIsOnce() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        test.entity(NOT_DELETED, "report", "back", NOW);
        test.sql("DELETE FROM entity WHERE id IN (?, ?)", OUTDATED, MISSING_RELATION);
        test.cypher("MATCH (e:Entity {id: $id}) DELETE e", Map.of("id", ALSO_NOT_DELETED.toString()));
        List<String> before = test.graph();

        Script dry = apply("--dry-run", report().toString());

        assertEquals(10, dry.exitCode(), dry.errors());
        assertEquals("reindex\t" + NOT_DELETED + "\toutdated\treport\n" + "delete\t" + OUTDATED + "\tnot deleted\tttp\n"
                + "reindex\t" + MISSING + "\tmissing\tincident\n", dry.output());
        assertEquals(List.of("Applying a report", "Dry run: nothing was changed", "apply-report.done"),
                names(Script.events(dry.errors())));
        assertEquals(before, test.graph());

        Script script = apply(report().toString(), "--results-file", folder.resolve("receipts").toString(),
                "--no-journal");

        assertEquals("", script.errors());
        assertEquals(0, script.exitCode());
        assertEquals(String.join("\n",
                "{\"event\":\"Applying a report\",\"filename\":\"" + report() + "\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"n_to_delete\":2,\"n_to_reindex\":3,\"timestamp\":T}",
                "{\"event\":\"Deleting 1 entities that should not be in Neo4J\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"timestamp\":T}",
                "{\"event\":\"sync-data.done\",\"level\":\"info\"," + REPAIR_LOGGER
                + ",\"timestamp\":T,\"took\":TOOK,\"total\":3}",
                "{\"event\":\"Writing results file\",\"filename\":\"" + folder.resolve("receipts")
                + "\",\"level\":\"info\"," + REPAIR_LOGGER + ",\"timestamp\":T}",
                "{\"event\":\"apply-report.done\",\"level\":\"info\"," + REPAIR_LOGGER
                        + ",\"n_already_in_sync\":0,\"n_deleted\":1,\"n_failed\":0,\"n_gone_meanwhile\":2,"
                        + "\"n_left\":0,\"n_reindexed\":2,\"timestamp\":T}",
                ""), Script.withoutTimes(script.output()));
        assertEquals(test.expectedGraph(), test.graph());
        assertEquals(Map.of(NOT_DELETED, "reindexed", ALSO_NOT_DELETED, "gone meanwhile",
                MISSING_RELATION, "gone meanwhile", OUTDATED, "deleted", MISSING, "reindexed"), receipts());
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("receipts"))));

        Script again = apply(report().toString(), "--results-file", "-");

        assertEquals(0, again.exitCode(), again.errors());
        assertEquals(5, again.output().lines()
                .filter(line ->
                        line.matches("\\{\"id\":\"[0-9a-f-]{36}\",\"outcome\":\"(already in sync|gone meanwhile)\"}"))
                        .count(), again.output());
        assertEquals(List.of("Applying a report", "Deleting 0 entities that should not be in Neo4J", "sync-data.done",
                "Writing results file", "apply-report.done"), names(Script.events(again.errors())));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    void whatIsNotAskedForIsLeft() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        Files.writeString(folder.resolve("ids"), "# from the ticket\n" + MISSING + "\n\n"
                + NOT_DELETED.toString().toUpperCase() + "\n" + OK + "\n" + OUTDATED + "\n");
        test.sql("DELETE FROM entity WHERE id = ?", OUTDATED);

        Script script = apply(report().toString(), "--ids-file", folder.resolve("ids").toString(), "--only", "reindex");

        assertEquals(0, script.exitCode(), script.errors());
        JsonNode ids = script.events().get(1);
        assertEquals(List.of("Only ids that a file names", "4", "3"),
                List.of(ids.get("event").asText(), ids.get("n_ids").asText(), ids.get("n_in_report").asText()));
        JsonNode done = last(script.events());
        assertEquals(List.of("1", "0", "2"),
                List.of(done.get("n_reindexed").asText(), done.get("n_deleted").asText(), done.get("n_left").asText()));
        assertTrue(test.graph().stream().anyMatch(line -> line.contains(MISSING.toString())));
        assertEquals(Set.of(OK, OUTDATED, MISSING, NOT_DELETED, ALSO_NOT_DELETED), nodes());
    }

    @Test
    @DisplayName("A plan holds the first that still differ of the types asked for")
    void aPlanHoldsTheFirstThatStillDifferOfTheTypesAskedFor() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        test.cypher("MATCH (e:Entity {id: $id}) DELETE e", Map.of("id", NOT_DELETED.toString()));
        List<String> lines = new ArrayList<>();
        List<Receipt> skipped = new ArrayList<>();
        try (Databases databases = test.open(); Report report = ReportReader.read(report(), false)) {
            for (RepairChoice choice : List.of(new RepairChoice(Optional.empty(), Set.of()),
                    new RepairChoice(Optional.of(RepairAction.REINDEX), Set.of("incident", "relation", "report")))) {
                try (RepairPlan plan = RepairPlan.of(databases, report, 1, choice, 2,
                        entity -> lines.add(RepairPlan.line(entity)), skipped::add)) {
                    assertEquals(2, plan.toDelete().count() + plan.toReindex().count());
                }
            }
        }
        assertEquals(List.of("delete\t" + ALSO_NOT_DELETED + "\tnot deleted\treport",
                "reindex\t" + MISSING_RELATION + "\tmissing\trelation",
                "reindex\t" + MISSING_RELATION + "\tmissing\trelation",
                "reindex\t" + MISSING + "\tmissing\tincident"), lines);
        assertEquals(List.of(Receipt.of(NOT_DELETED, Receipt.Outcome.GONE_MEANWHILE),
                Receipt.of(OUTDATED, Receipt.Outcome.LEFT),
                Receipt.of(MISSING, Receipt.Outcome.LEFT), Receipt.of(NOT_DELETED, Receipt.Outcome.GONE_MEANWHILE),
                Receipt.of(ALSO_NOT_DELETED, Receipt.Outcome.LEFT), Receipt.of(OUTDATED, Receipt.Outcome.LEFT)),
                skipped);
    }

    @Test
    @DisplayName("A canary is followed by the rest")
    void aCanaryIsFollowedByTheRest() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        assertEquals(List.of("Applying a report", "Deleting 1 entities that should not be in Neo4J"),
                names(apply(report().toString(), "--limit", "1").events()).subList(0, 2));
        assertEquals(Set.of(OK, OUTDATED, ALSO_NOT_DELETED), nodes());
        assertEquals(0, apply(report().toString()).exitCode());
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A report of other databases is refused unless told otherwise")
    void aReportOfOtherDatabasesIsRefusedUnlessToldOtherwise() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        List<String> before = test.graph();
        ObjectNode report = readReport();
        ((ObjectNode) report.at("/check/neo4j")).put("database_id", "0A1B");
        report.withObject("/check").put("partial", true).put("checked_up_to", OUTDATED.toString());
        Json.MAPPER.writeValue(report().toFile(), report);

        Script refused = apply(report().toString(), "--results-file", folder.resolve("receipts").toString());

        assertEquals(12, refused.exitCode(), refused.errors());
        assertEquals(1, refused.errors().lines().count(), refused.errors());
        assertTrue(refused.errors().contains("0A1B") && refused.errors().contains("--any-database"), refused.errors());
        assertEquals(before, test.graph());
        assertFalse(Files.exists(folder.resolve("receipts")));

        Script allowed = apply(report().toString(), "--any-database");

        assertEquals(0, allowed.exitCode(), allowed.errors());
        JsonNode partial = allowed.events().get(1);
        assertEquals(List.of("The report is partial: its check was stopped before the last entity",
                OUTDATED.toString()), List.of(partial.get("event").asText(), partial.get("checked_up_to").asText()));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("The origin is compared as far as it is known")
    void theOriginIsComparedAsFarAsItIsKnown() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        ObjectNode whole = readReport();
        try (Databases databases = test.open()) {
            originOf(whole).requireSame(databases);
            ObjectNode otherServer = whole.deepCopy();
            ((ObjectNode) otherServer.at("/check/postgresql")).put("system_identifier", "1");
            refuses(otherServer, databases, "another PostgreSQL database");
            ObjectNode otherName = whole.deepCopy();
            ((ObjectNode) otherName.at("/check/postgresql")).put("name", "elsewhere");
            refuses(otherName, databases, "elsewhere");
            ObjectNode unknown = whole.deepCopy();
            ((ObjectNode) unknown.at("/check/postgresql")).putNull("system_identifier");
            originOf(unknown).requireSame(databases);
            ObjectNode sevenFields = whole.deepCopy();
            sevenFields.remove("check");
            originOf(sevenFields).requireSame(databases);
        }
    }

    @Test
    @DisplayName("What cannot be used ends in one line and changes nothing")
    void whatCannotBeUsedEndsInOneLineAndChangesNothing() throws IOException {
        EveryClass.putOrdinary(test);
        check();
        List<String> before = test.graph();
        byte[] whole = Files.readAllBytes(report());
        Path half = Files.write(folder.resolve("half.json"), Arrays.copyOf(whole, whole.length / 2));
        Path ids = Files.writeString(folder.resolve("ids"), MISSING + "\n42\n");
        refused(apply(half.toString()), half + " ends half-way");
        refused(apply("-"), "The report on standard input is empty");
        refused(apply(report().toString(), "--ids-file", ids.toString()),
                ids + " cannot be used: line 2: \"42\" is no UUID");
        refused(apply(report().toString(), "--only", "everything"), "--only is \"everything\": give delete or reindex");
        assertEquals(before, test.graph());
    }

    /** The report of one release against another, applied after both sides went on. */
    @Test
    @DisplayName("A report of real data is applied after further changes on both sides")
    void aReportOfRealDataIsAppliedAfterFurtherChangesOnBothSides() throws IOException {
        assumeTrue(Files.isDirectory(AttackDataTest.DATA), "needs the data of two releases in ../shared/data");
        AttackDataTest.insertIntoPostgres(test, AttackDataTest.read("ics-18.1.jsonl.gz"));
        AttackDataTest.insertIntoNeo4j(test, AttackDataTest.read("ics-17.1.jsonl.gz"));
        Script checked = Script.run(test.environment(), "sync-data.java", "--check-results-file", report().toString(),
                "--dry-run");
        assertEquals(10, checked.exitCode(), checked.errors());
        List<String> toDelete = ids("entity_ids_to_delete");
        List<String> toReindex = ids("entity_ids_to_reindex");
        assertTrue(toDelete.size() > 2 && toReindex.size() > 100, toDelete.size() + " and " + toReindex.size());

        test.cypher("MATCH (e:Entity {id: $id}) DETACH DELETE e", Map.of("id", toDelete.get(0)));
        test.sql("INSERT INTO entity SELECT ?::uuid, '{\"type\":\"ttp\",\"title\":\"back\"}', now(), now()",
                toDelete.get(1));
        test.sql("UPDATE entity SET last_updated_at = now(), data = data || '{\"title\":\"again\"}' WHERE id = ?::uuid",
                toReindex.get(0));
        test.sql("DELETE FROM entity WHERE data->>'type' = 'relation' AND id = ANY (?::uuid[])",
                (Object) toReindex.subList(toReindex.size() - 20, toReindex.size()).toArray(String[]::new));
        test.cypher("UNWIND $ids AS id MATCH (e:Entity {id: id}) REMOVE e.last_updated_at",
                Map.of("ids", toReindex.subList(20, 40)));

        Script first = apply(report().toString(), "--results-file", folder.resolve("receipts").toString());

        assertEquals(0, first.exitCode(), first.errors());
        assertEquals(test.expectedGraph(), test.graph());
        assertEquals(toDelete.size() + toReindex.size(), receipts().size());
        List<String> repaired = test.graph();

        Script second = apply(report().toString());

        assertEquals(0, second.exitCode(), second.errors());
        assertEquals(0, second.events().stream().filter(event -> event.get("event").asText().equals("sync-data.done"))
                .findFirst().orElseThrow().get("total").asInt());
        assertEquals(repaired, test.graph());
    }

    private void refuses(ObjectNode report, Databases databases, String says) throws IOException {
        try {
            originOf(report).requireSame(databases);
        } catch (RefusedException e) {
            assertTrue(e.getMessage().contains(says), e.getMessage());
            return;
        }
        throw new AssertionError("not refused: " + report.get("check"));
    }

    private ReportOrigin originOf(ObjectNode report) throws IOException {
        Path copy = folder.resolve("copy.json");
        Json.MAPPER.writeValue(copy.toFile(), report);
        try (Report read = ReportReader.read(copy, false)) {
            return new ReportOrigin(read);
        }
    }

    private static void refused(Script script, String says) {
        assertEquals(2, script.exitCode(), script.errors());
        assertEquals("", script.output());
        assertEquals(1, script.errors().lines().count(), script.errors());
        assertTrue(script.errors().startsWith("error: ") && script.errors().contains(says), script.errors());
    }

    private Set<UUID> nodes() {
        return Set.copyOf(test.cypher("MATCH (e:Entity) RETURN e.id AS id").stream()
                .map(row -> UUID.fromString(row.get("id").asString())).toList());
    }

    /** Writes a report, without a process. */
    private void check() {
        Events silent = Events.silent();
        try (ReportFile file = ReportFile.create(report()); Databases databases = test.open();
                Report report = new Check(databases, silent, Selection.ALL, 1000, false).settling(WholeJob.AT_ONCE)
                .run()) {
            file.write(report, silent);
        }
    }

    private Script apply(String... arguments) {
        return run("apply-report.java",
                Stream.concat(Stream.of("--max-deletes", "100%"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    private Script run(String script, String... arguments) {
        return Script.run(test.environment(),
                Stream.concat(Stream.of("checks/" + script), Arrays.stream(arguments)).toArray(String[]::new));
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private ObjectNode readReport() throws IOException {
        return (ObjectNode) Json.MAPPER.readTree(report().toFile());
    }

    private List<String> ids(String field) throws IOException {
        List<String> ids = new ArrayList<>();
        readReport().get(field).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private Map<UUID, String> receipts() throws IOException {
        Map<UUID, String> receipts = new TreeMap<>();
        List<JsonNode> lines = Script.events(Files.readString(folder.resolve("receipts")));
        lines.forEach(line -> receipts.put(UUID.fromString(line.get("id").asText()), line.get("outcome").asText()));
        assertEquals(lines.size(), receipts.size(), "one receipt for each entity");
        return receipts;
    }

    private static List<String> names(List<JsonNode> events) {
        return events.stream().map(event -> event.get("event").asText()).toList();
    }

    private static Set<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return Set.copyOf(names);
    }

    private static JsonNode last(List<JsonNode> events) {
        return events.get(events.size() - 1);
    }
}
