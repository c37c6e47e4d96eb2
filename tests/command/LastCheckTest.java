package syncdata.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.run.InputException;

@DisplayName("--changed-after last")
class LastCheckTest {
    private static final String REPORT = "{\"entity_ids_to_delete\":[],\"entity_ids_to_reindex\":[],\"n_missing\":0,"
            + "\"n_not_deleted\":0,\"n_ok\":1,\"n_outdated\":0,\"n_strange\":0%s}";
    private static final String CHECK = ",\"check\":{\"started\":\"2024-05-31T22:00:00.000001Z\",\"partial\":false,"
            + "\"entity_types\":[\"ttp\"],\"slice\":null,\"compared\":\"timestamps\",\"changed_after\":null}";
    private static final Selection TTP = Selection.ofTypes(Set.of("ttp"));

    @TempDir
    private Path folder;

    @DisplayName("is when the last check began, less the time to settle")
    @Test
    void whenItBegan() throws IOException {
        assertEquals(Instant.parse("2024-05-31T21:59:30Z").getEpochSecond() * 1_000_000 + 1,
                LastCheck.read(report(CHECK)).began(TTP, Comparison.TIMESTAMPS, Duration.ofSeconds(30)));
    }

    @DisplayName("is refused where the report is none to go on from")
    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                  | ''                       | does not say when
            "partial":false     | "partial":true           | is partial
            "slice":null        | "slice":"1/3"            | another --entity-types, --slice or --compare
            ["ttp"]             | null                     | another --entity-types, --slice or --compare
            "timestamps"        | "content"                | another --entity-types, --slice or --compare
            """)
    void refused(String part, String other, String expected) throws IOException {
        Path file = report(part.isEmpty() ? "" : CHECK.replace(part, other));
        String error = assertThrows(InputException.class, () ->
                LastCheck.read(file).began(TTP, Comparison.TIMESTAMPS, Duration.ZERO)).getMessage();
        assertTrue(error.contains(expected) && error.contains("check everything once"), error);
    }

    @DisplayName("is refused where there is no report")
    @Test
    void withoutReport() {
        for (String name : new String[] {"none.json", "-"}) {
            Path file = name.equals("-") ? Path.of(name) : folder.resolve(name);
            assertTrue(assertThrows(InputException.class, () -> LastCheck.read(file)).getMessage()
                    .contains(" is none"));
        }
    }

    private Path report(String check) throws IOException {
        return Files.writeString(folder.resolve("report.json"), REPORT.formatted(check));
    }
}
