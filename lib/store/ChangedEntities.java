package syncdata.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import syncdata.rules.IdRange;

/**
 * Finds the entities that either database says were changed after a time, and some others. It asks an index on the time
 * of the last change where there is one; else it reads all entities.
 */
public final class ChangedEntities {
    private static final String NODES = "changed-nodes.cypher";
    private static final String RELATIONSHIPS = "changed-relationships.cypher";

    private final SourceStore source;
    private final GraphStore graph;
    private final Pace pace;
    private final long after;
    private final int batchSize;
    private final List<String> missingInSource;
    private final List<String> missingForNodes;
    private final List<String> missingForRelationships;

    /** @param after in microseconds since 1970 */
    public ChangedEntities(Databases databases, long after, int batchSize) {
        this.source = databases.source();
        this.graph = databases.graph();
        this.pace = databases.pace();
        this.after = after;
        this.batchSize = batchSize;
        this.missingInSource = source.survey().missingIndexesOfChanges();
        this.missingForNodes = graph.survey().missingIndexes(NODES);
        this.missingForRelationships = graph.survey().missingIndexes(RELATIONSHIPS);
    }

    /** The statements for the missing indexes. Without one, everything that it would cover is read. */
    public List<String> missingIndexes() {
        return Stream.of(missingInSource, missingForNodes, missingForRelationships).flatMap(List::stream).toList();
    }

    /**
     * Finds entities in PostgreSQL, in no order.
     *
     * @param pages takes what was read, and says whether it wants more
     * @return whether all were given: false where the taker wanted no more, or the run is to stop
     */
    public boolean inSource(Predicate<EntityPage> pages) {
        if (missingInSource.isEmpty()) {
            return all(source.changes(pace.pages(batchSize), after), pages);
        }
        EntityLayout layout = source.survey().layout();
        if (source.readingOrder(layout, true, pace.hasRate(), 1).order() == ReadingOrder.BLOCKS) {
            return new BlockPass(source, pace, layout, EntityPart.ALL.since(after), Optional.empty()).read(pages);
        }
        return all(source.pages(pace.pages(batchSize), Set.of(), IdRange.ALL), pages);
    }

    /**
     * Finds nodes in Neo4j, likewise.
     *
     * @param most the most that are wanted; where an index tells that there are more, none is given
     */
    public boolean nodes(int most, Predicate<EntityPage> pages) {
        return missingForNodes.isEmpty() ? graph.changes(NODES, after, most).filter(pages).isPresent()
                : all(graph.nodes(pace.pages(batchSize), IdRange.ALL), pages);
    }

    /** Finds relationships in Neo4j, likewise. */
    public boolean relationships(int most, Predicate<EntityPage> pages) {
        return missingForRelationships.isEmpty()
                ? graph.changes(RELATIONSHIPS, after, most).filter(pages).isPresent()
                : all(graph.relationships(pace.pages(batchSize), IdRange.ALL), pages);
    }

    private boolean all(PageReader reader, Predicate<EntityPage> pages) {
        return reader.forEach(page -> !pace.isStopping() && pages.test(page));
    }
}
