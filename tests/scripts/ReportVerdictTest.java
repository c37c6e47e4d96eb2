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

/** The line that report-page says beside the page. */
@DisplayName("report-page, where the page goes to a file,")
class ReportVerdictTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("says the page's verdict in a line")
    void saysTheVerdictInALine() throws IOException {
        assertEquals("3 of 2,003 entities differ (0.15 %): 1 outdated and 2 missing.\n", verdict(2, 1));
        assertEquals("In sync: all 2,000 entities checked have the same timestamps in Neo4j as in PostgreSQL.\n",
                verdict(0, 0));
    }

    private String verdict(int missing, int outdated) throws IOException {
        StringBuilder ids = new StringBuilder();
        for (int i = 1; i <= missing + outdated; i++) {
            ids.append(i == 1 ? "" : ",").append("\"00000000-0000-0001-0000-00000000000").append(i).append('"');
        }
        Path report = Files.writeString(folder.resolve("report.json"), """
                {"entity_ids_to_delete":[],"entity_ids_to_reindex":[%s],"n_missing":%d,"n_not_deleted":0,"n_ok":2000,
                "n_outdated":%d,"n_strange":0}
                """.formatted(ids, missing, outdated));
        Script script = Script.run(Map.of(), "report-page", "--page", folder.resolve("page.html").toString(),
                report.toString());
        assertEquals(0, script.exitCode(), script.errors());
        return script.output();
    }
}
