package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;

/** The scripts show-report.java and runs.java as processes, on saved reports and without a database. */
@DisplayName("What runs have left")
class SavedRunsTest {
    private static final String OUTDATED = "06abe3f5-eb73-4050-a77c-fd7c5f57398c";
    private static final String MISSING = "1bf72535-a83b-45b3-a3d0-ee20f6a113b6";
    private static final String GONE = "d99812a7-b329-4dfa-bb98-ac21d570c427";
    private static final String REPORT = """
            {"entity_ids_to_delete":["%3$s"],"entity_ids_to_reindex":["%1$s","%2$s"],
             "n_missing":1,"n_not_deleted":1,"n_ok":2284,"n_outdated":1,"n_strange":0,
             "diffs":{"%1$s":{"class":"outdated","type":"indicator","n_in_neo4j":1,"properties":{
               "last_updated_at":{"postgresql":"2024-06-01T00:00:00.000000Z","neo4j":"2024-05-01T00:00:00.000000Z"},
               "title":{"postgresql":"ghost\\u001b[2J","neo4j":"old"}}}},
             "check":{"started":"2026-11-27T09:51:11.520690Z","finished":"2026-11-27T09:52:00.000000Z"}}
            """.formatted(OUTDATED, MISSING, GONE);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("is shown in a table of 80 columns, with nothing that a terminal obeys")
    void isShownInATable() throws IOException {
        assertEquals(new Script(0, """
                Checked Fri 27 Nov 2026 09:52 UTC.
                3 of 2,287 entities differ: 1 outdated, 1 missing, 1 not deleted.

                class     type       changed     behind   title
                outdated  indicator  2024-06-01  31 days  ghost\\u001b[2J
                  06abe3f5-eb73-4050-a77c-fd7c5f57398c

                1 of 3 that fit are shown, last changed longest ago; --limit shows more.
                """, ""), show("--limit", "1"));
    }

    @Test
    @DisplayName("is filtered by class, type and text, for other scripts too")
    void isFiltered() throws IOException {
        assertEquals(new Script(0, GONE + "\n", ""), show("--class", "not-deleted", "--format", "ids"));
        assertEquals(new Script(0, OUTDATED + "\n", "note: of 2 entities the report says no more than the id, so that "
                + "nobody knows whether they fit\n"), show("--text", "GHOST", "--format", "ids"));
        assertEquals(0, show("--entity-types", "ttp", "--format", "ids").output().length());
        assertEquals(new Script(2, "", "error: --class is \"strnge\": did you mean strange? (--help lists the "
                + "options)\n"), show("--class", "strnge"));
    }

    @Test
    @DisplayName("is listed by folder, the oldest first; what is no report is left out, and what is damaged is said")
    void isListed() throws IOException {
        save();
        Files.writeString(folder.resolve("settings.json"), "{\"other\":1}");
        Files.writeString(folder.resolve("first.journal"), "no journal\n");

        assertEquals(new Script(0, """
                at a time unknown  first.journal
                  damaged. Undo: no
                2026-11-27 09:51  report.json
                  found 1 outdated, 1 missing, 1 not deleted of 2,287
                """, ""), Script.run(Map.of(), "runs", folder.toString()));
        assertEquals(new Script(0, "There is no report and no journal here.\n", ""),
                Script.run(Map.of(), "runs", Files.createDirectory(folder.resolve("empty")).toString()));
    }

    private Script show(String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "show-report";
        arguments[1] = save().toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return Script.run(Map.of(), arguments);
    }

    private Path save() throws IOException {
        return Files.writeString(folder.resolve("report.json"), REPORT);
    }
}
