package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;

@DisplayName("Entities of twenty megabytes each, in a Java with little memory")
class LargeEntitiesTest {
    private static final int ENTITIES = 6;
    private static final int ALTERED = 3;
    private static final String LENGTHS = "MATCH (e:Entity) RETURN size(e.title) AS length, right(e.title, 1) AS last";

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("are written, mended where one letter differs, deleted and put back")
    void theWholeWay() {
        for (int i = 1; i <= ENTITIES; i++) {
            test.sql("INSERT INTO entity VALUES (?, jsonb_build_object('type', 'ttp', 'title',"
                    + " repeat('0123456789', 2000000)), '2020-01-01Z', '2024-01-01Z')", new UUID(i, i));
        }
        for (int i = 1; i <= ALTERED; i++) {
            test.node(new UUID(i, i), "ttp", "0123456789".repeat(2_000_000).replaceFirst("9$", "x"),
                    "2024-01-01T00:00:00Z");
        }
        sync(ENTITIES);
        assertEquals(1, test.cypher("MATCH (e:Entity) RETURN DISTINCT size(e.title), right(e.title, 1)").size());
        List<String> before = lengths();
        test.sql("DELETE FROM entity WHERE id <> ?", new UUID(1, 1));
        sync(ENTITIES - 1);
        assertEquals(1, lengths().size());
        assertEquals(0, run("checks/undo.java", "--last", folder.toString()).exitCode());
        assertEquals(before, lengths());
    }

    private List<String> lengths() {
        List<String> lengths = new ArrayList<>();
        test.cypher(LENGTHS).forEach(row -> lengths.add(row.get("length") + " " + row.get("last").asString()));
        return lengths;
    }

    /** Checks the content, repairs, and finds so many. */
    private void sync(int found) {
        Script script = run("sync-data.java", "--compare", "content", "--max-deletes", "100%",
                "--check-results-file", folder.resolve("report.json").toString());
        assertEquals(0, script.exitCode(), script.output() + script.errors());
        assertEquals(found, script.events().get(script.events().size() - 1).get("total").asInt(), script.output());
    }

    private Script run(String script, String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", "--runtime-option=-Xmx192m", script));
        all.addAll(List.of(arguments));
        return Script.run(test.environment(), all.toArray(String[]::new));
    }
}
