package syncdata.repair;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import syncdata.rules.EntityId;
import syncdata.store.GraphStore;
import syncdata.store.GraphTransaction;

/** One transaction that changes Neo4j: it takes locks, looks, writes, and tells the journal before it is committed. */
final class WriteTransaction {
    private final GraphTransaction queries;
    private final Journal journal;

    private WriteTransaction(GraphTransaction queries, Journal journal) {
        this.queries = queries;
        this.journal = journal;
    }

    /** Does work in a transaction that is committed at its end, unless the work rolls it back or throws. */
    static <T> T run(GraphStore graph, Journal journal, Function<WriteTransaction, T> work) {
        return graph.write(queries -> work.apply(new WriteTransaction(queries, journal)));
    }

    /** Takes the locks of nodes and relationships, then looks at them. */
    Held lock(Collection<UUID> nodes, Collection<UUID> relationships) {
        return Held.locked(queries, nodes, relationships);
    }

    /** Looks at relationships, and takes no locks. */
    Held look(Collection<UUID> relationships) {
        return Held.unlocked(queries, List.of(), relationships);
    }

    /** Puts into the journal what is changed; voided there once it is certain that nothing was committed. */
    void journal(List<Change> changes) {
        long batch = journal.add(changes);
        queries.afterRollback(() -> journal.voided(batch));
    }

    /** Runs the query files that write. */
    GraphTransaction queries() {
        return queries;
    }

    /** Deletes every relationship of these entities. */
    void deleteRelationships(Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            queries.run("delete-relationships.cypher", Map.of("ids", EntityId.texts(ids)));
        }
    }

    /** Takes back all that was done, once the work is over. */
    void rollBack() {
        queries.rollBack();
    }
}
