package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;

/** What can be read without scrolling. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
@DisplayName("A line of any source, test, script, query or page of the documentation")
class LineLengthTest {
    private static final int COLUMNS = 120;
    private static final Pattern READ_BY_PEOPLE = Pattern.compile(
            ".*\\.(java|sql|cypher|txt|md|html|css|js|qute|service|timer|tmpfiles|logrotate|env)|"
                    + ".*/(jbang|run|starter)");
    /** Rows of a table, pictures, and JBang's directives, which take one line each. */
    private static final Pattern ONE_LINE =
            Pattern.compile("\\s*\\|.*|.* \\| .* \\| .*|!\\[.*|(//(DEPS|RUNTIME_OPTIONS)|(//|--) index:) .*");
    private static final Set<String> FOLDERS = Set.of("lib", "checks", "docs", "tests", ".ci");

    @Test
    @DisplayName("has at most 120 columns")
    void hasAtMost120Columns() throws IOException {
        List<String> longer = new ArrayList<>();
        try (Stream<Path> top = Files.list(TestDatabases.PROJECT)) {
            for (Path path : top.filter(LineLengthTest::isOurs).toList()) {
                try (Stream<Path> files = Files.walk(path)) {
                    files.filter(Files::isRegularFile)
                            .filter(file -> READ_BY_PEOPLE.matcher(file.toString()).matches())
                            .forEach(file -> longer.addAll(longerLines(file)));
                }
            }
        }
        assertEquals("", String.join("\n", longer));
    }

    private static boolean isOurs(Path path) {
        return Files.isRegularFile(path) || FOLDERS.contains(path.getFileName().toString());
    }

    private static List<String> longerLines(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                    .filter(i -> lines.get(i).length() > COLUMNS && !ONE_LINE.matcher(lines.get(i)).matches())
                    .map(i -> TestDatabases.PROJECT.relativize(file) + ":" + (i + 1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
