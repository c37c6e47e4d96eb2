package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.ExitCode;

/** The console as a script uses it: through its standard input. */
class ConsoleTest {
    private static final UUID MISSING = new UUID(1, 1);

    private final TestDatabases test = TestDatabases.empty();

    @Test
    @DisplayName("Every verb prints, and what goes wrong is a line and an exit code")
    void everyVerbPrintsAndWhatGoesWrongIsALineAndAnExitCode() {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"report\"}', '2020-01-01Z', '2024-06-01Z' "
                + "FROM generate_series(1, 30)");
        test.entity(MISSING, "indicator", "a", "2024-06-01Z");

        Script script = Script.shell(test.environment(), """
                ./jbang console --no-journal <<'END'
                check("indicator")
                sql("SELECT id, data->>'type' AS type FROM entity WHERE data->>'type' = 'indicator'")
                sql("SELECT id FROM entity")
                cypher("UNWIND range(1, 4) AS number RETURN number", 3)
                System.out.println(databases().graph().identity().name())
                explain("%s")
                reindex("%s")
                check("indicators")
                sql("DELETE FROM entity")
                cypher("CREATE (:Entity)")
                END""".formatted(MISSING, MISSING));

        List<String> lines = script.output().lines().toList();
        assertEquals("""
                ok  outdated  strange  altered  missing  not deleted
                 0         0        0        0        1            0
                to reindex:
                  %s
                id                                    type
                %s  indicator
                (1 row)
                """.formatted(MISSING, MISSING), String.join("\n", lines.subList(0, 7)) + "\n");
        assertEquals(28, lines.indexOf("(the first 20 rows, of more)"), script.output());
        assertEquals(List.of("number", "     1", "     2", "     3", "(the first 3 rows, of more)", "neo4j"),
                lines.subList(29, 35));
        assertEquals(MISSING + "  indicator  MISSING", lines.get(35));
        assertTrue(lines.contains(MISSING + "  indicator  OK"), script.output());

        List<String> errors = script.errors().lines().filter(line -> !line.startsWith("[jbang]")).toList();
        assertEquals(3, errors.size(), script.errors());
        assertTrue(errors.get(0).contains("unknown type \"indicators\": did you mean indicator?"), errors.get(0));
        assertTrue(errors.get(1).contains("cannot execute DELETE in a read-only transaction"), errors.get(1));
        assertTrue(errors.get(2).contains("Writing in read access mode not allowed"), errors.get(2));
        assertEquals(ExitCode.FAULT.code(), script.exitCode());
        assertEquals(1, test.graph().size());
    }

    @Test
    @DisplayName("The console shows a whole entity, and its help in 80 columns, with and without parentheses")
    void showsAWholeEntity() {
        String id = "00000000-0000-0001-0000-00000000000a";
        test.cypher("CREATE (:Entity:Watched {id: '" + id + "', type: 'ttp', note: '\u001b[2J'})");
        Script script = Script.shell(test.environment(),
                "./jbang console <<'END'\nnode(\"" + id + "\")\nSystem.out.println(help)\nhelp()\nEND");
        assertEquals(0, script.exitCode(), script.errors());
        assertTrue(script.output().contains("(:Entity:Watched)\n  id: " + id + "\n  note: "), script.output());
        assertTrue(script.output().contains("  type: ttp\n"), script.output());
        assertFalse(script.output().contains("\u001b"), "control characters are visible");
        assertEquals(3, script.output().split("/exit  ", -1).length, "help is shown twice");
        script.output().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    @DisplayName("A mistake in Java is told and is a fault, and exit ends with its code")
    void aMistakeInJavaIsToldAndIsAFaultAndExitEndsWithItsCode() {
        Script mistake = Script.shell(test.environment(), "echo 'int x = ;' | ./jbang console");
        assertEquals("", mistake.output());
        assertTrue(mistake.errors().contains("illegal start of expression"), mistake.errors());
        assertEquals(ExitCode.FAULT.code(), mistake.exitCode());

        assertEquals(7, Script.shell(test.environment(), "echo '/exit 7' | ./jbang console").exitCode());
    }
}
