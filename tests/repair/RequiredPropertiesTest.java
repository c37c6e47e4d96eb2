package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.exceptions.Neo4jException;
import syncdata.check.Check;
import syncdata.fixture.Heard;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.DeleteLimit;
import syncdata.rules.Selection;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/** Repairs of a Neo4j that takes no node without its type, its title and its timestamp. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class RequiredPropertiesTest {
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);
    private static final UUID R = new UUID(3, 3);
    private static final String NEW = "2024-06-01T00:00:00.123456Z";

    private static TestDatabases test;

    @TempDir
    private Path folder;

    private final Heard said = new Heard();
    private Databases databases;

    @BeforeAll
    static void start() {
        test = TestDatabases.requiring("last_updated_at", "type", "title");
    }

    @AfterAll
    static void stop() {
        test.stop();
    }

    @BeforeEach
    void twoEntitiesAndTheirRelation() {
        test.sql("TRUNCATE entity");
        test.cypher("MATCH (e) DETACH DELETE e");
        test.entity(A, "ttp", "a", NEW);
        test.entity(B, "indicator", "b", NEW);
        test.relation(R, A, B, NEW);
        databases = test.open();
    }

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    @DisplayName("The server takes no node that has an id alone")
    void theServerHoldsTheConstraint() {
        assertThrows(Neo4jException.class, () -> test.cypher("CREATE (:Entity {id: 'x'})"));
        node(A, "2024-01-01");
        assertThrows(Neo4jException.class, () -> test.cypher("MATCH (e:Entity) REMOVE e.last_updated_at"));
    }

    @Test
    @DisplayName("A whole graph is written")
    void aWholeGraphIsWritten() {
        repair(Selection.ALL);
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A node whose relation a filter leaves out is written, with the relation and its missing end")
    void aFilteredRepairMakesMissingEnds() {
        repair(Selection.ofTypes(Set.of("ttp")));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("A relation brings its missing ends")
    void aRelationBringsItsMissingEnds() {
        repair(Selection.ofTypes(Set.of("relation")));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("An entity that is reindexed by name is written, with its relation and its missing end")
    void anEntityIsReindexed() {
        try (SortedIds toDelete = SortedIds.none(); SortedIds toReindex = SortedIds.of(List.of(A));
                Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("0"),
                        Journal.none())) {
            assertEquals(0, Repair.force(new RepairJob(databases, said.events(), safeguards, 10,
                    new RepairJob.Named(toDelete, toReindex, 0, Comparison.CONTENT))).failed(),
                    said.text());
        }
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("Of a node that is there twice one stays")
    void copiesAreMerged() {
        List.of("2024-01-01", "2024-02-01").forEach(time -> node(A, time));
        repair(Selection.ofTypes(Set.of("ttp")));
        assertEquals(test.expectedGraph(), test.graph());
    }

    @Test
    @DisplayName("An undo puts all back, and what the server refused counts for nothing")
    void anUndoPutsAllBack() throws IOException {
        List.of("2024-01-01", "2024-02-01").forEach(time -> node(A, time));
        List<String> before = test.graph();
        Path file = folder.resolve("test.journal");
        try (Report report = check(Selection.ofTypes(Set.of("ttp")));
                Safeguards safeguards = new Safeguards(RepairLock.take(databases), DeleteLimit.of("0"),
                        Journal.at(file, databases, said.events()))) {
            assertEquals(0, Repair.run(new RepairJob(databases, said.events(), safeguards, 10,
                    RepairJob.Named.by(report))).failed(), said.text());
        }
        assertEquals(test.expectedGraph(), test.graph());
        assertTrue(Files.readString(file).contains("\"void\":1"), Files.readString(file));
        try (JournalReader journal = JournalReader.open(file); RepairLock lock = RepairLock.take(databases)) {
            Undo.Result undone = Undo.run(databases, said.events(), journal, Optional.of(lock));
            assertEquals(0, undone.skipped() + undone.failed(), said.text());
        }
        assertEquals(before, test.graph());
    }

    private void repair(Selection selection) {
        try (Report report = check(selection)) {
            assertEquals(0, TestDatabases.repair(databases, said.events(), 10, report).failed(),
                    said.text());
        }
        try (Report report = check(selection)) {
            assertEquals(0, report.differences());
        }
    }

    private Report check(Selection selection) {
        return new Check(databases, said.events(), selection, 10, false).settling(WholeJob.AT_ONCE).run();
    }

    private static void node(UUID id, String lastUpdatedAt) {
        test.cypher("CREATE (:Entity {id: $id, type: 'ttp', title: 't', last_updated_at: datetime($time)})",
                Map.of("id", id.toString(), "time", lastUpdatedAt));
    }
}
