package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.run.Events.silent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Value;
import syncdata.check.Check;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.DeleteLimit;
import syncdata.rules.Selection;
import syncdata.run.InputException;
import syncdata.store.Databases;

/** What a repair keeps of what it changes, and how it is put back. */
class JournalTest {
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final String NOW = "2024-06-01T00:00:00.123456Z";

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Every kind of change is undone to the letter")
    void everyKindOfChangeIsUndoneToTheLetter() throws IOException {
        drift();
        List<String> before = everything();
        try (Databases databases = test.open()) {
            repair(databases);
            assertEquals(test.expectedGraph(), test.graph().stream().filter(line -> !line.contains("nobody")).toList());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(journal())));
            assertFalse(Files.readString(journal()).contains(test.environment().get("PGPASSWORD")));

            List<String> repaired = everything();
            Undo.Result look = look(databases, journal());
            assertEquals(repaired, everything());
            Undo.Result undone = undo(databases, journal());
            assertEquals(String.join("\n", before), String.join("\n", everything()));
            assertEquals(look, undone);
            assertEquals(0, undone.skipped() + undone.failed());

            assertEquals(new Undo.Result(0, undone.restored() + undone.already(), 0), undo(databases, journal()),
                    "twice is once");
            assertEquals(before, everything());
        }
    }

    @Test
    @DisplayName("What changed after the repair is left and named")
    void whatChangedAfterTheRepairIsLeftAndNamed() throws IOException {
        entity(1);
        entity(2);
        node(1, OLD);
        node(3, OLD);
        try (Databases databases = test.open()) {
            repair(databases);
            test.cypher("MATCH (e:Entity {id: $id}) SET e.last_updated_at = datetime('2025-01-01')",
                    Map.of("id", id(1).toString()));
            test.cypher("MATCH (e:Entity {id: $id}) CREATE (e)-[:OTHER]->(:Other)", Map.of("id", id(2).toString()));
            node(3, NOW);
            List<String> meanwhile = everything();
            assertEquals(new Undo.Result(0, 0, 3), undo(databases, journal()));
            assertEquals(meanwhile, everything());
        }
    }

    @Test
    @DisplayName("A line that was cut off is ignored, and a damaged one is not")
    void aLineThatWasCutOffIsIgnoredAndADamagedOneIsNot() throws IOException {
        try (Databases databases = test.open()) {
            List<String> before = repairOneNode(databases);
            Path journal = journal();
            Files.writeString(journal, Files.readString(journal) + "{\"batch\":2,\"node\":\"" + id(7) + "\",\"befo");
            try (JournalReader reader = JournalReader.open(journal); JournalIndex index = JournalIndex.of(reader)) {
                assertTrue(reader.isCutOff());
                assertEquals(1, index.count(JournalIndex.Kind.NODE));
            }
            assertEquals(new Undo.Result(1, 0, 0), undo(databases, journal));
            assertEquals(before, everything());

            Files.writeString(journal, Files.readString(journal) + "\n");
            assertEquals("is damaged", org.junit.jupiter.api.Assertions.assertThrows(InputException.class,
                    () -> undo(databases, journal)).getMessage()
                    .replaceFirst(".*(is damaged).*", "$1"));
        }
    }

    @Test
    @DisplayName(
            "The script looks while a repair runs, refuses another database's journal, finds the newest, and says "
            + "what it did")
    void theScript() throws IOException {
        List<String> before;
        try (Databases databases = test.open()) {
            before = repairOneNode(databases);
            try (RepairLock held = RepairLock.take(databases)) {
                Script look = Script.run(test.environment(), "checks/undo.java", "--last", folder.toString(),
                        "--dry-run", "--give-up-after", "10s");
                assertEquals(10, look.exitCode(), look.errors());
                assertEquals(1, look.events().get(1).path("n_to_restore").asInt(), look.output());
            }
        }
        Path journal = journal();
        Files.writeString(folder.resolve("older.journal"), "{\"journal\":\"graph-sync\",\"started\":\"2020-01-01\"}\n");
        Files.writeString(folder.resolve("none.journal"), "{}\n");
        Files.writeString(journal, Files.readString(journal)
                .replaceFirst("(\"neo4j\":\\{[^}]*\"id\":\")[^\"]*", "$1ANOTHER"));
        Script refused = Script.run(test.environment(), "checks/undo.java", journal.toString());
        assertEquals(12, refused.exitCode(), refused.errors());
        assertTrue(refused.errors().contains("--any-database"), refused.errors());
        assertEquals(0, Script.run(test.environment(), "checks/undo.java", "--last", folder.toString(),
                "--any-database").exitCode());
        assertEquals(before, everything());
    }

    @Test
    @DisplayName("A transaction that was rolled back is not undone")
    void aTransactionThatWasRolledBackIsNotUndone() throws IOException {
        entity(1);
        node(1, NOW);
        try (Databases databases = test.open();
                Journal journal = Journal.at(folder.resolve("j"), databases, silent())) {
            long batch =
                    journal.add(List.of(new Change.Made(false, id(1),
                            org.neo4j.driver.Values.value(java.time.ZonedDateTime.parse(NOW)))));
            journal.voided(batch);
            assertEquals(new Undo.Result(0, 0, 0), undo(databases, folder.resolve("j")));
        }
        assertEquals(1, test.graph().size());
    }

    /**
     * Every class of drift, with every type that a property can have, labels, relationships of other types, and ends
     * that belong to nobody.
     */
    private void drift() {
        for (int i : List.of(1, 2, 3, 4, 5)) {
            entity(i);
        }
        test.relation(id(20), id(1), id(2), NOW);
        test.relation(id(21), id(4), id(5), NOW);
        test.relation(id(22), id(2), id(3), NOW);
        node(1, NOW);
        test.cypher("""
                CREATE (:Entity:Extra:`with ``quotes` {id: $id,
                  last_updated_at: datetime('2023-10-29T02:30:00.123456789+01:00[Europe/Berlin]'),
                  offset: datetime('2020-01-01T00:00:00+05:30'),
                  local: localdatetime('2024-01-01T00:00:00.5'), date: date('-0044-03-15'),
                  time: time('12:00:00.000000001+02:00'), localtime: localtime('01:02'),
                  duration: duration('P1Y2M3DT4H5M6.789S'), point: point({x: 1.5, y: -2}),
                  place: point({longitude: 13.4, latitude: 52.5, height: 34}),
                  text: 'line\\nbreak "quoted" \\u2028 \\u00e9', empty: '', integer: 9223372036854775807,
                  float: 0.1, nan: 0.0/0.0, infinite: 1.0/0.0, truth: true,
                  texts: ['a', 'b'], integers: [1, 2], floats: [1.0, 2.5], dates: [date('2020-01-01')], none: []})
                """, Map.of("id", id(2).toString()));
        test.cypher("MATCH (e:Entity {id: $id}) SET e.bytes = $bytes",
                Map.of("id", id(2).toString(), "bytes", new byte[] {0, -1, 127}));
        test.cypher("""
                CREATE (one:Entity {id: $id, title: 'one', last_updated_at: '2024-01-01T00:00:00Z'}),
                       (two:Entity:Starred {id: $id, title: 'two', last_updated_at: 1704067200000}),
                       (one)-[:SEEN_BY {n: 1, of: 'nobody'}]->(:Service {title: 's'}),
                       (two)-[:SEEN_BY {n: 2, of: 'nobody'}]->(one),
                       (:Service {title: 'q'})-[:`with ``quotes` {of: 'nobody'}]->(two),
                       (two)-[:SELF {n: 3, of: 'nobody'}]->(two)
                """, Map.of("id", id(3).toString()));
        test.cypher(
                "MATCH (a:Entity {id: $a}), (b:Entity {id: $b, title: 'one'}) CREATE (a)-[:RELATION {id: $r, "
                + "last_updated_at: localdatetime('2024-01-01T00:00:00')}]->(b)",
                Map.of("a", id(1).toString(), "b", id(3).toString(), "r", id(20).toString()));
        node(10, OLD);
        node(11, OLD);
        test.cypher("""
                MATCH (a:Entity {id: $a}), (b:Entity {id: $b}), (c:Entity {id: $c})
                CREATE (a)-[:RELATION {id: $r, last_updated_at: datetime('2024-01-01')}]->(b),
                       (a)-[:SEEN_BY {often: 2}]->(:Entity {name: 'nobody', title: 'nobody'}),
                       (a)-[:RELATION {id: 'other'}]->(c), (b)-[:RELATION {key: 'x'}]->(b),
                       (c)-[:RELATION {key: 'x'}]->(a), (c)-[:RELATION {key: 'x'}]->(a)
                """, Map.of("a", id(10).toString(), "b", id(11).toString(), "c", id(1).toString(),
                "r", id(30).toString()));
    }

    /** All nodes and relationships with all that they have, in words, without the ids that Neo4j gives them. */
    private List<String> everything() {
        Stream<String> nodes = test.cypher("MATCH (n) RETURN labels(n) AS labels, properties(n) AS p").stream()
                .map(row -> row.get("labels").asList(Value::asString).stream().sorted().toList() + " "
                        + words(row.get("p")));
        Stream<String> relationships =
                test.cypher(
                        "MATCH (s)-[r]->(t) RETURN type(r) AS type, properties(r) AS p, properties(s) AS s, "
                        + "properties(t) AS t").stream()
                .map(row -> words(row.get("s")) + " -" + row.get("type").asString() + "> " + words(row.get("t")) + " "
                        + words(row.get("p")));
        return Stream.concat(nodes, relationships).sorted().toList();
    }

    private static String words(Value properties) {
        Map<String, String> words = new TreeMap<>();
        properties.asMap(value -> value).forEach((name, value) -> words.put(name, value.type().name() + " "
                + (value.type().name().equals("BYTES")
                        ? java.util.Arrays.toString(value.asByteArray()) : value.toString())));
        return words.toString();
    }

    /** Repairs an outdated node, and gives everything as it was before. */
    private List<String> repairOneNode(Databases databases) {
        entity(1);
        node(1, OLD);
        List<String> before = everything();
        repair(databases);
        return before;
    }

    private void repair(Databases databases) {
        try (Report report = new Check(databases, silent(), Selection.ALL, 10, false).settling(WholeJob.AT_ONCE).run();
             Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("100%"),
                     Journal.at(folder.resolve("test.journal"), databases, silent()))) {
            Repair.run(new RepairJob(databases, silent(), safeguards, 10, RepairJob.Named.by(report)));
        }
    }

    private static Undo.Result look(Databases databases, Path journal) {
        try (JournalReader reader = JournalReader.open(journal)) {
            return Undo.run(databases, silent(), reader, Optional.empty());
        }
    }

    private static Undo.Result undo(Databases databases, Path journal) {
        try (JournalReader reader = JournalReader.open(journal); RepairLock lock = RepairLock.take(databases)) {
            return Undo.run(databases, silent(), reader, Optional.of(lock));
        }
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private Path journal() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".journal")).findFirst().orElseThrow();
        }
    }

    private static UUID id(int i) {
        return new UUID(i, i);
    }

    private void entity(int i) {
        test.entity(id(i), "ttp", "t", NOW);
    }

    private void node(int i, String lastUpdatedAt) {
        test.node(id(i), lastUpdatedAt);
    }
}
