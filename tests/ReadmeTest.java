package syncdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The README's commands, as they stand there. */
class ReadmeTest {
    private static final String TESTS = "./jbang tests/all-tests.java";
    private static final Path REPORT = TestDatabases.PROJECT.resolve("report.json");

    @AfterEach
    void deleteReport() throws IOException {
        Files.deleteIfExists(REPORT);
        Files.deleteIfExists(TestDatabases.PROJECT.resolve("page.html"));
    }

    @Test
    void everyCommandWorksAsItStands() throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.entity(new UUID(1, 1), "{\"type\":\"indicator\",\"title\":\"a\"}", "2024-06-01Z");
        List<String> commands = commands().stream().filter(command -> !isForTests(command)).toList();
        assertFalse(commands.isEmpty());
        for (String command : commands) {
            boolean finds = command.contains("--dry-run") && !test.graph().equals(test.expectedGraph());
            Script script = Script.shell(test.environment(), command);
            assertEquals(finds ? 10 : 0, script.exitCode(), command + "\n" + script.errors());
        }
    }

    @Test
    void ciRunsTheCommandForTheTests() throws IOException {
        assertTrue(commands().contains(TESTS));
        assertTrue(Files.readString(TestDatabases.PROJECT.resolve(".ci/run")).lines().toList().contains(TESTS));
    }

    /** These run what runs this, or for many minutes. */
    private static boolean isForTests(String command) {
        return command.contains("all-tests.java") || command.contains("benchmark.java");
    }

    private static List<String> commands() throws IOException {
        String readme = Files.readString(TestDatabases.PROJECT.resolve("README.md"));
        return Pattern.compile("```sh\\R(.*?)\\R```", Pattern.DOTALL).matcher(readme).results().map(match -> match.group(1)).toList();
    }
}
