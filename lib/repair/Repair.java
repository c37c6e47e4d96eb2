package syncdata.repair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import syncdata.check.Confirmation;
import syncdata.check.OtherSpelling;
import syncdata.repair.Revisits.Reason;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.Selection;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.Progress;
import syncdata.run.SortedIds;
import syncdata.run.WorkAhead;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.GraphStates;
import syncdata.store.Pace;

/**
 * Makes Neo4j equal to PostgreSQL for the entities that a report names: deletions, then nodes, then relations.
 * Each entity is judged again first, and only what still differs is written. Doing it twice is doing it once.
 */
public final class Repair {

    /** Batches that are judged in one look: fewer looks cost both servers less. */
    private static final int JUDGED_AT_ONCE = 4;
    private static final int JUDGED_AHEAD = 5;
    private static final int LOOKED_AT_AGAIN = 5000;

    private final RepairJob job;
    private final Pace pace;
    private final DeletionGuard guard;
    private final Confirmation confirmation;
    private final GraphWriter writer;
    private final Batches batches;
    private final Revisits revisits = new Revisits();
    private final Tally tally;
    private final Halving halving;
    private final RelationWrites relations;
    private final Deletions deletions;
    private final NodeWrites nodes;

    private Repair(RepairJob job) {
        Databases databases = job.databases();
        this.job = job;
        this.pace = databases.pace();
        this.guard = new DeletionGuard(job.safeguards().deletes(), job.named().inGraph(), databases.source().isEmpty());
        this.confirmation = new Confirmation(databases, job.named().comparison());
        this.writer = new GraphWriter(databases.graph(), job.safeguards().journal(),
                databases.source().projection().kept());
        this.batches = new Batches(databases, job.batchSize());
        this.tally = new Tally(job);
        this.halving = new Halving(job.safeguards().lock(), revisits, tally);
        this.relations = new RelationWrites(job, writer, batches, halving, revisits);
        this.deletions = new Deletions(job, writer, relations, batches, halving);
        this.nodes = new NodeWrites(job, writer, relations, deletions, batches, halving, revisits, tally);
    }

    /** Repairs those of the named entities that are wanted, as they are judged now. */
    public static RepairResult run(RepairJob job) {
        long started = System.nanoTime();
        RepairResult result = OtherSpelling.find(job.databases().graph(), job.named().toReindex())
                .map(spelling -> refused(job, spelling)).orElseGet(() -> new Repair(job).repairAndTell());
        done(job.events(), Duration.ofNanos(System.nanoTime() - started), result.deleted() + result.reindexed());
        return result;
    }

    /**
     * Makes the named entities and all relations from and to them equal to PostgreSQL, whatever their timestamps say.
     * Relations in Neo4j that PostgreSQL does not hold are removed from them; what PostgreSQL does not hold any more is
     * left, unless it is to be deleted. Only what fails is an event.
     */
    public static RepairResult force(RepairJob job) {
        RepairResult result = new Repair(job.choosing(difference -> difference.verdict() != Verdict.NOT_DELETED
                || job.named().toDelete().contains(difference.id()), job.receipts()).forcing()).repair();
        job.events().progress().end();
        return result;
    }

    /** Says the last event of a run in which nothing was to be repaired. */
    public static void skip(Events events) {
        done(events, Duration.ofNanos(0), 0);
    }

    private static void done(Events events, Duration took, long total) {
        events.info(Events.Logger.REPAIR, "sync-data.done", Map.of("took", Events.took(took), "total", total));
    }

    private static RepairResult refused(RepairJob job, OtherSpelling spelling) {
        job.events().error(Events.Logger.REPAIR, "Repair refused", Map.of("cause", spelling.refusal()));
        Tally tally = new Tally(job);
        List.of(job.named().toDelete(), job.named().toReindex())
                .forEach(all -> all.forEachBatch(job.batchSize(), ids -> tally.left(Round.FIRST, ids)));
        return tally.result(Optional.of(spelling.refusal()));
    }

    private RepairResult repairAndTell() {
        Events events = job.events();
        if (!refuses(job.named().toDelete().count())) {
            events.info(Events.Logger.REPAIR,
                    "Deleting " + job.named().toDelete().count() + " entities that should not be in Neo4J", Map.of());
        }
        RepairResult result = repair();
        pace.stop().reason()
                .ifPresent(reason -> events.warning(Events.Logger.REPAIR, "The repair stopped before its end",
                Map.of("n_deleted", result.deleted(), "n_reindexed", result.reindexed(), "reason", reason.label())));
        events.progress().end();
        if (result.healed() > 0) {
            events.info(Events.Logger.REPAIR, "Some entities needed no repair any more",
                    Map.of("n_healed", result.healed()));
        }
        if (result.ends() > 0) {
            events.info(Events.Logger.REPAIR, "Nodes were reindexed besides, since relations end there",
                    Map.of("n_ends", result.ends()));
        }
        return result;
    }

    private RepairResult repair() {
        try (revisits) {
            job.events().progress().begin(Progress.Phase.REPAIR, job.named().count());
            return rounds();
        } catch (RuntimeException e) {
            throw Failure.unfinished(e, tally.soFar());
        }
    }

    private RepairResult rounds() {
        boolean refused = guard.refusal().isPresent();
        if (refused) {
            job.named().toDelete().forEachBatch(job.batchSize(), ids -> tally.left(Round.FIRST, ids));
        }
        SortedIds toReindex = job.named().toReindex();
        round(Round.FIRST, refused ? List.of(toReindex) : List.of(job.named().toDelete(), toReindex));
        Round round = Round.FIRST.next();
        for (; revisits.has(Reason.CHANGED) && round.number() <= Round.MOST; round = round.next()) {
            again(round, Reason.CHANGED);
        }
        if (revisits.has(Reason.FAILED)) {
            again(round.lastTry(), Reason.FAILED);
        }
        end(Reason.CHANGED, "it, or what it is tied to, changed in Neo4j each of the " + Round.MOST
                + " times that it was about to be written; run this again when there is less going on");
        return tally.result(guard.refusal().map(DeletionGuard.Refusal::words));
    }

    private void again(Round round, Reason reason) {
        try (IdLog entities = revisits.take(reason)) {
            round(round, List.of(entities));
        }
    }

    private void end(Reason reason, String cause) {
        try (IdLog entities = revisits.take(reason)) {
            entities.forEachBatch(job.batchSize(), ids -> ids.forEach(id -> tally.failed(id, cause)));
        }
    }

    /** Judges entities and repairs those that still differ: deletions, nodes, relations. */
    private void round(Round round, List<? extends Ids> entities) {
        Map<UUID, List<GraphState>> toWrite = new LinkedHashMap<>();
        try (IdLog missing = new IdLog(); IdLog others = new IdLog()) {
            try (WorkAhead<List<UUID>, List<Difference>> judged =
                    new WorkAhead<>(JUDGED_AHEAD, 2, this::judge, (ids, first) ->
                    halving.act(round, ids, first, this::judge,
                            (some, differences) -> begin(round, differences, toWrite, missing, others)))) {
                entities
                        .forEach(all -> all.forEachBatch(() -> JUDGED_AT_ONCE * batches.size(),
                                ids -> beginUnlessStopping(round, ids, judged::add)));
                judged.finish();
            }
            write(round, toWrite);
            Round later = round.writingRelations();
            Consumer<List<UUID>> done = ids -> tally.reindexed(round, ids);
            relations.writeAll(later, missing, relations::readAbsent,
                    (ids, batch) -> beginUnlessStopping(round, ids, batch), nodes, done);
            relations.writeAll(later, others, relations::read, (ids, batch) -> beginUnlessStopping(round, ids, batch),
                    nodes, done);
        }
        lookAgain();
    }

    /**
     * Looks again where others may have written meanwhile: to copies that were deleted, and where a node or
     * relationship was made.
     */
    private void lookAgain() {
        try (IdLog deletedBefore = revisits.take(Reason.COPIES_DELETED)) {
            deletedBefore.forEachBatch(job.batchSize(),
                    ids -> judge(ids).stream().filter(difference -> difference.verdict().isDifference())
                    .map(Difference::id).forEach(id -> revisits.add(Reason.CHANGED, id)));
        }
        GraphStates states = job.databases().graph().states();
        try (IdLog madeNodes = revisits.take(Reason.NODE_MADE);
                IdLog madeRelations = revisits.take(Reason.RELATION_MADE);
             WorkAhead<Supplier<List<UUID>>, List<UUID>> duplicates = new WorkAhead<>(1, 2, Supplier::get,
                     (look, found) -> revisits.add(Reason.CHANGED, found.get()))) {
            madeNodes.forEachBatch(() -> pace.most(LOOKED_AT_AGAIN),
                    ids -> duplicates.add(() -> states.duplicateNodes(ids)));
            madeRelations.forEachBatch(() -> pace.most(LOOKED_AT_AGAIN),
                    ids -> duplicates.add(() -> states.duplicateRelationships(ids)));
            duplicates.finish();
        }
    }

    /** Once the run is to stop, entities are left: the next check finds them. */
    private void beginUnlessStopping(Round round, List<UUID> ids, Consumer<List<UUID>> batch) {
        if (pace.beforeBatch(ids.size())) {
            batch.accept(ids);
        } else {
            tally.left(round, ids);
        }
    }

    private List<Difference> judge(List<UUID> ids) {
        Predicate<String> kept = job.databases().source().projection().kept()::keeps;
        List<Difference> judged = new ArrayList<>(ids.size());
        batches.look(ids.stream().distinct().toList(), both -> confirmation.judge(both, Selection.ALL)
                .forEach(difference -> judged.add(difference.withoutContent(kept))));
        return judged;
    }

    /** Deletes, merges and replaces copies; puts the rest where its turn comes. */
    private void begin(Round round, List<Difference> judged, Map<UUID, List<GraphState>> toWrite, IdLog missing,
            IdLog others) {
        Map<Task, List<Difference>> byTask = judged.stream()
                .collect(Collectors.groupingBy(difference -> task(round, difference)));
        delete(round, seen(byTask, Task.DELETE));
        toWrite.putAll(seen(byTask, Task.WRITE_NODE));
        toWrite.putAll(nodes.mergeAll(round, seen(byTask, Task.MERGE_COPIES)));
        List<UUID> replaced = deletions.deleteAll(round, seen(byTask, Task.REPLACE_NODES), stay -> Set.of(), nodes);
        revisits.add(Reason.COPIES_DELETED, replaced);
        replaced.forEach(missing::add);
        byTask.getOrDefault(Task.CREATE_RELATION, List.of()).forEach(difference -> missing.add(difference.id()));
        byTask.getOrDefault(Task.WRITE_RELATION, List.of()).forEach(difference -> others.add(difference.id()));
        tally.showProgress();
        if (toWrite.size() >= nodes.atOnce()) {
            write(round, toWrite);
        }
    }

    private void write(Round round, Map<UUID, List<GraphState>> toWrite) {
        tally.reindexed(round, nodes.write(round, toWrite));
        toWrite.clear();
    }

    private void delete(Round round, Map<UUID, List<GraphState>> absent) {
        if (absent.isEmpty()) {
            return;
        }
        if (refuses(absent.size())) {
            tally.left(round, absent.keySet());
            return;
        }
        List<UUID> gone = deletions.deleteAll(round, absent, deletions::heldBySource, nodes);
        guard.deleted(gone.size());
        tally.deleted(round, gone);
        // PostgreSQL may have got it back under our lock, and a write of others to Neo4j may have gone with the copy.
        halving.act(round, gone, deletions::heldBySource);
    }

    /** Whether so many more deletions are too many; an event says so once. */
    private boolean refuses(long more) {
        Optional<DeletionGuard.Refusal> before = guard.refusal();
        if (guard.refuses(more) && before.isEmpty()) {
            DeletionGuard.Refusal refusal = guard.refusal().orElseThrow();
            job.events().error(Events.Logger.REPAIR, "Deletions refused",
                    Map.of("n_not_deleted", refusal.deletions(), "n_in_neo4j", job.named().inGraph(),
                    "max_deletes", job.safeguards().deletes().toString(), "cause", refusal.words()));
        }
        return guard.refusal().isPresent();
    }

    private Task task(Round round, Difference difference) {
        Task task = Task.of(difference, job.forced());
        if (task != Task.NOTHING && job.wanted().test(difference)) {
            return task;
        }
        tally.untouched(round, Receipt.untouched(difference));
        return Task.NOTHING;
    }

    /** The entities of a task, with their copies as they were seen. */
    private static Map<UUID, List<GraphState>> seen(Map<Task, List<Difference>> byTask, Task task) {
        Map<UUID, List<GraphState>> seen = new LinkedHashMap<>();
        byTask.getOrDefault(task, List.of())
                .forEach(difference -> seen.put(difference.id(), difference.graph()));
        return seen;
    }
}
