package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import syncdata.repair.RelationWrites.Ends;
import syncdata.repair.RelationWrites.RelationsRead;
import syncdata.rules.GraphState;
import syncdata.rules.Relation;
import syncdata.rules.SourceState;
import syncdata.store.GraphStore;
import syncdata.store.SourceStore;

/** Deletes every copy of entities, with what is tied to them. */
final class Deletions {
    private final SourceStore source;
    private final GraphStore graph;
    private final GraphWriter writer;
    private final RelationWrites relations;
    private final Batches batches;
    private final Halving halving;
    private final int batchSize;

    Deletions(RepairJob job, GraphWriter writer, RelationWrites relations, Batches batches, Halving halving) {
        this.source = job.databases().source();
        this.graph = job.databases().graph();
        this.batchSize = job.batchSize();
        this.writer = writer;
        this.relations = relations;
        this.batches = batches;
        this.halving = halving;
    }

    /** Those of these entities that PostgreSQL holds now. */
    Set<UUID> heldBySource(Collection<UUID> ids) {
        return source.states(ids).keySet();
    }

    /** Deletes entities a batch at a time, and gives those that are gone. */
    List<UUID> deleteAll(Round round, Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps,
            Ends ends) {
        List<UUID> gone = new ArrayList<>();
        batches.forEach(List.copyOf(seen.keySet()),
                batch -> gone.addAll(halving.act(round, batch, some -> delete(round, only(some, seen), keeps, ends))));
        return gone;
    }

    /**
     * Deletes every copy of these entities, as long as they win the compare-and-set. A relation that PostgreSQL ties to
     * other entities is moved there first. Relationships go in counted batches: one node may have too many for a
     * transaction.
     *
     * @param keeps which of some entities are not to be deleted after all; asked under the locks
     * @return those that were left
     */
    Set<UUID> delete(Round round, Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps,
            Ends ends) {
        Going going = new Going(seen, keeps);
        Set<UUID> tied = new HashSet<>();
        if (seen.values().stream().flatMap(List::stream).anyMatch(copy -> !copy.relationship())) {
            int[] stuck = new int[1];
            Halving.inSmallerParts(batchSize, limit -> {
                List<UUID> attached = graph.relations().attached(going.ids(), limit);
                if (attached.isEmpty()) {
                    return 0;
                }
                RelationsRead read = relations.read(attached);
                Set<UUID> moved = relations.write(round, read, seen.keySet(), ends).done();
                Set<UUID> elsewhere = elsewhere(read, seen.keySet());
                List<UUID> surplus = attached.stream().filter(id -> !elsewhere.contains(id)).toList();
                surplus.stream().filter(seen::containsKey).forEach(tied::add);
                int gone = surplus.isEmpty() ? 0 : writer.deletion().deleteAttached(going, surplus, limit);
                if (moved.isEmpty() && gone == 0 && ++stuck[0] == Round.MOST) {
                    going.leave(Set.copyOf(going.ids())); // others change them all the time
                }
                return attached.size();
            });
            Halving.inSmallerParts(batchSize, limit -> writer.deletion().deleteAttached(going, limit));
        }
        writer.deletion().delete(going);
        Set<UUID> left = new HashSet<>(seen.keySet());
        left.removeAll(going.ids());
        tied.retainAll(left);
        if (!tied.isEmpty()) { // relations may have gone with their nodes
            tied.removeAll(graph.states().of(tied).keySet());
            left.removeAll(tied);
        }
        return left;
    }

    /** Relations that PostgreSQL ties to other entities, dangling ones aside. */
    private Set<UUID> elsewhere(RelationsRead read, Set<UUID> going) {
        Set<UUID> elsewhere = read.rows().stream().filter(RelationWrites::hasEnds)
                .filter(relation -> RelationWrites.ends(relation).noneMatch(going::contains)).map(Relation::id)
                .collect(Collectors.toSet());
        if (!elsewhere.isEmpty()) {
            source.states(elsewhere).values().stream().filter(SourceState::dangling).map(SourceState::id)
                    .forEach(elsewhere::remove);
        }
        return elsewhere;
    }

    /** What was seen of some of these entities. */
    static Map<UUID, List<GraphState>> only(Collection<UUID> ids, Map<UUID, List<GraphState>> seen) {
        Map<UUID, List<GraphState>> some = new LinkedHashMap<>();
        ids.forEach(id -> some.put(id, seen.get(id)));
        return some;
    }
}
