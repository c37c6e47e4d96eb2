package syncdata;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.Receipt.Outcome;
import syncdata.SourceStore.Relation;

/**
 * Makes Neo4j equal to PostgreSQL for the entities that a report names: deletions, then nodes, then relations.
 * Each entity is judged again first, and only what still differs is written. Doing it twice is doing it once.
 */
public final class Repair {

    /**
     * What a repair did.
     *
     * @param deleted   entities deleted from Neo4j
     * @param reindexed entities written anew
     * @param healed    entities that needed nothing any more
     * @param failed    entities that could not be repaired, each named in an event
     * @param refusal   why no entity was deleted, and what would allow it; null where no guard stopped it
     */
    public record Result(long deleted, long reindexed, long healed, long failed, String refusal) {
        public Result(long deleted, long reindexed, long healed, long failed) {
            this(deleted, reindexed, healed, failed, null);
        }

        /**
         * How the run ends.
         *
         * @throws RefusedException if a guard stopped the deletions
         */
        public ExitCode exitCode() {
            if (refusal != null) {
                throw new RefusedException(refusal);
            }
            return failed == 0 ? ExitCode.IN_SYNC : ExitCode.PARTLY_REPAIRED;
        }
    }

    private static final int JUDGED_AHEAD = 20;
    private static final int LARGEST_WINDOW = 64;

    private final SourceStore source;
    private final GraphStore graph;
    private final Events events;
    private final Safeguards safeguards;
    private final long inGraph;
    private final boolean sourceEmpty;
    private final long mostDeletions;
    private final int batchSize;
    private final Pace pace;
    private final Confirmation confirmation;
    private final Predicate<Difference> wanted;
    private final Consumer<Receipt> receipts;
    /** Whether what is in sync is written too, and relations that PostgreSQL does not hold are removed from the nodes. */
    private final boolean forced;

    /** The ids that are reindexed in their own turn. */
    private final IdFile listed;
    private final List<UUID> nodes = new ArrayList<>();
    private final IdFile relations = new IdFile();
    private boolean nodesDone;

    /** So many batches of nodes ask for their relations in one query: more of them where it is slow, since without an index it reads the whole table. */
    private int window = 2;

    private long deleted;
    private long reindexed;
    private long healed;
    private long failed;
    private String refusal;

    private Repair(Databases databases, Events events, Safeguards safeguards, long inGraph, int batchSize, IdFile toReindex,
                   Predicate<Difference> wanted, Consumer<Receipt> receipts, boolean forced) {
        this.source = databases.source();
        this.graph = databases.graph();
        this.events = events;
        this.safeguards = safeguards;
        this.inGraph = inGraph;
        this.sourceEmpty = source.isEmpty();
        this.mostDeletions = safeguards.deletes().most(inGraph, sourceEmpty);
        this.batchSize = batchSize;
        this.pace = databases.pace();
        this.confirmation = new Confirmation(databases);
        this.listed = toReindex;
        this.wanted = wanted;
        this.receipts = receipts;
        this.forced = forced;
    }

    /**
     * Repairs these entities.
     *
     * @param inGraph   the entities in Neo4j that the safeguards' share of deletions is taken of
     * @param batchSize entities written at a time
     * @param toDelete  deleted, unless PostgreSQL holds them now, or they are more than the safeguards allow
     * @param toReindex ascending
     */
    public static Result run(Databases databases, Events events, Safeguards safeguards, long inGraph, int batchSize, IdFile toDelete, IdFile toReindex) {
        return run(databases, events, safeguards, inGraph, batchSize, toDelete, toReindex, difference -> true, receipt -> { });
    }

    /**
     * Repairs those of these entities that are wanted, as they are judged now.
     *
     * @param wanted   says of each that still differs whether it is to be repaired; may be asked again about the same
     * @param receipts takes what became of each entity, on the caller's thread
     */
    public static Result run(Databases databases, Events events, Safeguards safeguards, long inGraph, int batchSize, IdFile toDelete, IdFile toReindex,
                             Predicate<Difference> wanted, Consumer<Receipt> receipts) {
        long started = System.nanoTime();
        Repair repair = new Repair(databases, events, safeguards, inGraph, batchSize, toReindex, wanted, receipts, false);
        boolean refused = repair.refuses(toDelete.count());
        events.info(Events.Logger.REPAIR, "Deleting " + (refused ? 0 : toDelete.count()) + " entities that should not be in Neo4J", Map.of());
        Result result = repair.run(toDelete);
        databases.pace().stop().reason().ifPresent(reason -> events.warning(Events.Logger.REPAIR, "The repair stopped before its end",
                Map.of("n_deleted", result.deleted(), "n_reindexed", result.reindexed(), "reason", reason.label())));
        events.progress().end();
        if (result.healed() > 0) {
            events.info(Events.Logger.REPAIR, "Some entities needed no repair any more", Map.of("n_healed", result.healed()));
        }
        done(events, Duration.ofNanos(System.nanoTime() - started), result.deleted() + result.reindexed());
        return result;
    }

    /**
     * Makes these entities and all relations from and to them equal to PostgreSQL, whatever their timestamps say.
     * Relations in Neo4j that PostgreSQL does not hold are removed from them. Only what fails is an event.
     *
     * @param toDelete  deleted, unless PostgreSQL holds them now; the safeguards must allow as many
     * @param toReindex ascending; one that PostgreSQL does not hold any more is left
     */
    public static Result force(Databases databases, Events events, Safeguards safeguards, int batchSize, IdFile toDelete, IdFile toReindex) {
        Predicate<Difference> wanted = difference -> difference.verdict() != Verdict.NOT_DELETED || toDelete.contains(difference.id());
        Result result = new Repair(databases, events, safeguards, toDelete.count(), batchSize, toReindex, wanted, receipt -> { }, true).run(toDelete);
        events.progress().end();
        return result;
    }

    /** Says the last event of a run in which nothing was to be repaired. */
    public static void skip(Events events) {
        done(events, Duration.ofNanos(0), 0);
    }

    private static void done(Events events, Duration took, long total) {
        events.info(Events.Logger.REPAIR, "sync-data.done", Map.of("took", Events.took(took), "total", total));
    }

    /** Whether more deletions than those so far are too many; then there will be none. */
    private boolean refuses(long deletions) {
        if (refusal == null && deleted + deletions > mostDeletions) {
            refusal = (sourceEmpty ? "PostgreSQL holds no entity at all, and " : "") + (deleted + deletions) + " of the " + inGraph
                    + " entities in Neo4j would be deleted, more than --max-deletes " + safeguards.deletes() + " allows: "
                    + (deleted == 0 ? "none was" : "only " + deleted + " were") + ". If they are to go, run this again with --max-deletes " + (deleted + deletions);
            events.error(Events.Logger.REPAIR, "Deletions refused", Map.of("n_not_deleted", deleted + deletions, "n_in_neo4j", inGraph,
                    "max_deletes", safeguards.deletes().toString(), "cause", refusal));
        }
        return refusal != null;
    }

    private Result run(IdFile toDelete) {
        try {
            return repair(toDelete);
        } catch (RuntimeException e) {
            throw UnfinishedException.of(e, deleted + " entities were deleted and " + reindexed + " reindexed so far");
        }
    }

    private Result repair(IdFile toDelete) {
        events.progress().begin(Progress.Phase.REPAIR, toDelete.count() + listed.count());
        try (relations) {
            try (ReadAhead<List<UUID>, List<Difference>> judged = new ReadAhead<>(JUDGED_AHEAD, this::judge, this::sort)) {
                toDelete.forEachBatch(batchSize, ids -> {
                    if (refusal == null && pace.beforeBatch(ids.size())) {
                        judged.add(ids);
                    } else {
                        told(ids, Outcome.LEFT);
                    }
                });
                listed.forEachBatch(batchSize, ids -> beginUnlessStopping(ids, judged::add));
                judged.finish();
            }
            reindexNodes();
            nodesDone = true;
            try (ReadAhead<List<UUID>, List<Relation>> rows = new ReadAhead<>(1, source::relations, this::reindexRelations)) {
                relations.forEachBatch(batchSize, ids -> beginUnlessStopping(ids, rows::add));
                rows.finish();
            }
            return new Result(deleted, reindexed, healed, failed, refusal);
        }
    }

    /** Once the run is to stop, what is left is left: the next check finds it. */
    private void beginUnlessStopping(List<UUID> ids, Consumer<List<UUID>> batch) {
        if (pace.beforeBatch(ids.size())) {
            batch.accept(ids);
        } else {
            told(ids, Outcome.LEFT);
        }
    }

    private List<Difference> judge(List<UUID> ids) {
        return confirmation.judge(ids, Selection.ALL);
    }

    /** Deletes those of some judged entities that PostgreSQL does not hold, and puts the others where their turn comes. */
    private void sort(List<UUID> ids, Supplier<List<Difference>> judged) {
        List<Difference> differences = new ArrayList<>();
        inHalves(ids, some -> differences.addAll(some == ids ? judged.get() : judge(some)));
        differences.removeIf(this::needsNothing);
        List<UUID> absent = differences.stream().filter(difference -> difference.verdict() == Verdict.NOT_DELETED).map(Difference::id).toList();
        Set<UUID> back = absent.isEmpty() ? Set.of() : source.states(absent).keySet(); // asked once more, right before the deletion
        List<UUID> gone = absent.stream().filter(id -> !back.contains(id)).toList();
        if (!gone.isEmpty()) {
            if (refuses(gone.size())) {
                told(gone, Outcome.LEFT);
            } else {
                deleted += told(inHalves(gone, this::remove), Outcome.DELETED);
            }
        }
        if (!back.isEmpty()) {
            List<UUID> again = List.copyOf(back);
            sort(again, () -> judge(again));
        }

        List<Difference> toWrite = differences.stream().filter(difference -> difference.verdict() != Verdict.NOT_DELETED).toList();
        List<UUID> unsound = toWrite.stream().filter(Repair::isUnsound).map(Difference::id).toList();
        Set<UUID> stuck = new HashSet<>(unsound);
        inHalves(unsound, this::remove).forEach(stuck::remove);
        for (Difference difference : toWrite) {
            if (stuck.contains(difference.id())) {
                continue;
            }
            if (difference.source().relation()) {
                relations.add(difference.id());
            } else {
                nodes.add(difference.id());
            }
        }
        showProgress();
        if (nodes.size() >= batchSize * window) {
            reindexNodes();
        }
    }

    private boolean needsNothing(Difference difference) {
        boolean differs = difference.verdict().isDifference() || forced && difference.verdict() == Verdict.OK;
        if (differs && wanted.test(difference)) {
            return false;
        }
        healed += differs ? 0 : 1;
        receipts.accept(Receipt.untouched(difference));
        return true;
    }

    private int told(List<UUID> ids, Outcome outcome) {
        ids.forEach(id -> receipts.accept(Receipt.of(id, outcome)));
        return ids.size();
    }

    /** Whether the copies are to be deleted first: there are several, or one of the wrong kind. */
    private static boolean isUnsound(Difference difference) {
        return difference.graph().size() > 1
                || difference.graph().stream().anyMatch(copy -> copy.relationship() != difference.source().relation());
    }

    private void reindexNodes() {
        reindexed += told(reindexNodes(nodes), Outcome.REINDEXED);
        nodes.clear();
        showProgress();
    }

    private void showProgress() {
        events.progress().reached(deleted + reindexed + healed + failed);
    }

    /**
     * Writes nodes, and those of their relations that have no turn of their own. A node gets its timestamp last:
     * a run that is stopped before leaves an entity that the next check finds.
     */
    private List<UUID> reindexNodes(List<UUID> ids) {
        try (IdFile tied = new IdFile()) {
            long started = System.nanoTime();
            List<UUID> ready = inHalves(ids, some -> source.relationsOf(some, batchSize, relation -> {
                if (!listed.contains(relation)) {
                    tied.add(relation);
                }
            }));
            long lookedUp = System.nanoTime();
            if (forced) {
                ready = inHalves(ready, this::removeStrayRelations);
            }
            if (tied.count() > 0) {
                List<UUID> prepared = new ArrayList<>();
                forEachBatch(ready, batch -> prepared.addAll(inHalves(batch, graph::prepareNodes)));
                ready = prepared;
                tied.forEachBatch(batchSize, batch -> inHalves(batch, this::writeRelations));
            }
            List<UUID> written = writeNodes(ready);
            if (lookedUp - started > (System.nanoTime() - lookedUp) / 8) {
                window = Math.min(LARGEST_WINDOW, window * 2);
            }
            return written;
        }
    }

    /** Of the relations that Neo4j ties to these nodes, moves those that PostgreSQL holds elsewhere, and deletes those that it does not hold. */
    private void removeStrayRelations(List<UUID> ids) {
        int limit = batchSize * 10;
        String after = "";
        for (List<String> page = List.of(after); !page.isEmpty(); ) {
            page = graph.attachedRelations(ids, after, limit);
            for (int from = 0; from < page.size(); from += batchSize) {
                List<UUID> attached = page.subList(from, Math.min(page.size(), from + batchSize)).stream()
                        .filter(EntityId::isCanonical).map(UUID::fromString).toList();
                List<Relation> held = source.relations(attached);
                writeRelations(held, Set.of());
                Set<UUID> strays = new HashSet<>(attached);
                held.forEach(relation -> strays.remove(relation.id()));
                if (!strays.isEmpty()) {
                    graph.deleteRelationships(strays);
                }
            }
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        }
    }

    private List<UUID> writeNodes(List<UUID> ids) {
        List<UUID> written = new ArrayList<>();
        try (ReadAhead<List<UUID>, List<Map<String, Object>>> rows = new ReadAhead<>(1, source::entities, (batch, read) ->
                written.addAll(inHalves(batch, some -> graph.writeNodes(some == batch ? read.get() : source.entities(some)))))) {
            forEachBatch(ids, rows::add);
            rows.finish();
        }
        return written;
    }

    private void reindexRelations(List<UUID> ids, Supplier<List<Relation>> read) {
        reindexed += told(inHalves(ids, some -> writeRelations(some == ids ? read.get() : source.relations(some), Set.of())), Outcome.REINDEXED);
        showProgress();
    }

    private void writeRelations(List<UUID> ids) {
        writeRelations(source.relations(ids), Set.of());
    }

    /** Writes those of these relations that the graph can hold, without those that have one of {@code going} as an end; says which. */
    private List<UUID> writeRelations(List<Relation> relations, Set<UUID> going) {
        List<Relation> rows = relations.stream()
                .filter(relation -> isId(relation.source()) && isId(relation.target()) && ends(relation).noneMatch(going::contains)).toList();
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Relation> withoutEnds = graph.writeRelationships(rows);
        if (!withoutEnds.isEmpty()) {
            Set<UUID> held = mendEnds(withoutEnds.stream().flatMap(Repair::ends).distinct().toList());
            Set<Relation> dangling = withoutEnds.stream().filter(relation -> !ends(relation).allMatch(held::contains)).collect(Collectors.toSet());
            rows = rows.stream().filter(relation -> !dangling.contains(relation)).toList();
            withoutEnds = rows.isEmpty() ? List.of() : graph.writeRelationships(rows);
        }
        if (!withoutEnds.isEmpty()) {
            Relation relation = withoutEnds.get(0);
            throw new IllegalStateException("one of its ends, " + relation.source() + " or " + relation.target() + ", could not be written");
        }
        return rows.stream().map(Relation::id).toList();
    }

    private static boolean isId(String text) {
        return text != null && EntityId.isCanonical(text);
    }

    /**
     * Makes sure that each of these nodes that PostgreSQL holds stands in the graph exactly once, and says which those are.
     * One whose own turn comes later gets its timestamp then.
     */
    private Set<UUID> mendEnds(List<UUID> ends) {
        Map<UUID, List<GraphState>> copies = graph.states(ends);
        Map<UUID, SourceState> truths = source.states(ends);
        List<UUID> held = ends.stream().filter(end -> truths.containsKey(end) && !truths.get(end).relation()).toList();
        List<UUID> missing = held.stream().filter(end -> !copies.containsKey(end)).toList();
        List<UUID> later = nodesDone ? List.of() : missing.stream().filter(listed::contains).toList();
        List<UUID> now = missing.stream().filter(end -> !later.contains(end)).toList();
        graph.prepareNodes(later);
        graph.writeNodes(source.entities(now));
        List<UUID> unsound = held.stream().filter(end -> copies.containsKey(end)
                && (copies.get(end).size() > 1 || copies.get(end).get(0).relationship())).toList();
        if (!unsound.isEmpty()) {
            remove(unsound);
            reindexNodes(unsound);
        }
        return new HashSet<>(held);
    }

    private static Stream<UUID> ends(Relation relation) {
        return Stream.of(relation.source(), relation.target()).map(UUID::fromString);
    }

    /**
     * Deletes every copy of these entities. Relations that are tied to them, but by PostgreSQL to other entities, are moved there first;
     * relationships go in counted batches, since those of one node may be too many for a transaction.
     */
    private void remove(List<UUID> ids) {
        Set<UUID> going = new HashSet<>(ids);
        inSmallerParts(limit -> {
            List<UUID> attached = graph.attachedRelations(ids, limit);
            List<UUID> moved = attached.isEmpty() ? List.of() : writeRelations(source.relations(attached), going);
            Set<UUID> surplus = new HashSet<>(attached);
            moved.forEach(surplus::remove);
            graph.deleteRelationships(surplus);
            return attached.size();
        });
        inSmallerParts(limit -> graph.deleteAttachedRelationships(ids, limit));
        graph.deleteNodes(ids);
        graph.deleteRelationships(ids);
    }

    /** Repeats a step until it finds nothing more, with half the limit whenever that is too much for the server's memory. */
    private void inSmallerParts(IntUnaryOperator step) {
        int limit = batchSize;
        for (boolean more = true; more; ) {
            try {
                more = step.applyAsInt(limit) > 0;
            } catch (GraphStore.TooLargeException e) {
                if (limit == 1) {
                    throw e;
                }
                limit /= 2;
            }
        }
    }

    private void forEachBatch(List<UUID> ids, Consumer<List<UUID>> action) {
        for (int from = 0; from < ids.size(); from += batchSize) {
            action.accept(ids.subList(from, Math.min(ids.size(), from + batchSize)));
        }
    }

    /** Acts on all at once; where that fails, on each half, until the single entity that fails is found and named. Says which succeeded. */
    private List<UUID> inHalves(List<UUID> ids, Consumer<List<UUID>> action) {
        if (ids.isEmpty()) {
            return ids;
        }
        safeguards.lock().ensureHeld();
        try {
            action.accept(ids);
            return ids;
        } catch (RuntimeException e) {
            if (Failure.of(e).endsTheRun()) {
                throw e;
            }
            if (ids.size() == 1) {
                failed++;
                events.error(Events.Logger.REPAIR, "An entity could not be repaired", Map.of("entity_id", ids.get(0).toString(), "cause", Failure.of(e).message()));
                receipts.accept(new Receipt(ids.get(0), Outcome.FAILED, Failure.of(e).message()));
                return List.of();
            }
            List<UUID> succeeded = new ArrayList<>(inHalves(ids.subList(0, ids.size() / 2), action));
            succeeded.addAll(inHalves(ids.subList(ids.size() / 2, ids.size()), action));
            return succeeded;
        }
    }
}
