package syncdata.command;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@DisplayName("The files that a script's arguments name")
class NamedFilesTest {
    @TempDir
    private Path folder;

    @Command(name = "script")
    private static final class Names {
        @Parameters(paramLabel = "REPORT", arity = "0..*")
        private List<Path> reports;

        @Option(names = {"-r", "--check-results-file"})
        private Path report;

        @Option(names = "--page")
        private Path page;

        @Option(names = "--metrics-file")
        private Path metrics;
    }

    @BeforeEach
    void files() throws IOException {
        Path report = Files.writeString(folder.resolve("there.json"), "{}");
        Files.createSymbolicLink(folder.resolve("link.json"), report);
        Files.createSymbolicLink(folder.resolve("dangling.json"), Path.of("absent.json"));
        Files.createLink(folder.resolve("second-name.json"), report);
        Files.createDirectory(folder.resolve("sub"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--check-results-file there.json --page there.json",
            "--page absent.json --metrics-file absent.json",
            "--page there.json --metrics-file link.json", "--page absent.json --metrics-file dangling.json",
            "--page there.json --metrics-file second-name.json", "--page sub/../absent.json --metrics-file absent.json",
            "--page nowhere/a --metrics-file nowhere/a", "there.json --page there.json",
            "other.json there.json --page link.json"})
    @DisplayName("are refused where two arguments mean the same")
    void theSameFileIsRefused(String arguments) {
        ParameterException e = assertThrows(ParameterException.class, () -> requireDistinct(arguments));
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--check-results-file there.json --page absent.json", "there.json there.json",
            "--page sub/a --metrics-file a",
            "--page /dev/null --metrics-file /dev/null"})
    @DisplayName("are taken where each means its own, one names a file twice, or nothing is overwritten")
    void othersAreTaken(String arguments) {
        assertDoesNotThrow(() -> requireDistinct(arguments));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--page - --metrics-file -"})
    @DisplayName("are one standard output for two options")
    void standardOutputIsOne(String arguments) {
        ParameterException e = assertThrows(ParameterException.class, () -> requireDistinct(arguments));
        assertEquals("--page and --metrics-file name the same file, -: give each a file of its own", e.getMessage());
        assertDoesNotThrow(() -> requireDistinct("- --page -"));
    }

    private void requireDistinct(String arguments) {
        CommandLine line = new CommandLine(new Names());
        line.parseArgs(Stream.of(arguments.split(" "))
                .map(word -> word.matches("[a-z].*") ? folder.resolve(word).toString() : word).toArray(String[]::new));
        NamedFiles.requireDistinct(line.getCommandSpec());
    }
}
