package syncdata.repair;

import syncdata.rules.KeptProperties;
import syncdata.store.GraphStore;

/**
 * Every write of a repair to Neo4j, each a compare-and-set: an entity is changed only where its copies still have the
 * timestamps that were seen, or the content, where that makes the difference. What loses is left, and named in the
 * outcome.
 */
public final class GraphWriter {
    private final Placeholders placeholders = new Placeholders();
    private final NodeUpsert nodes;
    private final RelationshipUpsert relationships;
    private final CopyDeletion deletion;
    private final CopyMerge merge;

    public GraphWriter(GraphStore graph, Journal journal) {
        this(graph, journal, KeptProperties.NONE);
    }

    /** @param kept what belongs to other services, and stays as it is */
    GraphWriter(GraphStore graph, Journal journal, KeptProperties kept) {
        this.nodes = new NodeUpsert(graph, journal, kept, placeholders);
        this.relationships = new RelationshipUpsert(graph, journal, kept);
        this.deletion = new CopyDeletion(graph, journal, kept);
        this.merge = new CopyMerge(graph, journal, kept, placeholders);
    }

    /** Makes nodes equal to their rows. */
    public NodeUpsert nodes() {
        return nodes;
    }

    /** Makes relationships equal to relations. */
    RelationshipUpsert relationships() {
        return relationships;
    }

    /** Deletes every copy of entities. */
    CopyDeletion deletion() {
        return deletion;
    }

    /** Makes one node of several. */
    CopyMerge merge() {
        return merge;
    }

    /** Nodes that have no timestamp of their own yet. */
    Placeholders placeholders() {
        return placeholders;
    }
}
