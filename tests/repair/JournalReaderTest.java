package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.run.InputException;

@DisplayName("A journal")
class JournalReaderTest {
    private static final String HEADER = "{\"journal\":\"graph-sync\",\"started\":\"2024-05-31T22:00:00Z\"}\n";
    private static final String ID = "00000000-0000-0001-0000-000000000001";
    private static final String MADE = "{\"batch\":1,\"node\":\"" + ID
            + "\",\"before\":null,\"after\":{\"last_updated_at\":null}}\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "{}\n", "[]\n", "{\"journal\":\"graph-sync\"", "{\"journal\":{}}\n", "\0\n",
            "null\n"})
    @DisplayName("is known by its first line")
    void noJournal(String text) throws IOException {
        assertEquals("is no journal", said(text).replaceFirst(".*(is no journal).*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", "[]", "null", "", "{\"void\":\"x\"}", "{\"void\":1.5}", "{\"void\":7}",
            "{\"void\":-1}", "{\"batch\":1}",
        "{\"batch\":9,\"node\":\"" + ID + "\",\"before\":null,\"after\":{\"last_updated_at\":null}}",
        "{\"batch\":1,\"node\":\"1\",\"before\":null,\"after\":{\"last_updated_at\":null}}",
        "{\"batch\":1,\"node\":\"1-1-1-1-1\",\"before\":null,\"after\":{\"last_updated_at\":null}}",
        "{\"batch\":1,\"node\":null,\"before\":null,\"after\":{\"last_updated_at\":null}}",
        "{\"batch\":1,\"node\":7,\"before\":null,\"after\":null}",
        "{\"batch\":1,\"node\":\"" + ID
        + "\",\"before\":{\"element\":1,\"labels\":[],\"properties\":{}},\"after\":null}",
        "{\"batch\":1,\"node\":\"" + ID
        + "\",\"before\":{\"element\":\"\",\"labels\":[1],\"properties\":{}},\"after\":null}",
        "{\"batch\":1,\"node\":\"" + ID
        + "\",\"before\":{\"element\":\"\",\"labels\":[],\"properties\":{\"a\":{\"what\":1}}},\"after\":null}",
        "{\"batch\":1,\"node\":\"" + ID
        + "\",\"before\":{\"element\":\"\",\"labels\":[],\"properties\":{\"a\":99999999999999999999}},\"after\":null}",
        "{\"batch\":1,\"relationship\":null,\"before\":{\"element\":\"\",\"type\":\"T\",\"source\":null,"
                + "\"target\":null,\"properties\":{}},\"after\":null}"})
    @DisplayName("with a line that no repair writes is damaged, and says where")
    void damaged(String line) throws IOException {
        String said = said(HEADER + MADE + line + "\n" + MADE);
        assertTrue(said.contains("is damaged") && said.contains("byte " + (HEADER + MADE).length()), said);
    }

    @Test
    @DisplayName("of any depth, length or number is refused in one short line")
    void large() throws IOException {
        for (String line : new String[] {"[".repeat(100_000), "{\"batch\":" + "9".repeat(2000) + "}",
                "{\"" + "n".repeat(60_000) + "\":1}",
                "{\"batch\":1,\"node\":\"\u001b[31m\"}"}) {
            String said = said(HEADER + line + "\n");
            assertTrue(said.contains("is damaged") && said.length() < 500 && said.chars().noneMatch(c -> c < ' '),
                    said);
        }
    }

    @Test
    @DisplayName(
            "tells of a thing in order, of what came to nothing not at all, and of a last line that was cut off "
            + "neither")
    void stories() throws IOException {
        String other = ID.replace('1', '2');
        Path file = Files.writeString(folder.resolve("j"),
                HEADER + MADE + MADE.replace("\"batch\":1", "\"batch\":2").replace(ID, other)
                + MADE.replace("\"batch\":1", "\"batch\":3") + "{\"void\":3}\n" + MADE.substring(0, 20));
        try (JournalReader reader = JournalReader.open(file); JournalIndex index = JournalIndex.of(reader)) {
            assertTrue(reader.isCutOff());
            assertEquals(1, index.find(JournalIndex.Kind.NODE, ID).orElseThrow().entries().size());
            assertEquals(2, index.find(JournalIndex.Kind.NODE, other).orElseThrow().entries().get(0).batch());
            assertFalse(index.find(JournalIndex.Kind.RELATION, ID).isPresent());
            assertFalse(index.find(JournalIndex.Kind.NODE, new UUID(9, 9).toString()).isPresent());
            int[] told = new int[1];
            index.forEachBatch(JournalIndex.Kind.NODE, 1, stories -> told[0] += stories.size());
            assertEquals(2, told[0]);
        }
    }

    @Test
    @DisplayName("stands in the list of runs beside the reports, a damaged one too, and what is neither does not")
    void runs() throws IOException {
        Files.writeString(folder.resolve("report.json.1.journal"), HEADER + MADE);
        Files.writeString(folder.resolve("x.journal"), HEADER + "\u001b\n");
        Files.writeString(folder.resolve("other.json"), "{}");
        Files.writeString(folder.resolve("report.json"),
                "{\"entity_ids_to_delete\":[],\"entity_ids_to_reindex\":[\"" + ID + "\"],\"n_missing\":1,"
                + "\"n_not_deleted\":0,\"n_ok\":4,\"n_outdated\":0,\"n_strange\":0,"
                + "\"check\":{\"started\":\"2024-05-30T00:00:00Z\"}}");
        List<KeptRun> runs = KeptRun.in(folder, journal -> "yes");
        assertEquals(List.of("x.journal: damaged, no", "report.json: found 1 missing of 5, ",
                "report.json.1.journal: changed 1 node, 0 relationships, yes"),
                runs.stream().map(run -> run.file().getFileName() + ": " + run.found() + ", " + run.undo()).toList());
    }

    private String said(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("j"), text);
        return assertThrows(InputException.class, () -> {
            try (JournalReader reader = JournalReader.open(file)) {
                JournalIndex.of(reader).close();
            }
        }).getMessage();
    }
}
