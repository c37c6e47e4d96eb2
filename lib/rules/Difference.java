package syncdata.rules;

import java.util.List;
import java.util.UUID;

/**
 * One entity, judged by all that both databases hold of it.
 *
 * @param source null where PostgreSQL does not hold it
 * @param graph  its copies in Neo4j, none or more
 */
public record Difference(UUID id, Verdict verdict, SourceState source, List<GraphState> graph) {

    /** The entity's type in PostgreSQL, or in Neo4j where PostgreSQL does not hold it; may be null. */
    public String type() {
        return source != null ? source.type() : graph.isEmpty() ? null : graph.get(0).type();
    }
}
