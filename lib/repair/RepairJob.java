package syncdata.repair;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.run.Events;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/**
 * What a repair is asked for.
 *
 * @param batchSize entities written at a time, at most
 * @param wanted    says of each that still differs whether it is to be repaired; may be asked again about the same
 * @param receipts  takes what became of each entity, on the caller's thread
 * @param forced    whether what is in sync is written too, and relations that PostgreSQL does not hold are removed from
 *                  the nodes
 */
public record RepairJob(Databases databases, Events events, Safeguards safeguards, int batchSize, Named named,
        Predicate<Difference> wanted, Consumer<Receipt> receipts, boolean forced) {

    /**
     * The entities that are named.
     *
     * @param toDelete   deleted, unless PostgreSQL holds them now, or they are more than the safeguards allow
     * @param toReindex  written anew
     * @param inGraph    the entities in Neo4j that the safeguards' share of deletions is taken of
     * @param comparison what makes a difference, when each is judged again
     */
    public record Named(SortedIds toDelete, SortedIds toReindex, long inGraph, Comparison comparison) {
        /** All that a report names. */
        public static Named by(Report report) {
            return new Named(report.toDelete(), report.toReindex(), report.inGraph(), report.comparison());
        }

        /** How many they are. */
        long count() {
            return toDelete.count() + toReindex.count();
        }

        /** Whether this entity is among them. */
        boolean has(UUID id) {
            return toReindex.contains(id) || toDelete.contains(id);
        }
    }

    /** Repairs all that are named and still differ. */
    public RepairJob(Databases databases, Events events, Safeguards safeguards, int batchSize, Named named) {
        this(databases, events, safeguards, batchSize, named, difference -> true, receipt -> { }, false);
    }

    /** The same of those alone that are wanted, with receipts. */
    public RepairJob choosing(Predicate<Difference> some, Consumer<Receipt> told) {
        return new RepairJob(databases, events, safeguards, batchSize, named, some, told, forced);
    }

    /** The same, forced. */
    RepairJob forcing() {
        return new RepairJob(databases, events, safeguards, batchSize, named, wanted, receipts, true);
    }
}
