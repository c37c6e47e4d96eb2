package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

@DisplayName("Text and files of others")
class HostileTextTest {
    /** A new line, what clears a screen in two ways, and what turns the direction of writing. */
    private static final String HOSTILE = "a\nb\u001b[2J\u009b2J\u202ez";
    private static final String VISIBLE = "a\\nb\\u001b[2J\\u009b2J\\u202ez";
    private static final UUID OUTDATED = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);
    private static final UUID RELATION = new UUID(1, 3);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("reach no terminal, error, plain event or page with their control characters")
    void controlCharactersAreVisible() throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.entity(OUTDATED, data(Map.of("type", HOSTILE, "title", HOSTILE)), "2024-06-01Z");
        test.entity(OTHER, data(Map.of("type", "ttp")), "2024-06-01Z");
        test.entity(RELATION,
                data(Map.of("type", "relation", "source", OUTDATED.toString(), "target", OTHER.toString(), "key",
                        HOSTILE)),
                "2024-06-01Z");
        test.cypher("CREATE (:Entity {id: $id, type: $hostile, last_updated_at: datetime('2020-01-01')})",
                Map.of("id", OUTDATED.toString(), "hostile", HOSTILE));
        Path report = folder.resolve("report.json");
        Path page = folder.resolve("page.html");

        List<Script> scripts = new ArrayList<>();
        scripts.add(run(test, "check", "--check-results-file", report.toString(), "--print-diffs", "--page",
                page.toString(), "--settle", "0s",
                "--log-format", "plain"));
        scripts.add(run(test, "apply-report", "--dry-run", report.toString(), "--log-format", "plain"));
        scripts.add(run(test, "explain-entity", OUTDATED.toString(), RELATION.toString()));
        scripts.add(run(test, "explain-entity", "--format", "json", OUTDATED.toString()));
        scripts.add(run(test, "compare-reports", report.toString(), report.toString()));
        scripts.add(run(test, "compare-reports", report.toString(), HOSTILE));
        scripts.add(run(test, "explain-entity", HOSTILE));
        scripts.add(run(test, "check", "--check-results-file", report.toString(), "--entity-types", HOSTILE));
        scripts.add(run(test, "check", "--check-results-file", report.toString(), "--neo4j-uri", "bolt://" + HOSTILE));
        scripts.add(run(test, "undo", HOSTILE));

        assertAll(scripts.stream().map(script -> () -> assertHarmless(script.output() + script.errors())));
        assertEquals(0, scripts.stream().filter(script -> script.errors().contains("\tat ")).count());
        assertTrue(scripts.get(1).output().contains("reindex\t" + OUTDATED + "\toutdated\t" + VISIBLE + "\n"),
                scripts.get(1).output());
        assertTrue(scripts.get(2).output().contains(VISIBLE), scripts.get(2).output());
        assertHarmless(Files.readString(page));
        assertTrue(Files.readString(page).contains(VISIBLE));
        assertEquals(HOSTILE, Json.MAPPER.readTree(report.toFile()).at("/diffs/" + OUTDATED + "/type").asText());
    }

    @Test
    @DisplayName(
            "a report with a million fields that are not known is read in a small memory, and one that is damaged is "
            + "one line")
    void aHostileReportOfAnySize() throws IOException {
        Path many = report("many.json", "x%d", 1_000_000, "%s}");
        Script read = small(many);
        assertEquals(0, read.exitCode(), read.errors());

        Path check = report("check.json", "x%d", 1_000_000, "\"check\":{%s}}");
        Path cut = report("cut.json", "x%d", 1_000_000, "%s");
        Path text = folder.resolve("text.json");
        Files.writeString(text, seven() + "\"check\":{\"finished\":\"" + "x".repeat(30_000_000) + "\"}}");
        for (Path damaged : List.of(check, cut, text)) {
            Script script = small(damaged);
            assertEquals(2, script.exitCode(), damaged + script.errors());
            assertTrue(script.errors().matches("error: The report .*\n"), script.errors());
        }
    }

    @Test
    @DisplayName("a page that cannot be written stops no repair")
    void aPageStopsNoRepair() {
        TestDatabases test = TestDatabases.empty();
        test.entity(OTHER, data(Map.of("type", "ttp")), "2024-06-01Z");
        Script script = Script.run(test.environment(), "sync-data.java", "--check-results-file",
                folder.resolve("report.json").toString(),
                "--page", "/dev/full", "--no-journal", "--settle", "0s");
        assertEquals(2, script.exitCode(), script.errors());
        assertTrue(script.errors()
                .startsWith("error: The page /dev/full could not be written: No space left on device; "),
                script.errors());
        assertTrue(Files.exists(folder.resolve("report.json")));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("a temporary folder that takes nothing is one line with advice")
    void aTemporaryFolderThatTakesNothing() throws IOException {
        Path report = Files.writeString(folder.resolve("report.json"), seven() + "\"x\":1}");
        Script script = Script.run(Map.of(), "run", "--runtime-option=-Djava.io.tmpdir=" + folder.resolve("absent"),
                "checks/compare-reports.java", report.toString(), report.toString());
        assertEquals(2, script.exitCode(), script.errors());
        assertTrue(script.errors()
                .matches(
                        "error: The temporary folder .*/absent cannot be used: it does not exist; make room there, "
                        + ".*\n"),
                script.errors());
    }

    private static void assertHarmless(String text) {
        String hostile = text.codePoints()
                .filter(c -> Character.isISOControl(c) && c != '\n' && c != '\t'
                        || Character.getType(c) == Character.FORMAT)
                .mapToObj(c -> String.format("U+%04X", c)).findFirst().orElse("");
        assertEquals("", hostile, text);
    }

    private Script run(TestDatabases test, String script, String... arguments) {
        return Script.run(test.environment(),
                Stream.concat(Stream.of("checks/" + script + ".java"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Script small(Path report) {
        Path sound = folder.resolve("many.json");
        return Script.run(Map.of(), "run", "--runtime-option=-Xmx64m", "checks/compare-reports.java", report.toString(),
                sound.toString());
    }

    private static String seven() {
        return "{\"entity_ids_to_delete\":[],\"entity_ids_to_reindex\":[],\"n_missing\":0,\"n_not_deleted\":0,"
                + "\"n_ok\":0,"
                + "\"n_outdated\":0,\"n_strange\":0,";
    }

    private Path report(String name, String field, int count, String around) throws IOException {
        Path file = folder.resolve(name);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            String[] parts = around.split("%s", -1);
            out.write(seven() + parts[0]);
            for (int i = 0; i < count; i++) {
                out.write((i == 0 ? "\"" : ",\"") + String.format(field, i) + "\":1");
            }
            out.write(parts[1]);
        }
        return file;
    }

    private static String data(Map<String, String> fields) {
        return Json.line(new HashMap<>(fields));
    }
}
