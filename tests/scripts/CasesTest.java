package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Documentation;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.run.Json;

/** The folders of tests/cases, each of which fills both databases, runs a script and says what must come out. */
@Order(TestOrder.LONG)
@DisplayName("A case that needs no Java")
class CasesTest {
    private static final Path CASES = TestDatabases.PROJECT.resolve("tests/cases");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> comesOutAsItSays() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            List<Path> cases = files.filter(Files::isDirectory).sorted().toList();
            assertTrue(cases.size() > 5, "there are cases");
            return cases.stream().map(one -> DynamicTest.dynamicTest(one.getFileName().toString(), () -> run(one)));
        }
    }

    private void run(Path given) throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.sql(Files.readString(given.resolve("postgres.sql")));
        statements(given.resolve("graph.cypher")).forEach(test::cypher);

        Path here = Files.createDirectory(folder.resolve(given.getFileName()));
        List<Script> runs = new ArrayList<>();
        for (String command : commands(given)) {
            runs.add(Script.shellAtOnce(test.environment(), "cd '" + here + "'\n" + command));
        }

        JsonNode expected = Json.MAPPER.readTree(given.resolve("expected.json").toFile());
        String output = runs.stream().map(Script::output).reduce("", String::concat);
        String errors = runs.stream().map(Script::errors).reduce("", String::concat);
        assertAll(
                () -> assertEquals(expected.path("exit_codes").toString(),
                        Json.MAPPER.valueToTree(runs.stream().map(Script::exitCode).toList()).toString(), errors),
                () -> assertHolds(expected.path("report"), here.resolve("report.json")),
                () -> expected.path("output").forEach(text -> assertTrue(output.contains(text.asText()), output)),
                () -> expected.path("errors").forEach(text -> assertTrue(errors.contains(text.asText()), errors)),
                () -> {
                    if (expected.has("in_sync")) {
                        assertEquals(expected.get("in_sync").asBoolean(), test.graph().equals(test.expectedGraph()),
                                "in sync");
                    }
                },
                () -> {
                    for (String query : statements(given.resolve("expected.cypher"))) {
                        test.cypher(query).forEach(row -> assertEquals(true, row.get(0).asObject(), query));
                    }
                });
    }

    /** What is run, one after the other: lines after {@code ./jbang}, or a recipe as it stands. */
    private static List<String> commands(Path given) throws IOException {
        String jbang = TestDatabases.PROJECT.resolve("jbang").toString();
        if (Files.exists(given.resolve("recipe"))) {
            String heading = Files.readString(given.resolve("recipe")).strip();
            String recipe = String.join("\n", Documentation.page("docs/runbook.md").section(heading).commands());
            assertTrue(recipe.contains("./jbang "), "docs/runbook.md has commands under \"" + heading + "\"");
            return List.of(recipe.replace("./jbang ", jbang + " "));
        }
        return Files.readString(given.resolve("arguments")).lines().map(line -> jbang + " " + line).toList();
    }

    private static List<String> statements(Path file) throws IOException {
        return !Files.exists(file) ? List.of()
                : Stream.of(Files.readString(file).replaceAll("(?m)^//.*$", "").split(";\\s*(\\R|$)"))
                        .filter(statement -> !statement.isBlank()).toList();
    }

    private static void assertHolds(JsonNode expected, Path report) throws IOException {
        if (!expected.isMissingNode()) {
            assertHolds("", expected, Json.MAPPER.readTree(report.toFile()));
        }
    }

    private static void assertHolds(String name, JsonNode expected, JsonNode actual) {
        if (expected.isObject()) {
            expected.properties().forEach(field ->
                    assertHolds(name + "/" + field.getKey(), field.getValue(), actual.path(field.getKey())));
        } else {
            assertEquals(expected.toString(), actual.toString(), name);
        }
    }
}
