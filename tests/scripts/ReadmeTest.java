package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import syncdata.fixture.Documentation;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.run.Json;

/** README.md and docs: their commands as they stand there, their links, and the page of all options. */
@Order(TestOrder.LONG)
@DisplayName("The documentation")
class ReadmeTest {
    private static final int MOST_LINES = 180;
    private static final String TESTS = "./jbang tests/all-tests.java";
    /** Options of other programs that the pages speak of, and of scripts that are not the operator's. */
    private static final Set<String> OTHER_OPTIONS =
            Set.of("--serve", "--now", "--system", "--create", "--runtime-option", "--latency", "--class", "--jars",
                    "--deploy-mode");

    @AfterEach
    void deleteWhatTheyWrite() throws IOException {
        for (String file : List.of("report.json", "after.json", "first.jsonl", "page.html",
                ".report.json.checkpoint")) {
            Files.deleteIfExists(TestDatabases.PROJECT.resolve(file));
        }
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(TestDatabases.PROJECT, "*.journal")) {
            for (Path journal : journals) {
                Files.delete(journal);
            }
        }
    }

    @TestFactory
    @DisplayName("has commands that work as they stand")
    Stream<DynamicTest> everyCommandWorksAsItStands() {
        List<DynamicTest> pages = new ArrayList<>();
        for (Documentation page : Documentation.pages()) {
            List<String> commands = page.commands().stream().filter(command -> !isForTests(command)).toList();
            if (!commands.isEmpty()) {
                pages.add(DynamicTest.dynamicTest(page.file(), () -> run(page.file(), commands)));
            }
        }
        return pages.stream();
    }

    /** Runs them one after the other on a graph in which an entity is missing until one of them repairs it. */
    private void run(String page, List<String> commands) throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.entity(new UUID(1, 1), "indicator", "a", "2024-06-01Z");
        if (page.equals("README.md")) {
            assertTrue(commands.contains("./jbang doctor"), "a person is told to begin with the doctor");
        }
        for (String command : commands) {
            String last = command.lines().reduce("", (before, line) -> line);
            boolean looks = last.matches("./jbang check(-on-spark)? .*|.* --dry-run");
            boolean finds = looks && !test.graph().equals(test.expectedGraph());
            Script script = Script.shell(test.environment(), command);
            assertEquals(finds ? 10 : 0, script.exitCode(), command + "\n" + script.errors());
        }
        deleteWhatTheyWrite();
    }

    @Test
    @DisplayName("begins with a README that is short")
    void beginsShort() {
        assertTrue(Documentation.page("README.md").text().lines().count() <= MOST_LINES);
    }

    @Test
    @DisplayName("names all options as the scripts do: ./jbang options-page > docs/options.md")
    void namesAllOptions() {
        Script made = Script.run(Map.of(), "options-page");
        assertEquals(0, made.exitCode(), made.errors());
        assertEquals(made.output(), Documentation.page("docs/options.md").text(),
                "docs/options.md is not what the scripts say: ./jbang options-page > docs/options.md");
    }

    @Test
    @DisplayName("speaks of no option that there is not")
    void speaksOfOptionsThatThereAre() {
        Set<String> known = new TreeSet<>(Documentation.page("docs/options.md").options());
        known.addAll(OTHER_OPTIONS);
        assertAll(Documentation.pages().stream().filter(page -> !page.file().endsWith("CHANGELOG.md"))
                .map(page -> () -> {
            Set<String> unknown = new TreeSet<>(page.options());
            unknown.removeAll(known);
            assertEquals(Set.of(), unknown, page.file());
        }));
    }

    @Test
    @DisplayName("has a line for each script in the README's table")
    void hasALineForEachScript() throws IOException {
        String readme = Documentation.page("README.md").text();
        JsonNode aliases = Json.MAPPER.readTree(TestDatabases.PROJECT.resolve("jbang-catalog.json").toFile())
                .get("aliases");
        assertAll(aliases.properties().stream()
                .filter(alias -> !alias.getValue().get("script-ref").asText().startsWith("tests/"))
                .map(alias -> () -> assertTrue(readme.contains("\n| `" + alias.getKey() + "` | "), alias.getKey())));
    }

    @Test
    @DisplayName("has no link that leads nowhere")
    void hasNoDeadLink() {
        assertAll(Documentation.pages().stream().flatMap(page -> page.links().stream().map(link -> () -> {
            if (!link.contains("://")) {
                String file = link.replaceFirst("#.*$", "");
                Path folder = Path.of(page.file()).resolveSibling("");
                String target = file.isEmpty() ? page.file() : folder.resolve(file).normalize().toString();
                assertTrue(Files.exists(TestDatabases.PROJECT.resolve(target)), page.file() + ": " + link);
                if (link.contains("#")) {
                    String anchor = link.substring(link.indexOf('#') + 1);
                    assertTrue(Documentation.page(target).anchors().contains(anchor), page.file() + ": " + link);
                }
            }
        })));
    }

    @Test
    @DisplayName("and CI run the tests alike")
    void ciRunsTheCommandForTheTests() throws IOException {
        assertTrue(Documentation.page("docs/design.md").commands().contains(TESTS));
        assertTrue(Files.readString(TestDatabases.PROJECT.resolve(".ci/run")).lines().toList().contains(TESTS));
    }

    /** These run what runs this, or for many minutes. */
    private static boolean isForTests(String command) {
        return command.contains("all-tests.java") || command.contains("quick.java")
                || command.contains("benchmark.java");
    }
}
