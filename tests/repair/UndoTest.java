package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static syncdata.run.Events.silent;

import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.check.Check;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.DeleteLimit;
import syncdata.rules.Selection;
import syncdata.store.CypherName;
import syncdata.store.Databases;
import syncdata.store.Queries;

@DisplayName("An undo")
class UndoTest {
    private static final String OLD = "2024-01-01T00:00:00Z";
    private static final String NOW = "2024-06-01T00:00:00.123456Z";
    /**
     * As names of labels and types: what would end a quoted name, or be read as something else, if it stood in a query
     * as it is.
     */
    private static final List<String> HOSTILE =
            List.of("x\\u0060) SET e.pwn=1 WITH row MATCH (z) SET z.pwned=true WITH row CREATE (e:\\u0060Y",
            "x`) SET e.pwn=1 WITH row MATCH (z) SET z.pwned=true WITH row CREATE (e:`Y", "dir\\users", "a\\u0041b",
            "\\", "\\\\u0060", "`", "``",
            "\\u005C\\u0060", "\\uuuu0060", "\\u005cu0060", "a'b\"c", "line\nbreak", "$(row.names)", "`+$(row.names)+`",
            "//", "{}|&!%:", "ünï \u2028");

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("gives back labels and types of any characters, and runs none of them")
    void hostileNames() {
        entity(1);
        node(1, NOW);
        for (int i = 0; i < HOSTILE.size(); i++) {
            create(100 + i, HOSTILE.get(i), HOSTILE.get(i));
        }
        test.cypher("CREATE (:Z)");
        List<String> before = everything();
        try (Databases databases = test.open()) {
            repair(databases);
            assertEquals(1, test.cypher("MATCH (e:Entity) RETURN e").size());
            Undo.Result look = look(databases);
            Undo.Result undone = undo(databases);
            assertEquals(before, everything());
            assertEquals(look, undone);
            assertEquals(0, undone.skipped() + undone.failed());
            assertEquals(0, undo(databases).restored());
            assertEquals(before, everything());
        }
    }

    @Test
    @DisplayName("leaves properties that belong to other services as they are now")
    void keptPropertiesStay() {
        entity(1);
        node(1, OLD);
        test.cypher("MATCH (e:Entity) SET e.score = 1");
        try (Databases databases = Databases.open(test.settings(), test.queries("kept-properties.txt", "score"),
                AccessMode.WRITE)) {
            repair(databases);
            test.cypher("MATCH (e:Entity) SET e.score = 2");
            assertEquals(1, undo(databases).restored());
            assertEquals(1, test.cypher("MATCH (e:Entity {score: 2, last_updated_at: datetime($t)}) RETURN e",
                    Map.of("t", OLD)).size());
            test.cypher("MATCH (e:Entity) SET e.score = 3");
            assertEquals(1, undo(databases).already());
            assertEquals(1, test.cypher("MATCH (e:Entity {score: 3}) RETURN e").size());
        }
    }

    @Test
    @DisplayName("of a relationship of another type that has an id, done twice, is done once")
    void anIdIsNoEntity() {
        node(1, OLD);
        node(2, NOW);
        entity(2);
        test.cypher("MATCH (a:Entity {id: $a}), (b:Entity {id: $b}) CREATE (a)-[:SEEN {id: $r}]->(b)",
                Map.of("a", id(1).toString(), "b", id(2).toString(), "r", id(3).toString()));
        undoneTwiceIsUndoneOnce();
    }

    @Test
    @DisplayName("of a relation on a node that was there twice, done twice, is done once")
    void aRelationOnADuplicate() {
        entity(1);
        entity(2);
        test.relation(id(3), id(1), id(2), NOW);
        test.relation(id(4), id(2), id(1), NOW);
        node(1, OLD);
        node(2, NOW);
        node(2, OLD);
        for (int relation : List.of(3, 4)) {
            test.cypher(
                    "MATCH (a:Entity {id: $a}), (b:Entity {id: $b, last_updated_at: datetime($t)}) CREATE "
                    + "(a)-[:RELATION {id: $r, key: 'uses', created_at: datetime('2020-01-01'),"
                    + " last_updated_at: datetime($now)}]->(b)",
                    Map.of("a", id(1).toString(), "b", id(2).toString(), "t", relation == 3 ? OLD : NOW, "r",
                            id(relation).toString(), "now", NOW));
        }
        test.cypher(
                "MATCH (b:Entity {id: $b, last_updated_at: datetime($t)}) CREATE (b)-[:SEEN {n: 0.0/0.0}]->(:Other), "
                + "(b)-[:SEEN {n: 0.0/0.0}]->(:Other)",
                Map.of("b", id(2).toString(), "t", OLD));
        undoneTwiceIsUndoneOnce();
    }

    @Test
    @DisplayName("of identical relationships without an id puts back as many as there were")
    void parallelRelationships() {
        node(1, OLD);
        entity(2);
        node(2, NOW);
        test.cypher(
                "MATCH (a:Entity {title: 't', last_updated_at: datetime('2024-01-01')}) CREATE (o:Other), "
                + "(a)-[:SEEN]->(o), (a)-[:SEEN]->(o), (a)-[:SEEN]->(a), (o)-[:SEEN {x: [1, 2]}]->(a)");
        undoneTwiceIsUndoneOnce();
    }

    @Test
    @DisplayName("leaves a node that the repair made whole, if another service has tied something to it")
    void aPlaceholderIsNotLeftHollow() {
        entity(1);
        entity(2);
        test.relation(id(3), id(1), id(2), NOW);
        node(2, NOW);
        try (Databases databases = test.open()) {
            repair(databases);
            test.cypher("MATCH (e:Entity {id: $id}) CREATE (:Other)-[:NOTES]->(e)", Map.of("id", id(1).toString()));
            assertEquals(new Undo.Result(1, 0, 1), look(databases));
            assertEquals(new Undo.Result(1, 0, 1), undo(databases));
            Value left = test.cypher("MATCH (e:Entity {id: $id}) RETURN properties(e) AS p",
                    Map.of("id", id(1).toString())).get(0).get("p");
            assertEquals("t", left.get("title").asString(null), left.toString());
            assertEquals(new Undo.Result(0, 1, 1), undo(databases));
        }
    }

    @Test
    @DisplayName("goes on where one was interrupted, whatever was done by then")
    void interrupted() {
        entity(1);
        entity(2);
        test.relation(id(3), id(1), id(2), NOW);
        node(2, OLD);
        node(2, OLD);
        node(5, OLD);
        test.cypher("MATCH (b:Entity {id: $b}), (c:Entity {id: $c}) CREATE (b)-[:SEEN]->(c)",
                Map.of("b", id(2).toString(), "c", id(5).toString()));
        List<String> before = everything();
        try (Databases databases = test.open()) {
            repair(databases);
            test.node(id(5), OLD); // as an interrupted undo leaves it
            undo(databases);
            assertEquals(before, everything());
        }
    }

    @Test
    @DisplayName("knows a change that the server did not take, and that was made again, for one")
    void aCommitThatNobodyKnowsOf() {
        node(1, NOW);
        test.cypher("CREATE (:Other)");
        try (Databases databases = test.open(); Journal journal = Journal.at(journalFile(), databases, silent())) {
            Copy.Node before = new Copy.Node("4:x:1", List.of("Entity"),
                    Map.of("id", Values.value(id(1).toString()), "last_updated_at", time(OLD)));
            journal.add(List.of(new Change.Changed(id(1), before, time(NOW))));
            journal.add(List.of(new Change.Changed(id(1), before, time(NOW))));
            journal.add(List.of(new Change.Made(false, id(2), Values.NULL)));
            journal.add(List.of(new Change.Made(false, id(2), Values.NULL)));
            test.cypher("CREATE (:Entity {id: $id})", Map.of("id", id(2).toString()));
            assertEquals(new Undo.Result(2, 0, 0), undo(databases));
            assertEquals(List.of("[Entity] {id=\"" + id(1) + "\", last_updated_at=" + time(OLD) + "}", "[Other] {}"),
                    everything());
        }
    }

    @Test
    @DisplayName("takes a relationship that a merge moved back to where it was")
    void moved() {
        test.cypher(
                "CREATE (a:Entity {id: $id, title: 'kept', extra: 1}) SET a:Entity:Mine:Theirs, a.last_updated_at = "
                + "datetime($now) CREATE (a)-[:SEEN {x: 1}]->(:Other {n: 1})",
                Map.of("id", id(1).toString(), "now", NOW));
        Value kept = test.cypher("MATCH (a:Entity) RETURN elementId(a) AS e").get(0).get("e");
        Value other = test.cypher("MATCH (a:Other) RETURN elementId(a) AS e").get(0).get("e");
        Copy.End end = new Copy.End(Optional.empty(), other.asString());
        Copy.End from = new Copy.End(Optional.of(id(1).toString()), "4:gone:77");
        Copy.End to = new Copy.End(Optional.of(id(1).toString()), kept.asString());
        try (Databases databases = test.open(); Journal journal = Journal.at(journalFile(), databases, silent())) {
            journal.add(
                    List.of(new Change.Moved(Optional.empty(), new Copy.Relationship("5:gone:1", "SEEN", from, end,
                            Map.of("x", Values.value(1))), to, end)));
            journal.add(List.of(new Change.Changed(id(1),
                    new Copy.Node(kept.asString(), List.of("Entity", "Mine"),
                            Map.of("id", Values.value(id(1).toString()), "title", Values.value("kept"))),
                    Values.NULL, List.of("Entity", "Mine", "Theirs")),
                    new Change.Deleted(Optional.of(id(1)),
                            new Copy.Node("4:gone:77", List.of("Entity", "Theirs"),
                                    Map.of("id", Values.value(id(1).toString()), "title", Values.value("gone"))))));
            journal.add(List.of(new Change.Changed(id(1),
                    new Copy.Node(kept.asString(), List.of("Entity", "Mine", "Theirs"),
                            Map.of("id", Values.value(id(1).toString()))), time(NOW))));
            assertEquals(new Undo.Result(2, 0, 0), look(databases));
            assertEquals(new Undo.Result(2, 0, 0), undo(databases));
            List<String> undone = everything();
            assertEquals(List.of("[Entity, Mine] {id=\"" + id(1) + "\", title=\"kept\"}",
                    "[Entity, Theirs] {id=\"" + id(1) + "\", title=\"gone\"}", "[Other] {n=1}",
                    "[Entity, Theirs] {id=\"" + id(1)
                    + "\", title=\"gone\"} -SEEN {x=1}> [Other] {n=1}").stream().sorted().toList(), undone);
            assertEquals(new Undo.Result(0, 2, 0), undo(databases));
            assertEquals(undone, everything());
        }
    }

    private void undoneTwiceIsUndoneOnce() {
        List<String> before = everything();
        try (Databases databases = test.open()) {
            repair(databases);
            Undo.Result look = look(databases);
            Undo.Result undone = undo(databases);
            assertEquals(String.join("\n", before), String.join("\n", everything()));
            assertEquals(look, undone);
            assertEquals(new Undo.Result(0, undone.restored() + undone.already(), 0), undo(databases));
            assertEquals(before, everything());
        }
    }

    /**
     * A node that PostgreSQL does not hold, tied to the first; made without any text of a query, but for what is quoted
     * as the library does.
     */
    private void create(int i, String label, String type) {
        String labels = CypherName.quoted(List.of("Entity", label));
        test.cypher("MATCH (a:Entity {id: $first}) CREATE (e:" + labels
                + " {id: $id, last_updated_at: datetime($old)})-[:" + CypherName.quoted(type) + " {n: 1}]->(a)",
                Map.of("first", id(1).toString(), "id", id(i).toString(), "old", OLD));
        Record made = test.cypher("MATCH (e:Entity {id: $id})-[r]->() RETURN labels(e) AS labels, type(r) AS type",
                Map.of("id", id(i).toString())).get(0);
        assertEquals(List.of("Entity", label),
                made.get("labels").asList(Value::asString).stream().sorted((a, b) -> a.equals("Entity") ? -1 : 1)
                .toList());
        assertEquals(type, made.get("type").asString());
    }

    /** All nodes and relationships with all that they have, in words. */
    private List<String> everything() {
        List<String> all = new ArrayList<>();
        for (Record row : test.cypher("MATCH (n) RETURN n")) {
            all.add(node(row.get("n")));
        }
        for (Record row : test.cypher("MATCH (s)-[r]->(t) RETURN s, r, t")) {
            var relationship = row.get("r").asRelationship();
            all.add(node(row.get("s")) + " -" + relationship.type() + " " + words(row.get("r")) + "> "
                    + node(row.get("t")));
        }
        return all.stream().sorted().toList();
    }

    private static String node(Value node) {
        List<String> labels = new ArrayList<>();
        node.asNode().labels().forEach(labels::add);
        return labels.stream().sorted().toList() + " " + words(node);
    }

    private static String words(Value value) {
        return new TreeMap<>(value.asMap(property -> property)).toString();
    }

    private Path journalFile() {
        return folder.resolve("test.journal");
    }

    private void repair(Databases databases) {
        try (Report report = new Check(databases, silent(), Selection.ALL, 10, false).settling(WholeJob.AT_ONCE).run();
             Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("100%"),
                     Journal.at(journalFile(), databases, silent()))) {
            Repair.run(new RepairJob(databases, silent(), safeguards, 10, RepairJob.Named.by(report)));
        }
    }

    private Undo.Result look(Databases databases) {
        List<String> before = everything();
        try (JournalReader journal = JournalReader.open(journalFile());
             Databases readOnly = Databases.open(test.settings(), Queries.builtIn(), AccessMode.READ)) {
            Undo.Result result = Undo.run(readOnly, silent(), journal, Optional.empty());
            assertEquals(before, everything());
            return result;
        }
    }

    private Undo.Result undo(Databases databases) {
        try (JournalReader journal = JournalReader.open(journalFile()); RepairLock lock = RepairLock.take(databases)) {
            return Undo.run(databases, silent(), journal, Optional.of(lock));
        }
    }

    private static UUID id(int i) {
        return new UUID(i, i);
    }

    private static Value time(String text) {
        return Values.value(ZonedDateTime.parse(text));
    }

    private void entity(int i) {
        test.entity(id(i), "ttp", "t", NOW);
    }

    private void node(int i, String lastUpdatedAt) {
        test.node(id(i), lastUpdatedAt);
    }
}
