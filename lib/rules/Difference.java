package syncdata.rules;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * One entity, judged by all that both databases hold of it.
 *
 * @param source empty where PostgreSQL does not hold it
 * @param graph  its copies in Neo4j, none or more
 */
public record Difference(UUID id, Verdict verdict, Optional<SourceState> source, List<GraphState> graph) {

    /** The type in PostgreSQL; in Neo4j where PostgreSQL does not hold the entity. May be null. */
    public String type() {
        return source.isPresent() ? source.get().type() : graph.isEmpty() ? null : graph.get(0).type();
    }

    /**
     * The same with its copies reduced to what recognizes them later: their timestamps, or their content where that
     * makes the difference. A whole copy may have megabytes.
     *
     * @param kept names of properties that belong to other services, and play no part
     */
    public Difference withoutContent(Predicate<String> kept) {
        return new Difference(id, verdict, source, graph.stream()
                .map(copy -> verdict == Verdict.ALTERED ? SeenCopies.byContent(copy, kept)
                        : SeenCopies.byTimestamp(copy)).toList());
    }
}
