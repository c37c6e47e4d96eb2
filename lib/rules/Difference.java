package syncdata.rules;

import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

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

    /**
     * The same with no more of the copies, which may be large, than it takes to know them again: by their timestamps,
     * or by the content that makes the difference.
     *
     * @param kept which properties belong to others, and so play no part
     */
    public Difference withoutContent(Predicate<String> kept) {
        return new Difference(id, verdict, source, graph.stream()
                .map(copy -> verdict == Verdict.ALTERED ? SeenCopies.byContent(copy, kept)
                        : SeenCopies.byTimestamp(copy)).toList());
    }
}
