package syncdata.repair;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import syncdata.rules.Comparison;
import syncdata.rules.DeleteLimit;
import syncdata.rules.GraphState;
import syncdata.rules.SourceState;
import syncdata.rules.TiedRelations;
import syncdata.run.Events;
import syncdata.run.Ids;
import syncdata.run.RefusedException;
import syncdata.run.SortedIds;
import syncdata.store.Databases;

/**
 * Makes entities that an operator names equal to PostgreSQL with all their relations, whatever their timestamps say.
 */
public final class Reindex {
    private static final int BATCH = 1000;
    private static final int NAMED = 3;

    private Reindex() {
    }

    /**
     * Makes sure that each of these entities can be reindexed.
     *
     * @param deleteIfAbsent whether one that PostgreSQL does not hold can be deleted instead
     * @throws RefusedException if one cannot; it names the first few, with what Neo4j has under their ids
     */
    public static void require(Databases databases, Ids ids, boolean deleteIfAbsent) {
        List<String> reasons = new ArrayList<>();
        long[] more = new long[1];
        ids.forEachBatch(BATCH, batch -> {
            Map<UUID, SourceState> held = databases.source().states(batch);
            List<UUID> absent = deleteIfAbsent
                    ? List.of() : batch.stream().filter(id -> !held.containsKey(id)).toList();
            List<UUID> dangling = batch.stream().filter(id -> held.containsKey(id) && held.get(id).dangling()).toList();
            more[0] += absent.size() + dangling.size();
            dangling.stream().limit(NAMED - reasons.size()).forEach(id -> reasons.add("the relation " + id
                    + " lacks an end in PostgreSQL, so that the graph cannot hold it: give it back its end there, or "
                    + "delete it there"));
            List<UUID> named = absent.stream().limit(NAMED - reasons.size()).toList();
            if (!named.isEmpty()) {
                Map<UUID, List<GraphState>> copies = databases.graph().states().of(named);
                Map<UUID, TiedRelations> relations = databases.graph().relations().byNode(named, 1);
                named.forEach(id -> reasons.add("PostgreSQL does not hold " + id + ", under which Neo4j has "
                        + described(copies.getOrDefault(id, List.of()),
                                relations.getOrDefault(id, TiedRelations.NONE))));
            }
        });
        if (!reasons.isEmpty()) {
            String others = more[0] > reasons.size() ? "; and " + (more[0] - reasons.size()) + " more" : "";
            throw new RefusedException("Nothing was changed: " + String.join("; ", reasons) + others
                    + (deleteIfAbsent ? "" : ". --delete-if-absent deletes from Neo4j what PostgreSQL does not hold"));
        }
    }

    /**
     * Reindexes these entities; a dangling relation, and one that PostgreSQL does not hold, is left.
     *
     * @param lock           keeps other repairs away meanwhile
     * @param journal        takes what is changed, as it was before
     * @param deleteIfAbsent whether one that PostgreSQL does not hold is deleted instead
     */
    public static RepairResult run(Databases databases, Events events, RepairLock lock, Journal journal,
            Collection<UUID> ids, boolean deleteIfAbsent) {
        Map<UUID, SourceState> held = databases.source().states(ids);
        Map<Boolean, List<UUID>> byPresence =
                ids.stream().distinct().collect(Collectors.partitioningBy(held::containsKey));
        try (SortedIds toDelete = SortedIds.of(deleteIfAbsent ? byPresence.get(false) : List.of());
                SortedIds toReindex = SortedIds.of(byPresence.get(true))) {
            Safeguards safeguards = new Safeguards(lock, new DeleteLimit(BigDecimal.valueOf(toDelete.count()), false),
                    journal);
            return Repair.force(new RepairJob(databases, events, safeguards, BATCH,
                    new RepairJob.Named(toDelete, toReindex, toDelete.count(), Comparison.CONTENT)));
        }
    }

    private static String described(List<GraphState> copies, TiedRelations relations) {
        if (copies.isEmpty()) {
            return "nothing";
        }
        GraphState copy = copies.get(0);
        String first = copy.relationship() ? "a relationship from " + copy.from() + " to " + copy.to()
                : "a node of " + (copy.type() == null ? "no type" : "type " + copy.type()) + " with "
                + relations.count() + (relations.count() == 1 ? " relation" : " relations");
        return copies.size() == 1 ? first : first + ", and " + (copies.size() - 1) + " more";
    }
}
