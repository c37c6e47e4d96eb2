package syncdata.repair;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.repair.Revisits.Reason;
import syncdata.rules.Comparison;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.Relation;
import syncdata.rules.SeenCopies;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.WorkAhead;
import syncdata.store.GraphStore;
import syncdata.store.SourceStore;

/** Makes relationships equal to relations, their ends included. */
final class RelationWrites {
    private static final int AT_A_TIME = 2;

    /** Mends nodes at which relations end. */
    @FunctionalInterface
    interface Ends {
        /** Makes each of these nodes that PostgreSQL holds stand in the graph exactly once, and gives those. */
        Set<UUID> mend(Round round, List<UUID> ends);
    }

    /** Relations as PostgreSQL holds them, and as they were seen in the graph before. */
    record RelationsRead(Map<UUID, List<GraphState>> seen, List<Relation> rows) {
        /** The same without relations that lack an end, or end at one of these entities. */
        private RelationsRead without(Set<UUID> going) {
            return new RelationsRead(seen, rows.stream().filter(RelationWrites::hasEnds)
                    .filter(relation -> ends(relation).noneMatch(going::contains)).toList());
        }

        private List<UUID> ids() {
            return rows.stream().map(Relation::id).toList();
        }
    }

    /** A first try to write relations: done, or not a single one written because ends are missing. */
    private record Attempt(RelationsRead snapshot, RelationsWritten outcome) {
    }

    /**
     * How the writing of relations went. Those that the graph cannot hold are in neither.
     *
     * @param changed lost the compare-and-set, and were left
     */
    record Written(Set<UUID> done, Set<UUID> changed) {
    }

    private final SourceStore source;
    private final GraphStore graph;
    private final GraphWriter writer;
    private final Comparison comparison;
    private final RepairLock lock;
    private final Batches batches;
    private final Halving halving;
    private final Revisits revisits;

    RelationWrites(RepairJob job, GraphWriter writer, Batches batches, Halving halving, Revisits revisits) {
        this.source = job.databases().source();
        this.graph = job.databases().graph();
        this.comparison = job.named().comparison();
        this.writer = writer;
        this.lock = job.safeguards().lock();
        this.batches = batches;
        this.halving = halving;
        this.revisits = revisits;
    }

    /** Asks the graph first and PostgreSQL last: a change between the two loses the compare-and-set. */
    RelationsRead read(Collection<UUID> ids) {
        Map<UUID, List<GraphState>> seen = graph.states().ofRelationships(ids);
        if (comparison == Comparison.CONTENT) {
            Predicate<String> kept = source.projection().kept()::keeps;
            seen.replaceAll((id, copies) -> copies.stream().map(copy -> SeenCopies.byContent(copy, kept)).toList());
        }
        return new RelationsRead(seen, source.projection().relations(ids));
    }

    /** The same for relations that were looked for in the graph before, and were not there. */
    RelationsRead readAbsent(Collection<UUID> ids) {
        return new RelationsRead(Map.of(), source.projection().relations(ids));
    }

    /** Whether a relation names two entities. */
    static boolean hasEnds(Relation relation) {
        return Stream.of(relation.from(), relation.to()).allMatch(id -> id != null && EntityId.isCanonical(id));
    }

    static Stream<UUID> ends(Relation relation) {
        return Stream.of(relation.from(), relation.to()).map(UUID::fromString);
    }

    /**
     * Writes relations, two batches at a time. Those whose ends have to be mended come after all others, one batch at a
     * time: a mended end has to be seen by what is written after it.
     *
     * @param begin lets a batch begin, or not
     * @param done  takes those that are written
     */
    void writeAll(Round round, Ids relations, Function<Collection<UUID>, RelationsRead> reader,
            BiConsumer<List<UUID>, Consumer<List<UUID>>> begin,
                  Ends ends, Consumer<List<UUID>> done) {
        Function<List<UUID>, Attempt> write = batch -> {
            lock.ensureHeld();
            return attempt(reader.apply(batch).without(Set.of()));
        };
        try (IdLog wantingEnds = new IdLog();
             WorkAhead<List<UUID>, Attempt> writes = new WorkAhead<>(AT_A_TIME, AT_A_TIME, write, (batch, first) ->
                     halving.act(round, batch, first, write, (part, attempt) -> {
                         if (attempt.outcome() instanceof RelationsWritten.EndsMissing) {
                             part.forEach(wantingEnds::add);
                         } else {
                             done.accept(done(part, written(attempt)));
                         }
                     }))) {
            relations.forEachBatch(batches::size,
                    ids -> batches.parts(ids).forEach(part -> begin.accept(part, writes::add)));
            writes.finish();
            Function<List<UUID>, Written> mending = part -> write(round, read(part), Set.of(), ends);
            Consumer<List<UUID>> mend = batch -> halving.act(round, batch, () -> mending.apply(batch), mending,
                    (part, written) -> done.accept(done(part, written)));
            wantingEnds.forEachBatch(batches::size,
                    ids -> batches.parts(ids).forEach(part -> begin.accept(part, mend)));
        }
    }

    /** Gives those that are done; the others are judged again. */
    private List<UUID> done(List<UUID> ids, Written written) {
        ids.stream().filter(id -> !written.done().contains(id)).forEach(id -> revisits.add(Reason.CHANGED, id));
        return ids.stream().filter(written.done()::contains).toList();
    }

    /**
     * Writes these relations, without those that the graph cannot hold, or that end at an entity which is going. Mends
     * other ends where that is needed.
     */
    Written write(Round round, RelationsRead read, Set<UUID> going, Ends mending) {
        Attempt attempt = attempt(read.without(going));
        if (attempt.outcome() instanceof RelationsWritten.EndsMissing missing) {
            Set<UUID> held = mending.mend(round,
                    missing.relations().stream().flatMap(RelationWrites::ends).distinct().toList());
            Set<UUID> dangling = missing.relations().stream()
                    .filter(relation -> !ends(relation).allMatch(held::contains)).map(Relation::id)
                    .collect(Collectors.toSet());
            // What others wrote to a relation that lacked an end came to nothing: PostgreSQL is asked once more.
            attempt = attempt(read(attempt.snapshot().ids().stream().filter(id -> !dangling.contains(id)).toList())
                    .without(going));
        }
        return written(attempt);
    }

    /** Writes relations; stops where an end does not stand exactly once. Safe on any thread. */
    private Attempt attempt(RelationsRead snapshot) {
        RelationsWritten outcome = RelationsWritten.NONE;
        for (List<Relation> part : Batches.byBytes(snapshot.rows(), Relation::properties)) {
            outcome = outcome.and(batches.timed(part.size(),
                    () -> writer.relationships().write(part, snapshot.seen())));
            if (outcome instanceof RelationsWritten.EndsMissing) {
                break;
            }
        }
        return new Attempt(snapshot, outcome);
    }

    private Written written(Attempt attempt) {
        Set<UUID> ids = new HashSet<>(attempt.snapshot().ids());
        if (!(attempt.outcome() instanceof RelationsWritten.Done outcome)) {
            return new Written(Set.of(), ids); // somebody took an end away again
        }
        revisits.add(Reason.COPIES_DELETED, outcome.replaced());
        Set<UUID> done = ids.stream().filter(id -> !outcome.changed().contains(id)).collect(Collectors.toSet());
        done.stream().filter(id -> !attempt.snapshot().seen().containsKey(id))
                .forEach(id -> revisits.add(Reason.RELATION_MADE, id));
        return new Written(done, outcome.changed());
    }
}
