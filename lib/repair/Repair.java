package syncdata.repair;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import syncdata.check.Confirmation;
import syncdata.repair.Receipt.Outcome;
import syncdata.rules.Difference;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.IdFile;
import syncdata.run.Progress;
import syncdata.run.RefusedException;
import syncdata.run.WorkAhead;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.Pace;
import syncdata.store.PageSize;
import syncdata.store.SourceStore;
import syncdata.store.SourceStore.Relation;
import syncdata.store.TooLargeException;

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
     * @param journal   what was changed, as it was before; null where there is none
     */
    public record Result(long deleted, long reindexed, long healed, long failed, String refusal, Path journal) {
        public Result(long deleted, long reindexed, long healed, long failed) {
            this(deleted, reindexed, healed, failed, null, null);
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

    /** So many batches are judged in one look, which takes less of both servers than as many looks. */
    private static final int JUDGED_AT_ONCE = 4;
    private static final int JUDGED_AHEAD = 5;
    private static final int WRITES_AT_A_TIME = 2;
    private static final int LARGEST_WINDOW = 64;
    private static final int ROUNDS = 5;
    private static final int LOOKED_AT_AGAIN = 5000;

    /** Relations as they are to be, and as they were seen in the graph before PostgreSQL was asked. */
    private record RelationRows(Map<UUID, List<GraphState>> seen, List<Relation> rows) {
    }

    /** Relations that were to be written, the copies that were seen of them, and how that went. */
    private record Attempt(List<Relation> rows, Map<UUID, List<GraphState>> seen, GraphWriter.Outcome outcome) {
        boolean wantsEnds() {
            return !outcome.withoutEnds().isEmpty();
        }
    }

    /**
     * How the writing of relations went; those that the graph cannot hold are in neither.
     *
     * @param changed stand otherwise than was seen, and were left
     */
    private record Written(Set<UUID> done, Set<UUID> changed) {
    }

    private final SourceStore source;
    private final GraphStore graph;
    private final GraphWriter writer;
    private final Events events;
    private final Safeguards safeguards;
    private final long inGraph;
    private final boolean sourceEmpty;
    private final long mostDeletions;
    private final int batchSize;
    private final PageSize writeSize;
    private final Pace pace;
    private final Confirmation confirmation;
    private final Predicate<Difference> wanted;
    private final Consumer<Receipt> receipts;
    /** Whether what is in sync is written too, and relations that PostgreSQL does not hold are removed from the nodes. */
    private final boolean forced;

    /** The ids that are to be deleted, and those that are reindexed in their own turn. */
    private final IdFile toDelete;
    private final IdFile listed;
    /** Whether this is not the first round: what is judged may be relations of listed nodes too, which are nobody's concern. */
    private boolean again;
    /** Nodes that are to be written, with the copies that were seen of each. */
    private final Map<UUID, List<GraphState>> nodes = new LinkedHashMap<>();
    /** Whose copies are being deleted now; mending the ends of a relation on the way, others may be. */
    private final Set<UUID> removing = new HashSet<>();
    private IdFile missingRelations = new IdFile();
    private IdFile otherRelations = new IdFile();
    private boolean nodesDone;

    /** Stood otherwise than was seen when they were about to be written: they are judged again. */
    private IdFile changed = new IdFile();
    /** Made where there was nothing; without a constraint, another writer may have made them too. */
    private IdFile createdNodes = new IdFile();
    /** Whose copies were deleted, before they were made anew. */
    private IdFile madeAnew = new IdFile();
    private IdFile createdRelations = new IdFile();

    /** So many batches of nodes ask for their relations in one query: more of them where it is slow, since without an index it reads the whole table. */
    private int window = 8;

    private long deleted;
    private long reindexed;
    private long healed;
    private long failed;
    private String refusal;

    private Repair(Databases databases, Events events, Safeguards safeguards, long inGraph, int batchSize, IdFile toDelete, IdFile toReindex,
                   Predicate<Difference> wanted, Consumer<Receipt> receipts, boolean forced) {
        this.source = databases.source();
        this.graph = databases.graph();
        this.writer = new GraphWriter(graph, safeguards.journal());
        this.events = events;
        this.safeguards = safeguards;
        this.inGraph = inGraph;
        this.sourceEmpty = source.isEmpty();
        this.mostDeletions = safeguards.deletes().most(inGraph, sourceEmpty);
        this.batchSize = batchSize;
        this.pace = databases.pace();
        this.writeSize = pace.pageSize(batchSize);
        this.confirmation = new Confirmation(databases);
        this.toDelete = toDelete;
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
        Repair repair = new Repair(databases, events, safeguards, inGraph, batchSize, toDelete, toReindex, wanted, receipts, false);
        boolean refused = repair.refuses(toDelete.count());
        events.info(Events.Logger.REPAIR, "Deleting " + (refused ? 0 : toDelete.count()) + " entities that should not be in Neo4J", Map.of());
        Result result = repair.run();
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
        Result result = new Repair(databases, events, safeguards, toDelete.count(), batchSize, toDelete, toReindex, wanted, receipt -> { }, true).run();
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

    private Result run() {
        try {
            return repair();
        } catch (RuntimeException e) {
            throw Failure.unfinished(e, deleted + " entities were deleted and " + reindexed + " reindexed so far");
        }
    }

    private Result repair() {
        events.progress().begin(Progress.Phase.REPAIR, toDelete.count() + listed.count());
        try {
            if (refusal != null) {
                toDelete.forEachBatch(batchSize, ids -> told(ids, Outcome.LEFT));
            }
            round(refusal == null ? List.of(toDelete, listed) : List.of(listed));
            nodesDone = true;
            again = true;
            for (int round = 2; changed.count() > 0 && round <= ROUNDS; round++) {
                try (IdFile left = changed) {
                    changed = new IdFile();
                    round(List.of(left));
                }
            }
            changed.forEachBatch(batchSize, ids -> ids.forEach(id -> failed(id, "it, or what it is tied to, changed in Neo4j each of the " + ROUNDS
                    + " times that it was about to be written; run this again when there is less going on")));
            return new Result(deleted, reindexed, healed, failed, refusal, safeguards.journal().written());
        } finally {
            List.of(missingRelations, otherRelations, changed, createdNodes, createdRelations, madeAnew).forEach(IdFile::close);
        }
    }

    /** Judges entities and repairs those that still differ: deletions, nodes, relations. */
    private void round(List<IdFile> entities) {
        try (WorkAhead<List<UUID>, List<Difference>> judged = new WorkAhead<>(JUDGED_AHEAD, 2, this::judge, this::sort)) {
            entities.forEach(all -> all.forEachBatch(() -> JUDGED_AT_ONCE * writeSize(), ids -> beginUnlessStopping(ids, judged::add)));
            judged.finish();
        }
        reindexNodes();
        nodesDone = true;
        try (IdFile missing = missingRelations; IdFile others = otherRelations) {
            missingRelations = new IdFile();
            otherRelations = new IdFile();
            reindexRelations(missing, ids -> new RelationRows(Map.of(), source.relations(ids)));
            reindexRelations(others, this::read);
        }
        try (IdFile deletedBefore = madeAnew) { // Neo4j takes what others write to a copy that is being deleted, and says nothing
            madeAnew = new IdFile();
            deletedBefore.forEachBatch(batchSize, ids -> judge(ids).stream().filter(difference -> difference.verdict().isDifference())
                    .map(Difference::id).forEach(changed::add));
        }
        try (IdFile madeNodes = createdNodes; IdFile madeRelations = createdRelations;
             WorkAhead<Supplier<List<UUID>>, List<UUID>> duplicates = new WorkAhead<>(1, 2, Supplier::get, (look, found) -> found.get().forEach(changed::add))) {
            createdNodes = new IdFile();
            createdRelations = new IdFile();
            madeNodes.forEachBatch(() -> pace.most(LOOKED_AT_AGAIN), ids -> duplicates.add(() -> writer.duplicateNodes(ids)));
            madeRelations.forEachBatch(() -> pace.most(LOOKED_AT_AGAIN), ids -> duplicates.add(() -> writer.duplicateRelationships(ids)));
            duplicates.finish();
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
        return confirmation.judge(ids.stream().distinct().toList(), Selection.ALL);
    }

    /** Deletes those of some judged entities that PostgreSQL does not hold, and puts the others where their turn comes. */
    private void sort(List<UUID> ids, Supplier<List<Difference>> judged) {
        List<Difference> differences = new ArrayList<>();
        inHalves(ids, some -> {
            differences.addAll(some == ids ? judged.get() : judge(some));
            return Set.of();
        });
        differences.removeIf(this::needsNothing);
        Map<UUID, List<GraphState>> absent = seen(differences.stream().filter(difference -> difference.verdict() == Verdict.NOT_DELETED));
        if (!absent.isEmpty() && refuses(absent.size())) {
            told(absent.keySet(), Outcome.LEFT);
        } else {
            List<UUID> gone = removeInBatches(absent, this::heldBySource);
            deleted += told(gone, Outcome.DELETED);
            // What PostgreSQL got meanwhile may have been written to Neo4j while we held its lock, and gone with the copy that we deleted.
            inHalves(gone, this::heldBySource);
        }

        List<Difference> toWrite = differences.stream().filter(difference -> difference.verdict() != Verdict.NOT_DELETED).toList();
        Map<UUID, List<GraphState>> unsound = seen(toWrite.stream().filter(Repair::isUnsound));
        Set<UUID> freed = new HashSet<>(removeInBatches(unsound, stay -> Set.of()));
        freed.forEach(madeAnew::add);
        Map<UUID, List<GraphState>> prepared = prepare(toWrite.stream().filter(difference -> !difference.source().relation()).map(Difference::id).filter(freed::contains).toList());
        for (Difference difference : toWrite) {
            UUID id = difference.id();
            boolean relation = difference.source().relation();
            if (unsound.containsKey(id) && !(relation ? freed : prepared.keySet()).contains(id)) {
                continue;
            }
            List<GraphState> copies = freed.contains(id) ? prepared.getOrDefault(id, List.of()) : light(difference.graph());
            if (!relation) {
                nodes.put(id, copies);
            } else if (copies.isEmpty()) {
                missingRelations.add(id);
            } else {
                otherRelations.add(id);
            }
        }
        showProgress();
        if (nodes.size() >= writeSize() * window) {
            reindexNodes();
        }
    }

    private boolean needsNothing(Difference difference) {
        boolean differs = difference.verdict().isDifference() || forced && difference.verdict() == Verdict.OK;
        if (differs && wanted.test(difference)) {
            return false;
        }
        if (isAsked(difference.id())) {
            healed += differs ? 0 : 1;
            receipts.accept(Receipt.untouched(difference));
        }
        return true;
    }

    private int told(Collection<UUID> ids, Outcome outcome) {
        List<UUID> asked = ids.stream().filter(this::isAsked).toList();
        asked.forEach(id -> receipts.accept(Receipt.of(id, outcome)));
        return asked.size();
    }

    private boolean isAsked(UUID id) {
        return !again || toDelete.contains(id) || listed.contains(id);
    }

    private static Map<UUID, List<GraphState>> seen(Stream<Difference> differences) {
        Map<UUID, List<GraphState>> seen = new LinkedHashMap<>();
        differences.forEach(difference -> seen.put(difference.id(), light(difference.graph())));
        return seen;
    }

    /** What is needed of copies to know them again. */
    private static List<GraphState> light(List<GraphState> copies) {
        return copies.stream().map(copy -> new GraphState(copy.id(), copy.relationship(), null, copy.timestamp(), Map.of(), copy.source(), copy.target(), copy.stored())).toList();
    }

    private static Map<UUID, List<GraphState>> only(Collection<UUID> ids, Map<UUID, List<GraphState>> seen) {
        Map<UUID, List<GraphState>> some = new LinkedHashMap<>();
        ids.forEach(id -> some.put(id, seen.get(id)));
        return some;
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
    private List<UUID> reindexNodes(Map<UUID, List<GraphState>> seen) {
        try (IdFile tied = new IdFile()) {
            long started = System.nanoTime();
            List<UUID> ready = inHalves(seen.keySet(), some -> {
                source.relationsOf(some, batchSize, relation -> {
                    if (!listed.contains(relation)) {
                        tied.add(relation);
                    }
                });
                return Set.of();
            });
            long lookedUp = System.nanoTime();
            if (forced) {
                ready = inHalves(ready, this::removeStrayRelations);
            }
            if (tied.count() > 0) {
                Set<UUID> stuck = new HashSet<>(ready);
                seen.putAll(prepare(ready.stream().filter(id -> seen.get(id).isEmpty()).toList()));
                stuck.removeIf(id -> !seen.get(id).isEmpty());
                ready = ready.stream().filter(id -> !stuck.contains(id)).toList();
                tied.forEachBatch(this::writeSize, batch -> inHalves(batch, some -> writeRelations(read(some), Set.of()).changed()));
            }
            List<UUID> written = writeNodes(ready, seen);
            if (lookedUp - started > (System.nanoTime() - lookedUp) / 8) {
                window = Math.min(LARGEST_WINDOW, window * 2);
            }
            return written;
        }
    }

    /** Makes nodes where there are none, for others to tie relations to until they are written. Gives those that it made, as they stand now. */
    private Map<UUID, List<GraphState>> prepare(List<UUID> ids) {
        Map<UUID, List<GraphState>> prepared = new LinkedHashMap<>();
        forEachBatch(ids, batch -> inHalves(batch, writer::prepareNodes)
                .forEach(id -> prepared.put(id, List.of(new GraphState(id, false, null, GraphTimestamp.UNREADABLE, Map.of(), null, null)))));
        prepared.keySet().forEach(createdNodes::add);
        return prepared;
    }

    /**
     * Of the relations that Neo4j ties to these nodes, moves those that PostgreSQL holds elsewhere, and deletes those that it does not hold.
     * Leaves none of the nodes: a relation that changed meanwhile is judged again itself.
     */
    private Set<UUID> removeStrayRelations(List<UUID> ids) {
        int limit = batchSize * 10;
        String after = "";
        for (List<String> page = List.of(after); !page.isEmpty(); ) {
            page = graph.attachedRelations(ids, after, limit);
            for (int from = 0; from < page.size(); from += batchSize) {
                RelationRows read = read(page.subList(from, Math.min(page.size(), from + batchSize)).stream()
                        .filter(EntityId::isCanonical).map(UUID::fromString).toList());
                writeRelations(read, Set.of()).changed().forEach(changed::add);
                Set<UUID> strays = new HashSet<>(read.seen().keySet());
                read.rows().forEach(relation -> strays.remove(relation.id()));
                remove(only(strays, read.seen()), this::heldBySource).forEach(changed::add);
            }
            after = page.isEmpty() ? after : page.get(page.size() - 1);
        }
        return Set.of();
    }

    private List<UUID> writeNodes(List<UUID> ids, Map<UUID, List<GraphState>> seen) {
        List<UUID> written = new ArrayList<>();
        Function<List<UUID>, Set<UUID>> write = batch -> writeBatch(batch, seen);
        try (WorkAhead<List<UUID>, Set<UUID>> writes = new WorkAhead<>(WRITES_AT_A_TIME, WRITES_AT_A_TIME, write, (batch, done) ->
                written.addAll(inHalves(batch, some -> {
                    Set<UUID> left = some == batch ? done.get() : write.apply(some);
                    some.stream().filter(id -> seen.get(id).isEmpty() && !left.contains(id)).forEach(createdNodes::add);
                    return left;
                })))) {
            forEachBatch(ids, writes::add);
            writes.finish();
        }
        return written;
    }

    /** Gives those that were left. */
    private Set<UUID> writeBatch(List<UUID> ids, Map<UUID, List<GraphState>> seen) {
        safeguards.lock().ensureHeld();
        List<Map<String, Object>> present = source.entities(ids);
        Set<UUID> left = new HashSet<>(ids);
        present.forEach(row -> left.remove(UUID.fromString((String) row.get("id")))); // PostgreSQL lost the others meanwhile
        long before = pace.spent();
        left.addAll(writer.writeNodes(present, seen));
        writeSize.took(ids.size(), pace.spent() - before);
        return left;
    }

    /** Two batches at a time; after them, one at a time, those whose ends have to be mended: what is written meanwhile would miss what that changes. */
    private void reindexRelations(IdFile relations, Function<List<UUID>, RelationRows> reader) {
        Function<List<UUID>, Attempt> write = batch -> {
            safeguards.lock().ensureHeld();
            return attempt(reader.apply(batch), Set.of());
        };
        try (IdFile wantingEnds = new IdFile();
             WorkAhead<List<UUID>, Attempt> writes = new WorkAhead<>(WRITES_AT_A_TIME, WRITES_AT_A_TIME, write, (batch, first) -> {
                 Set<UUID> later = new HashSet<>();
                 List<UUID> done = inHalves(batch, some -> {
                     Attempt attempt = some == batch ? first.get() : write.apply(some);
                     if (attempt.wantsEnds()) {
                         later.addAll(some);
                         return Set.of();
                     }
                     return left(some, written(attempt).done());
                 });
                 later.forEach(wantingEnds::add);
                 relationsDone(done.stream().filter(id -> !later.contains(id)).toList());
             })) {
            relations.forEachBatch(this::writeSize, ids -> beginUnlessStopping(ids, writes::add));
            writes.finish();
            wantingEnds.forEachBatch(this::writeSize, ids -> beginUnlessStopping(ids, batch ->
                    relationsDone(inHalves(batch, some -> left(some, writeRelations(read(some), Set.of()).done())))));
        }
    }

    private void relationsDone(List<UUID> ids) {
        reindexed += told(ids, Outcome.REINDEXED);
        showProgress();
    }

    /** First the graph, then PostgreSQL: what came between shows when it is written. */
    private RelationRows read(Collection<UUID> ids) {
        Map<UUID, List<GraphState>> seen = graph.relationships(ids);
        return new RelationRows(seen, source.relations(ids));
    }

    private static Set<UUID> left(List<UUID> ids, Set<UUID> written) {
        Set<UUID> left = new HashSet<>(ids);
        left.removeAll(written);
        return left;
    }

    /** Writes those of these relations that the graph can hold, without those that have one of {@code going} as an end. Mends their other ends first, where that is needed. */
    private Written writeRelations(RelationRows read, Set<UUID> going) {
        Attempt attempt = attempt(read, going);
        if (attempt.wantsEnds()) {
            Set<UUID> held = mendEnds(attempt.outcome().withoutEnds().stream().flatMap(Repair::ends).distinct().toList());
            Set<Relation> dangling = attempt.outcome().withoutEnds().stream().filter(relation -> !ends(relation).allMatch(held::contains)).collect(Collectors.toSet());
            // While a relation had no end, what others wrote to it came to nothing: it is written as PostgreSQL holds it now.
            attempt = attempt(read(attempt.rows().stream().filter(relation -> !dangling.contains(relation)).map(Relation::id).toList()), going);
        }
        return written(attempt);
    }

    /** Writes them as {@link #writeRelations} does, or none of them where one has an end that is not there once. Safe on any thread. */
    private Attempt attempt(RelationRows read, Set<UUID> going) {
        List<Relation> rows = read.rows().stream()
                .filter(relation -> isId(relation.source()) && isId(relation.target()) && ends(relation).noneMatch(going::contains)).toList();
        if (rows.isEmpty()) {
            return new Attempt(rows, read.seen(), GraphWriter.Outcome.NONE);
        }
        long before = pace.spent();
        GraphWriter.Outcome outcome = writer.writeRelationships(rows, read.seen());
        writeSize.took(rows.size(), pace.spent() - before);
        return new Attempt(rows, read.seen(), outcome);
    }

    /** Where an end is missing still, because somebody took it away again, all of them changed. */
    private Written written(Attempt attempt) {
        attempt.outcome().replaced().forEach(madeAnew::add);
        Set<UUID> ids = attempt.rows().stream().map(Relation::id).collect(Collectors.toSet());
        Set<UUID> changedNow = attempt.wantsEnds() ? ids : attempt.outcome().changed();
        Set<UUID> done = ids.stream().filter(id -> !changedNow.contains(id)).collect(Collectors.toSet());
        done.stream().filter(id -> !attempt.seen().containsKey(id)).forEach(createdRelations::add);
        return new Written(done, changedNow);
    }

    /** How many entities to write at a time, so that a batch takes no longer than it should. */
    private int writeSize() {
        return Math.min(batchSize, writeSize.now());
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
        writer.prepareNodes(later);
        writer.writeNodes(source.entities(now), Map.of());
        missing.forEach(createdNodes::add);
        List<UUID> unsound = held.stream().filter(end -> copies.containsKey(end)
                && (copies.get(end).size() > 1 || copies.get(end).get(0).relationship()) && !removing.contains(end)).toList();
        if (!unsound.isEmpty()) {
            Set<UUID> left = remove(only(unsound, copies), stay -> Set.of());
            reindexNodes(prepare(unsound.stream().filter(end -> !left.contains(end)).toList()));
        }
        return new HashSet<>(held);
    }

    private static Stream<UUID> ends(Relation relation) {
        return Stream.of(relation.source(), relation.target()).map(UUID::fromString);
    }

    /** Gives those that are gone. */
    private List<UUID> removeInBatches(Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps) {
        List<UUID> gone = new ArrayList<>();
        forEachBatch(List.copyOf(seen.keySet()), batch -> gone.addAll(inHalves(batch, some -> remove(only(some, seen), keeps))));
        return gone;
    }

    /**
     * Deletes every copy of these entities, as long as they stand as they were seen. Relations that are tied to them, but by PostgreSQL
     * to other entities, are moved there first; relationships go in counted batches, since those of one node may be too many for a transaction.
     *
     * @param keeps which of some entities are not to be deleted after all; asked while nobody else can write them
     * @return those that were left
     */
    private Set<UUID> remove(Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps) {
        Set<UUID> others = Set.copyOf(removing);
        removing.addAll(seen.keySet());
        try {
            return remove(seen, keeps, others);
        } finally {
            removing.retainAll(others);
        }
    }

    private Set<UUID> remove(Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps, Set<UUID> others) {
        GraphWriter.Going going = new GraphWriter.Going(seen, keeps);
        Set<UUID> tied = new HashSet<>();
        if (seen.values().stream().flatMap(List::stream).anyMatch(copy -> !copy.relationship())) {
            int[] stuck = new int[1];
            inSmallerParts(limit -> {
                List<UUID> attached = graph.attachedRelations(going.ids(), limit);
                if (attached.isEmpty()) {
                    return 0;
                }
                RelationRows read = read(attached);
                Set<UUID> elsewhere = read.rows().stream().filter(relation -> isId(relation.source()) && isId(relation.target())
                        && ends(relation).noneMatch(removing::contains)).map(Relation::id).collect(Collectors.toSet());
                Set<UUID> moved = writeRelations(read, removing).done();
                read.rows().stream().filter(relation -> isId(relation.source()) && isId(relation.target()) && ends(relation).anyMatch(others::contains))
                        .map(Relation::id).filter(id -> !listed.contains(id)).forEach(changed::add); // goes now, and is judged again
                Set<UUID> dangling = dangling(elsewhere);
                List<UUID> surplus = attached.stream().filter(id -> !elsewhere.contains(id) || dangling.contains(id)).toList();
                surplus.stream().filter(seen::containsKey).forEach(tied::add);
                int gone = surplus.isEmpty() ? 0 : writer.deleteAttached(going, surplus, limit);
                if (moved.isEmpty() && gone == 0 && ++stuck[0] == ROUNDS) {
                    going.leave(Set.copyOf(going.ids())); // others write them all the time
                }
                return attached.size();
            });
            inSmallerParts(limit -> writer.deleteAttached(going, null, limit));
        }
        writer.delete(going);
        Set<UUID> left = new HashSet<>(seen.keySet());
        left.removeAll(going.ids());
        tied.retainAll(left);
        if (!tied.isEmpty()) { // relations that went with their nodes
            tied.removeAll(graph.states(tied).keySet());
            left.removeAll(tied);
        }
        return left;
    }

    /** Those of these entities that PostgreSQL holds now. */
    private Set<UUID> heldBySource(Collection<UUID> ids) {
        return source.states(ids).keySet();
    }

    private Set<UUID> dangling(Set<UUID> relations) {
        return relations.isEmpty() ? Set.of() : source.states(relations).values().stream().filter(SourceState::dangling).map(SourceState::id).collect(Collectors.toSet());
    }

    /** Repeats a step until it finds nothing more, with half the limit whenever that is too much for the server's memory. */
    private void inSmallerParts(IntUnaryOperator step) {
        int limit = batchSize;
        for (boolean more = true; more; ) {
            try {
                more = step.applyAsInt(limit) > 0;
            } catch (TooLargeException e) {
                if (limit == 1) {
                    throw e;
                }
                limit /= 2;
            }
        }
    }

    private void forEachBatch(List<UUID> ids, Consumer<List<UUID>> action) {
        int size;
        for (int from = 0; from < ids.size(); from += size) {
            size = writeSize();
            action.accept(ids.subList(from, Math.min(ids.size(), from + size)));
        }
    }

    /**
     * Acts on all at once; where that fails, on each half, until the single entity that fails is found and named.
     *
     * @param action gives those that it left, because they stand otherwise than was seen: they are judged again
     * @return those that are done
     */
    private List<UUID> inHalves(Collection<UUID> all, Function<List<UUID>, Set<UUID>> action) {
        List<UUID> ids = all instanceof List<UUID> list ? list : List.copyOf(all);
        if (ids.isEmpty()) {
            return ids;
        }
        safeguards.lock().ensureHeld();
        try {
            Set<UUID> left = action.apply(ids);
            left.forEach(changed::add);
            return left.isEmpty() ? ids : ids.stream().filter(id -> !left.contains(id)).toList();
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            if (failure.endsTheRun()) {
                throw e;
            }
            if (ids.size() == 1) {
                failed(ids.get(0), failure.message());
                return List.of();
            }
            List<UUID> done = new ArrayList<>(inHalves(ids.subList(0, ids.size() / 2), action));
            done.addAll(inHalves(ids.subList(ids.size() / 2, ids.size()), action));
            return done;
        }
    }

    private void failed(UUID id, String cause) {
        failed++;
        events.error(Events.Logger.REPAIR, "An entity could not be repaired", Map.of("entity_id", id.toString(), "cause", cause));
        receipts.accept(new Receipt(id, Outcome.FAILED, cause));
    }
}
