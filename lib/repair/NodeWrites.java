package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import syncdata.repair.RelationWrites.RelationsRead;
import syncdata.repair.Revisits.Reason;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.SourceState;
import syncdata.run.IdLog;
import syncdata.run.WorkAhead;
import syncdata.store.BothSides;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.SourceStore;

/** Makes nodes equal to PostgreSQL, with those of their relations that the repair does not name. */
final class NodeWrites implements RelationWrites.Ends {
    private static final int AT_A_TIME = 2;
    private static final int MOST_BATCHES = 64;

    private final RepairJob job;
    private final SourceStore source;
    private final GraphStore graph;
    private final GraphWriter writer;
    private final RelationWrites relations;
    private final Deletions deletions;
    private final Batches batches;
    private final Halving halving;
    private final Revisits revisits;
    private final Tally tally;
    /** Batches a query for relations: without an index each one scans the table. Doubles while that query dominates. */
    private int batchesAtOnce;

    NodeWrites(RepairJob job, GraphWriter writer, RelationWrites relations, Deletions deletions, Batches batches,
            Halving halving, Revisits revisits, Tally tally) {
        this.job = job;
        this.source = job.databases().source();
        this.graph = job.databases().graph();
        this.writer = writer;
        this.relations = relations;
        this.deletions = deletions;
        this.batches = batches;
        this.halving = halving;
        this.revisits = revisits;
        this.tally = tally;
        this.batchesAtOnce = source.relations().readAll() ? MOST_BATCHES : 8;
    }

    /** How many nodes to write at once, now. */
    int atOnce() {
        return batches.size() * batchesAtOnce;
    }

    /**
     * Writes nodes, after those of their relations that the repair does not name. A node gets its timestamp last: a run
     * that stops before leaves an entity that the next check finds.
     *
     * @param seen the copies of each, one or none
     * @return those that are written
     */
    List<UUID> write(Round round, Map<UUID, List<GraphState>> seen) {
        Map<UUID, List<GraphState>> standing = new HashMap<>(seen);
        try (IdLog tied = new IdLog()) {
            long started = System.nanoTime();
            List<UUID> ready = halving.act(round, seen.keySet(), some -> {
                source.relations().attached(some, job.batchSize(), relation -> {
                    if (!job.named().toReindex().contains(relation)) {
                        tied.add(relation);
                    }
                });
                return Set.of();
            });
            long lookedUp = System.nanoTime();
            if (job.forced()) {
                ready = halving.act(round, ready, some -> removeStrayRelations(round, some));
            }
            if (tied.count() > 0) {
                standing.putAll(prepare(round, ready.stream().filter(id -> standing.get(id).isEmpty()).toList()));
                ready = ready.stream().filter(id -> !standing.get(id).isEmpty()).toList();
                tied.forEachBatch(batches::size, batch -> halving.act(round, batch,
                        some -> relations.write(round, relations.read(some), Set.of(), this).changed()));
            }
            List<UUID> written = round.last()
                    ? writeTogether(round, ready, standing) : writeInBatches(round, ready, standing);
            if (lookedUp - started > (System.nanoTime() - lookedUp) / 8) {
                batchesAtOnce = Math.min(MOST_BATCHES, batchesAtOnce * 2);
            }
            return written;
        }
    }

    /**
     * Makes one node of the copies of each of these entities, also of a relationship that has the id of a node.
     *
     * @return the placeholders that they are now
     */
    Map<UUID, List<GraphState>> mergeAll(Round round, Map<UUID, List<GraphState>> seen) {
        Map<UUID, List<GraphState>> merged = new LinkedHashMap<>();
        batches.forEach(List.copyOf(seen.keySet()),
                batch -> halving.act(round, batch, some -> merge(round, Deletions.only(some, seen), merged)));
        return merged;
    }

    /** Gives those that were left. */
    private Set<UUID> merge(Round round, Map<UUID, List<GraphState>> seen, Map<UUID, List<GraphState>> merged) {
        Going going = new Going(seen, stay -> Set.of());
        Halving.inSmallerParts(job.batchSize(), limit -> writer.merge().merge(going, limit));
        revisits.add(Reason.COPIES_DELETED, going.ids());
        List<UUID> absent = going.ids().stream().filter(id -> seen.get(id).stream().allMatch(GraphState::relationship))
                .toList();
        going.ids().stream().filter(id -> !absent.contains(id))
                .forEach(id -> merged.put(id, writer.placeholders().seen(id)));
        merged.putAll(prepare(round, absent));
        Set<UUID> left = new HashSet<>(seen.keySet());
        left.removeAll(going.ids());
        return left;
    }

    @Override
    public Set<UUID> mend(Round round, List<UUID> ends) {
        Set<UUID> held = new HashSet<>();
        batches.look(ends, both -> held.addAll(mend(round, both)));
        return held;
    }

    private Collection<UUID> mend(Round round, BothSides both) {
        Map<UUID, List<GraphState>> copies = both.copies();
        Map<UUID, SourceState> truths = both.truths();
        List<UUID> held = both.ids().stream()
                .filter(end -> truths.containsKey(end) && !truths.get(end).relation()).toList();
        List<UUID> missing = held.stream().filter(end -> !copies.containsKey(end)).toList();
        // An end that the repair names gets its timestamp in its own turn.
        List<UUID> later = round.turnsToCome()
                ? missing.stream().filter(job.named().toReindex()::contains).toList() : List.of();
        List<UUID> now = missing.stream().filter(end -> !later.contains(end)).toList();
        writer.nodes().prepare(source.projection().entities(later));
        writer.nodes().write(source.projection().entities(now), Map.of());
        revisits.add(Reason.NODE_MADE, missing);
        tally.ends(now);
        List<UUID> unsound = held.stream().filter(copies::containsKey)
                .filter(end -> copies.get(end).size() > 1 || copies.get(end).get(0).relationship()).toList();
        if (!unsound.isEmpty()) {
            Map<UUID, List<GraphState>> merged = new LinkedHashMap<>();
            revisits.add(Reason.CHANGED, merge(round, Deletions.only(unsound, copies), merged));
            tally.ends(write(round, merged));
        }
        return held;
    }

    /** Makes placeholders where there are no nodes, and gives those that it made. */
    private Map<UUID, List<GraphState>> prepare(Round round, List<UUID> ids) {
        Map<UUID, List<GraphState>> prepared = new LinkedHashMap<>();
        batches.forEach(ids, batch -> halving.act(round, batch, some -> {
            List<Map<String, Object>> rows = source.projection().entities(some);
            Set<UUID> left = absent(some, rows);
            left.addAll(writer.nodes().prepare(rows));
            return left;
        }).forEach(id -> prepared.put(id, writer.placeholders().seen(id))));
        revisits.add(Reason.NODE_MADE, prepared.keySet());
        return prepared;
    }

    /**
     * Removes relations from these nodes that PostgreSQL does not tie to them: moved where PostgreSQL holds them
     * elsewhere, else deleted. A relation that loses the compare-and-set is judged again itself, so none of the nodes
     * is left.
     */
    private Set<UUID> removeStrayRelations(Round round, List<UUID> ids) {
        int limit = job.batchSize() * 10;
        String after = "";
        for (List<String> page = List.of(after); !page.isEmpty(); ) {
            page = graph.relations().attached(ids, after, limit);
            for (int from = 0; from < page.size(); from += job.batchSize()) {
                RelationsRead read = relations.read(page.subList(from, Math.min(page.size(), from + job.batchSize()))
                        .stream()
                        .filter(EntityId::isCanonical).map(UUID::fromString).toList());
                revisits.add(Reason.CHANGED, relations.write(round, read, Set.of(), this).changed());
                Set<UUID> strays = new HashSet<>(read.seen().keySet());
                read.rows().forEach(relation -> strays.remove(relation.id()));
                revisits.add(Reason.CHANGED, deletions.delete(round, Deletions.only(strays, read.seen()),
                        deletions::heldBySource, this));
            }
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        }
        return Set.of();
    }

    private List<UUID> writeInBatches(Round round, List<UUID> ids, Map<UUID, List<GraphState>> seen) {
        List<UUID> written = new ArrayList<>();
        Function<List<UUID>, Set<UUID>> write = batch -> writeBatch(batch, seen);
        try (WorkAhead<List<UUID>, Set<UUID>> writes = new WorkAhead<>(AT_A_TIME, AT_A_TIME, write, (batch, first) ->
                halving.act(round, batch, first, write, (part, left) -> written.addAll(written(part, left, seen))))) {
            batches.forEach(ids, writes::add);
            writes.finish();
        }
        return written;
    }

    private List<UUID> written(List<UUID> ids, Set<UUID> left, Map<UUID, List<GraphState>> seen) {
        revisits.add(Reason.CHANGED, left);
        List<UUID> written = ids.stream().filter(id -> !left.contains(id)).toList();
        written.stream().filter(id -> seen.get(id).isEmpty()).forEach(id -> revisits.add(Reason.NODE_MADE, id));
        return written;
    }

    /** Gives those that were left. */
    private Set<UUID> writeBatch(List<UUID> ids, Map<UUID, List<GraphState>> seen) {
        job.safeguards().lock().ensureHeld();
        List<Map<String, Object>> rows = source.projection().entities(ids);
        Set<UUID> left = absent(ids, rows);
        for (List<Map<String, Object>> part : Batches.byBytes(rows, Function.identity())) {
            left.addAll(batches.timed(part.size(), () -> writer.nodes().write(part, seen)));
        }
        return left;
    }

    /** Entities that PostgreSQL has lost meanwhile. */
    private static Set<UUID> absent(Collection<UUID> ids, List<Map<String, Object>> rows) {
        Set<UUID> absent = new HashSet<>(ids);
        rows.forEach(row -> absent.remove(UUID.fromString((String) row.get("id"))));
        return absent;
    }

    /**
     * Writes in one transaction nodes that may have failed for each other's sake, such as two that swap a unique title.
     * Those that still fail are left out.
     */
    private List<UUID> writeTogether(Round round, List<UUID> ids, Map<UUID, List<GraphState>> seen) {
        List<UUID> written = new ArrayList<>();
        batches.forEach(ids, batch -> {
            Map<UUID, Map<String, Object>> rows = new LinkedHashMap<>();
            halving.act(round, batch, some -> {
                source.projection().entities(some)
                        .forEach(row -> rows.put(UUID.fromString((String) row.get("id")), row));
                return absent(some, List.copyOf(rows.values()));
            });
            while (!rows.isEmpty()) {
                job.safeguards().lock().ensureHeld();
                NodesWritten outcome = writer.nodes().writeTogether(List.copyOf(rows.values()), seen);
                if (outcome instanceof NodesWritten.Done done) {
                    written.addAll(written(List.copyOf(rows.keySet()), done.changed(), seen));
                    break;
                }
                if (outcome instanceof NodesWritten.OneFails fails) {
                    Failure failure = Failure.of(fails.cause());
                    if (failure.endsTheRun()) {
                        throw fails.cause();
                    }
                    halving.failed(round, fails.id(), failure.message());
                    rows.remove(fails.id());
                }
            }
        });
        return written;
    }
}
