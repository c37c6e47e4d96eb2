package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;

/** What a repair has to do about an entity: the table of it. */
class TaskTest {
    private static final UUID ID = new UUID(1, 1);

    @ParameterizedTest(name = "{0} in PostgreSQL, {1} nodes and {2} relationships in Neo4j, {3}: {5}")
    @CsvSource({
        // in PostgreSQL, nodes, relationships, verdict, forced, task
        "nothing,  1, 0, NOT_DELETED,  false, DELETE",
        "nothing,  2, 1, NOT_DELETED,  true,  DELETE",
        "nothing,  0, 0, GONE,         false, NOTHING",
        "nothing,  0, 0, GONE,         true,  NOTHING",
        "entity,   0, 0, MISSING,      false, WRITE_NODE",
        "entity,   1, 0, OUTDATED,     false, WRITE_NODE",
        "entity,   1, 0, STRANGE,      false, WRITE_NODE",
        "entity,   1, 0, OK,           false, NOTHING",
        "entity,   1, 0, OK,           true,  WRITE_NODE",
        "entity,   2, 0, STRANGE,      false, MERGE_COPIES",
        "entity,   0, 1, STRANGE,      false, MERGE_COPIES",
        "entity,   1, 1, STRANGE,      false, MERGE_COPIES",
        "relation, 0, 0, MISSING,      false, CREATE_RELATION",
        "relation, 0, 1, OUTDATED,     false, WRITE_RELATION",
        "relation, 0, 3, STRANGE,      false, WRITE_RELATION",
        "relation, 1, 0, STRANGE,      false, REPLACE_NODES",
        "relation, 1, 1, STRANGE,      false, REPLACE_NODES",
        "relation, 0, 1, OK,           false, NOTHING",
        "relation, 0, 1, OK,           true,  WRITE_RELATION",
        "relation, 0, 1, DANGLING,     true,  NOTHING"})
    @DisplayName("Each judged entity makes one task")
    void eachJudgedEntityMakesOneTask(String source, int nodes, int relationships, Verdict verdict, boolean forced,
            Task task) {
        Optional<SourceState> truth = Optional.of(source).filter(kind -> !kind.equals("nothing")).map(kind ->
                new SourceState(ID, 0, kind, kind.equals("relation"), verdict == Verdict.DANGLING, 0));
        List<GraphState> copies = new ArrayList<>();
        for (int i = 0; i < nodes + relationships; i++) {
            copies.add(new GraphState(ID, i >= nodes, null, GraphTimestamp.UNREADABLE, Map.of(), null, null));
        }
        assertEquals(task, Task.of(new Difference(ID, verdict, truth, copies), forced));
    }
}
