package syncdata.repair;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import syncdata.repair.JournalIndex.Kind;
import syncdata.repair.JournalIndex.Story;
import syncdata.rules.KeptProperties;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Progress;
import syncdata.store.Databases;

/**
 * Puts the graph back as it was before a repair, from its journal. Nodes that were there come first, then
 * relationships; nodes that were not there go last. Each thing is judged by what it was before the repair's first
 * change and how the last one left it, and put back in one transaction. What stands otherwise is left. Doing it twice,
 * or again after an interruption, is doing it once.
 */
public final class Undo {

    /**
     * What an undo did, or would do, in nodes and relationships.
     *
     * @param restored stand as before again
     * @param already  stood as before, for instance because they were undone already
     * @param skipped  stand otherwise than the repair left them, and were left; each named in an event
     * @param failed   Neo4j did not take; each named in an event
     */
    public record Result(long restored, long already, long skipped, long failed) {
        public Result(long restored, long already, long skipped) {
            this(restored, already, skipped, 0);
        }

        public ExitCode exitCode(boolean dryRun) {
            if (dryRun) {
                return restored > 0 ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
            }
            return skipped + failed > 0 ? ExitCode.PARTLY_REPAIRED : ExitCode.IN_SYNC;
        }
    }

    private static final int BATCH = 1000;

    private final Databases databases;
    private final Events events;
    private final JournalIndex index;
    private final UndoNodes nodes;
    private final UndoRelationships relationships;
    private final Halves<Story> halves;
    private long restored;
    private long already;
    private long skipped;
    private long failed;
    private boolean stopped;

    private Undo(Databases databases, Events events, JournalIndex index, Optional<RepairLock> lock) {
        this.databases = databases;
        this.events = events;
        this.index = index;
        UndoGraph graph = new UndoGraph(databases.graph(), lock.isEmpty());
        KeptProperties kept = databases.source().projection().kept();
        this.nodes = new UndoNodes(graph, index, kept);
        this.relationships = new UndoRelationships(graph, index, kept);
        this.halves = new Halves<>(() -> lock.ifPresent(RepairLock::ensureHeld), this::failed);
    }

    /**
     * Undoes what a journal tells of. The whole journal is read before anything is done.
     *
     * @param lock held against repairs meanwhile; empty for a dry run, which only reads
     */
    public static Result run(Databases databases, Events events, JournalReader journal, Optional<RepairLock> lock) {
        long started = System.nanoTime();
        try (JournalIndex index = JournalIndex.of(journal)) {
            events.info(Events.Logger.REPAIR,
                    lock.isPresent() ? "Undoing a repair" : "Looking at what an undo would do",
                    Map.of("started", journal.started(), "cut_off", journal.isCutOff()));
            Undo undo = new Undo(databases, events, index, lock);
            undo.undo();
            Result result = new Result(undo.restored, undo.already, undo.skipped, undo.failed);
            Map<String, Object> fields = new HashMap<>(
                    Map.of("n_already", result.already(), "n_skipped", result.skipped(),
                    "took", Events.took(Duration.ofNanos(System.nanoTime() - started))));
            fields.put(lock.isPresent() ? "n_restored" : "n_to_restore", result.restored());
            if (lock.isPresent()) {
                fields.put("n_failed", result.failed());
            }
            events.info(Events.Logger.REPAIR, lock.isPresent() ? "undo.done" : "undo.dry-run", fields);
            return result;
        }
    }

    private void undo() {
        events.progress().begin(Progress.Phase.UNDO, Stream.of(Kind.values()).mapToLong(index::count).sum());
        each(Kind.NODE, nodes::putBack);
        each(Kind.RELATION, relationships::ofRelations);
        each(Kind.OTHER_RELATIONSHIP, relationships::ofNoEntity);
        each(Kind.NODE, nodes::takeAway); // nothing of the repair's is tied to them any more
        events.progress().end();
        databases.pace().stop().reason().filter(reason -> stopped)
                .ifPresent(reason -> events.warning(Events.Logger.REPAIR,
                "The undo stopped before its end", Map.of("n_restored", restored, "reason", reason.label())));
    }

    private void each(Kind kind, Function<List<Story>, Map<Story, UndoOutcome>> action) {
        index.forEachBatch(kind, databases.pace().most(BATCH), stories -> {
            stopped |= !databases.pace().beforeBatch(stories.size());
            if (!stopped) {
                halves.act(stories, () -> action.apply(stories), action,
                        (part, outcomes) -> outcomes.forEach(this::count));
                events.progress().reached(restored + already + skipped + failed);
            }
        });
    }

    private void failed(Story story, String cause) {
        failed++;
        Map<String, Object> fields = description(story);
        fields.put("cause", cause);
        events.error(Events.Logger.REPAIR, "It could not be put back", fields);
    }

    private void count(Story story, UndoOutcome outcome) {
        switch (outcome) {
            case RESTORED -> restored++;
            case ALREADY -> already++;
            case LEFT -> {
                skipped++;
                events.warning(Events.Logger.REPAIR, "Left as it is: it stands otherwise than the repair left it",
                        description(story));
            }
            case LATER -> { }
        }
    }

    private static Map<String, Object> description(Story story) {
        Change change = story.entries().get(0).change();
        Optional<Copy.Relationship> relationship = change instanceof Change.Deleted deleted
                && deleted.before() instanceof Copy.Relationship copy
                ? Optional.of(copy) : change instanceof Change.Moved moved
                ? Optional.of(moved.before()) : Optional.empty();
        boolean entity = JournalIndex.kind(change) != Kind.OTHER_RELATIONSHIP;
        Map<String, Object> fields = new HashMap<>(
                Map.of("kind", JournalIndex.kind(change) == Kind.NODE ? "node" : "relationship"));
        if (entity) {
            fields.put("entity_id", story.thing());
        } else {
            relationship.ifPresent(copy -> fields.put("type", copy.type()));
        }
        return fields;
    }
}
