package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The whole lines of a file")
class WholeLinesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}: {1}, cut off {2}")
    @CsvSource({"'', '', false", "one|, one, false", "one|two|, 'one,two', false", "one|tw, one, true", "tw, '', true",
            "||, ',', false", "ü|, ü, false"})
    @DisplayName("are those that end")
    void lines(String text, String expected, boolean cutOff) throws IOException {
        try (FileChannel channel = file(text.replace('|', '\n'))) {
            WholeLines lines = new WholeLines(channel, 0, 100);
            assertEquals(expected, String.join(",", all(lines)));
            assertEquals(cutOff, lines.isCutOff());
        }
    }

    @Test
    @DisplayName("are known by their place, from which they can be read again")
    void places() throws IOException {
        String text = "a".repeat(10_000) + "\n" + "b".repeat(20_000) + "\nc\n"; // longer than what is read at a time
        try (FileChannel channel = file(text)) {
            WholeLines lines = new WholeLines(channel, 0, 100_000);
            for (Optional<WholeLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                assertEquals(line.get().text(),
                        new WholeLines(channel, line.get().start(), 100_000).next().orElseThrow().text());
                assertEquals('\n', text.charAt((int) line.get().end() - 1));
            }
        }
    }

    @Test
    @DisplayName("are refused where one is too long, before all of it is in memory")
    void tooLong() throws IOException {
        try (FileChannel channel = file("x".repeat(100_000))) {
            assertThrows(IOException.class, () -> new WholeLines(channel, 0, 1000).next());
        }
    }

    private static List<String> all(WholeLines lines) throws IOException {
        List<String> all = new ArrayList<>();
        for (Optional<WholeLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            all.add(line.get().text());
        }
        return all;
    }

    private FileChannel file(String text) throws IOException {
        return FileChannel.open(Files.writeString(folder.resolve("lines"), text));
    }
}
