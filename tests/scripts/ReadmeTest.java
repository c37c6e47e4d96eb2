package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import syncdata.fixture.TestOrder;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.repair.GraphWriter;
import syncdata.repair.Journal;
import syncdata.store.Databases;

/** The README's commands, as they stand there. */
@Order(TestOrder.LONG)
class ReadmeTest {
    private static final String TESTS = "./jbang tests/all-tests.java";

    @AfterEach
    void deleteWhatTheyWrite() throws IOException {
        for (String file : List.of("report.json", "after.json", "first.jsonl", "page.html")) {
            Files.deleteIfExists(TestDatabases.PROJECT.resolve(file));
        }
        try (DirectoryStream<Path> journals = Files.newDirectoryStream(TestDatabases.PROJECT, "*.journal")) {
            for (Path journal : journals) {
                Files.delete(journal);
            }
        }
    }

    @Test
    void everyCommandWorksAsItStands() throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.entity(new UUID(1, 1), "{\"type\":\"indicator\",\"title\":\"a\"}", "2024-06-01Z");
        List<String> commands = commands(readme().replaceFirst("(?s)\n## Recipes\n.*?\n## ", "\n## ")).stream().filter(command -> !isForTests(command)).toList();
        assertFalse(commands.isEmpty());
        for (String command : commands) {
            boolean finds = command.contains("--dry-run") && !test.graph().equals(test.expectedGraph());
            Script script = Script.shell(test.environment(), command);
            assertEquals(finds ? 10 : 0, script.exitCode(), command + "\n" + script.errors());
        }
    }

    @Test
    void theRecipeForATypeThatWasIngestedAnewRepairsIt() throws IOException {
        TestDatabases test = inSync();
        test.sql("UPDATE entity SET data = data || '{\"title\":\"anew\"}', last_updated_at = '2024-07-01Z' WHERE data->>'type' = 'indicator'");
        assertRepairs("An entity type was ingested anew", test);
    }

    @Test
    void theRecipeForAFeedThatWasRemovedDeletesItsEntities() throws IOException {
        TestDatabases test = inSync();
        test.sql("DELETE FROM entity WHERE data->>'type' IN ('indicator', 'relation')");
        assertRepairs("A feed was removed", test);
    }

    @Test
    void theRecipeForARestoredBackupMakesNeo4jWhatPostgresqlIsAgain() throws IOException {
        TestDatabases test = inSync();
        test.sql("UPDATE entity SET last_updated_at = '2024-01-01Z' WHERE data->>'type' = 'indicator'");
        test.sql("DELETE FROM entity WHERE data->>'type' = 'relation'");
        assertRepairs("A PostgreSQL backup was restored", test);
    }

    @Test
    void theRecipeForLostRelationsBringsThemBack() throws IOException {
        TestDatabases test = inSync();
        test.cypher("MATCH ()-[r:RELATION]->() DELETE r");
        Script script = assertRepairs("Relations were lost after a crash", test);
        assertTrue(script.output().contains("missing  relation         0       5      0\n"), script.output());
    }

    /** Five indicators, each with a relation to a threat actor, and ten threat actors more. */
    private static TestDatabases inSync() {
        TestDatabases test = TestDatabases.empty();
        List<UUID> nodes = new ArrayList<>();
        List<UUID> relations = new ArrayList<>();
        for (int i = 1; i <= 15; i++) {
            UUID actor = new UUID(2, i);
            test.entity(actor, "{\"type\":\"threat-actor\",\"title\":\"b\"}", "2024-06-01Z");
            nodes.add(actor);
            if (i <= 5) {
                UUID indicator = new UUID(1, i);
                UUID relation = new UUID(3, i);
                test.entity(indicator, "{\"type\":\"indicator\",\"title\":\"a\"}", "2024-06-01Z");
                test.relation(relation, indicator, actor, "2024-06-01Z");
                nodes.add(indicator);
                relations.add(relation);
            }
        }
        try (Databases databases = test.open()) {
            GraphWriter writer = new GraphWriter(databases.graph(), Journal.none());
            writer.writeNodes(databases.source().entities(nodes), Map.of());
            writer.writeRelationships(databases.source().relations(relations), Map.of());
        }
        assertEquals(test.expectedGraph(), test.graph());
        return test;
    }

    private static Script assertRepairs(String recipe, TestDatabases test) throws IOException {
        assertNotEquals(test.expectedGraph(), test.graph());
        List<String> commands = commands(readme().replaceFirst("(?s)^.*\n### " + recipe + "\n(.*?)\n##.*$", "$1"));
        assertEquals(1, commands.size());
        Script script = Script.shell(test.environment(), commands.get(0));
        assertEquals(0, script.exitCode(), script.errors());
        assertFalse(script.errors().contains("error: "), script.errors());
        assertEquals(test.expectedGraph(), test.graph());
        return script;
    }

    @Test
    void ciRunsTheCommandForTheTests() throws IOException {
        assertTrue(commands(readme()).contains(TESTS));
        assertTrue(Files.readString(TestDatabases.PROJECT.resolve(".ci/run")).lines().toList().contains(TESTS));
    }

    /** These run what runs this, or for many minutes. */
    private static boolean isForTests(String command) {
        return command.contains("all-tests.java") || command.contains("benchmark.java");
    }

    private static String readme() throws IOException {
        return Files.readString(TestDatabases.PROJECT.resolve("README.md"));
    }

    private static List<String> commands(String text) {
        return Pattern.compile("```sh\\R(.*?)\\R```", Pattern.DOTALL).matcher(text).results().map(match -> match.group(1)).toList();
    }
}
