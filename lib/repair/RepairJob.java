package syncdata.repair;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.run.Events;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/**
 * What a repair was asked for.
 *
 * @param inGraph   the entities in Neo4j that the safeguards' share of deletions is taken of
 * @param batchSize entities written at a time, at most
 * @param toDelete  deleted, unless PostgreSQL holds them now, or they are more than the safeguards allow; ascending
 * @param toReindex ascending
 * @param comparison what makes a difference, when each is judged again
 * @param wanted    says of each that still differs whether it is to be repaired; may be asked again about the same
 * @param receipts  takes what became of each entity, on the caller's thread
 * @param forced    whether what is in sync is written too, and relations that PostgreSQL does not hold are removed from
 *                  the nodes
 */
record RepairJob(Databases databases, Events events, Safeguards safeguards, long inGraph, int batchSize,
        SortedIds toDelete, SortedIds toReindex, Comparison comparison,
                 Predicate<Difference> wanted, Consumer<Receipt> receipts, boolean forced) {
    /** Whether it names this entity. */
    boolean names(UUID id) {
        return toReindex.contains(id) || toDelete.contains(id);
    }
}
