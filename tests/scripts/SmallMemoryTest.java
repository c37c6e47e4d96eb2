package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.exceptions.TransientException;
import syncdata.check.Check;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;
import syncdata.fixture.WholeJob;
import syncdata.repair.RepairResult;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.store.Databases;

/** A Neo4j that has little memory for a transaction. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
class SmallMemoryTest {
    private static final int BATCH_SIZE = 1000;

    @Test
    @DisplayName("A batch that is too large for the server is halved")
    void aBatchThatIsTooLargeForTheServerIsHalved() {
        TestDatabases test = TestDatabases.withTransactionMemory(4);
        Events silent = Events.silent();
        UUID hub = new UUID(9, 9);
        test.cypher("CREATE (:Entity {id: $id, last_updated_at: datetime('2024-01-01')})",
                Map.of("id", hub.toString()));
        for (int i = 0; i < 100; i++) {
            test.cypher(
                    "MATCH (h:Entity {id: $id}) UNWIND range(1, 200) AS i CREATE (h)-[:RELATION {id: $id + i}]->(h)",
                    Map.of("id", hub.toString()));
        }
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), jsonb_build_object('type', 'report', 'title', "
                + "repeat(md5(i::text), 500)), '2020-01-01Z', '2024-06-01Z'"
                + " FROM generate_series(1, 600) i");
        assertThrows(TransientException.class,
                () -> test.cypher("MATCH (h:Entity {id: $id}) DETACH DELETE h", Map.of("id", hub.toString())));

        try (Databases databases = test.open();
                Report report = new Check(databases, silent, Selection.ALL, BATCH_SIZE, false)
                .settling(WholeJob.AT_ONCE).run()) {
            RepairResult result = TestDatabases.repair(databases, silent, BATCH_SIZE, report);
            assertEquals(new RepairResult(1, 600, 0, 0), result);
        }
        assertEquals(test.expectedGraph(), test.graph());
    }
}
