package syncdata.repair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.neo4j.driver.Value;
import syncdata.repair.GraphWriter.Held;
import syncdata.repair.History.Step;
import syncdata.repair.JournalIndex.Kind;
import syncdata.repair.JournalIndex.Story;
import syncdata.repair.UndoEnds.At;
import syncdata.repair.UndoEnds.Later;
import syncdata.rules.EntityId;
import syncdata.rules.KeptProperties;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.GraphStore;
import syncdata.store.GraphTransaction;

/**
 * Puts the graph back as it was before a repair, from its journal: nodes that were there, then relationships, then away
 * with nodes that were not. Each thing is judged by what it was before the repair's first change of it and how the last
 * one left it, and goes from the one to the other in one transaction. What stands otherwise is left. Doing it twice, or
 * again after an interruption, is doing it once.
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

    /** What became of a thing: also of one whose turn comes later. */
    private enum Outcome { RESTORED, ALREADY, LEFT, LATER }

    private static final int BATCH = 1000;
    /**
     * So many relationships of nodes that are to go are looked at in a dry run; of more it takes for granted that they
     * go too.
     */
    private static final int MOST_TIED = 100_000;

    private final Databases databases;
    private final GraphStore graph;
    private final GraphWriter writer;
    private final Events events;
    private final JournalIndex index;
    private final Optional<RepairLock> lock;
    private final KeptProperties kept;
    private final Halves<Story> halves;
    private long restored;
    private long already;
    private long skipped;
    private long failed;
    private boolean stopped;

    private Undo(Databases databases, Events events, JournalIndex index, Optional<RepairLock> lock) {
        this.databases = databases;
        this.graph = databases.graph();
        this.writer = new GraphWriter(graph, Journal.none());
        this.events = events;
        this.index = index;
        this.lock = lock;
        this.kept = databases.source().projection().kept();
        this.halves = new Halves<>(() -> lock.ifPresent(RepairLock::ensureHeld), this::failed);
    }

    /**
     * Undoes what a journal tells of. All of it is read before anything is done.
     *
     * @param lock held against repairs meanwhile; with none it only looks, which needs no more than reading
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
        each(Kind.NODE, this::nodes);
        each(Kind.RELATION, this::relations);
        each(Kind.OTHER_RELATIONSHIP, this::otherRelationships);
        each(Kind.NODE, this::madeNodes); // nothing of the repair's is tied to them any more
        events.progress().end();
        databases.pace().stop().reason().filter(reason -> stopped)
                .ifPresent(reason -> events.warning(Events.Logger.REPAIR,
                "The undo stopped before its end", Map.of("n_restored", restored, "reason", reason.label())));
    }

    private void each(Kind kind, Function<List<Story>, Map<Story, Outcome>> action) {
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

    private void count(Story story, Outcome outcome) {
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

    private <T> T transaction(Function<GraphTransaction, T> work) {
        return lock.isPresent() ? graph.write(work) : graph.look(work);
    }

    private boolean looksOnly() {
        return lock.isEmpty();
    }

    private Held held(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        return looksOnly() ? writer.look(transaction, nodes, relationships)
                : writer.hold(transaction, nodes, relationships);
    }

    private static Map<Story, History> histories(List<Story> stories) {
        Map<Story, History> histories = new LinkedHashMap<>();
        stories.forEach(story -> histories.put(story, History.of(story.entries())));
        return histories;
    }

    /** Nodes that were there before. */
    private Map<Story, Outcome> nodes(List<Story> stories) {
        Map<Story, History> histories = histories(stories);
        return transaction(transaction -> {
            Held held = held(transaction, stories.stream().map(Story::id).toList(), List.of());
            Map<Story, Outcome> outcomes = new LinkedHashMap<>();
            NodeRows rows = new NodeRows();
            histories.forEach((story, history) -> {
                List<Copy.Node> now = held.nodes(story.id());
                Step step = step(history, now, Object::equals);
                boolean made = history.before().isEmpty() && step == Step.PUT_BACK;
                boolean tooMany = !made && now.size() > history.before().size();
                outcomes.put(story, made ? Outcome.LATER : tooMany
                        && step == Step.PUT_BACK ? Outcome.LEFT : outcome(step));
                if (outcomes.get(story) == Outcome.RESTORED) {
                    rows.add(history, now);
                }
            });
            if (!looksOnly()) {
                rows.write(transaction);
            }
            return outcomes;
        });
    }

    private Step step(History history, List<? extends Copy> now, BiPredicate<Copy.End, Copy.End> sameEnd) {
        List<Copy> ours = now.stream().map(copy -> copy.without(kept)).toList();
        return history.without(kept).step(ours, sameEnd);
    }

    /**
     * The properties that what stands now is to have: what belongs to other services stays as it is now, unless the
     * repair gathered it from several copies.
     */
    private Map<String, Value> restored(History history, Copy before, Copy now) {
        if (history.before().size() > 1) {
            return before.properties();
        }
        Map<String, Value> properties = new HashMap<>(before.without(kept).properties());
        properties.putAll(kept.of(now.properties()));
        return properties;
    }

    private static Outcome outcome(Step step) {
        return switch (step) {
            case ALREADY -> Outcome.ALREADY;
            case LEAVE -> Outcome.LEFT;
            case PUT_BACK -> Outcome.RESTORED;
        };
    }

    /** What is to be written about nodes. */
    private final class NodeRows {
        private final List<Map<String, Object>> toSet = new ArrayList<>();
        private final List<Map<String, Object>> toLabel = new ArrayList<>();
        private final List<Map<String, Object>> toUnlabel = new ArrayList<>();
        private final List<Map<String, Object>> toCreate = new ArrayList<>();

        void add(History history, List<Copy.Node> now) {
            Map<Copy, Copy.Node> pairs = History.pairs(history.before(), now);
            for (Copy copy : history.before()) {
                Copy.Node before = (Copy.Node) copy;
                if (pairs.containsKey(before)) {
                    Copy.Node node = pairs.get(before);
                    Object element = graph.dialect().element(node.element());
                    toSet.add(Map.of("element", element, "properties", restored(history, before, node)));
                    addNames(toLabel, element, before.labels().stream().filter(label -> !node.labels().contains(label))
                            .toList());
                    addNames(toUnlabel, element, node.labels().stream()
                            .filter(label -> history.newLabels().contains(label) && !before.labels().contains(label))
                            .toList());
                } else {
                    toCreate.add(Map.of("names", before.labels(), "properties", before.properties()));
                }
            }
        }

        private void addNames(List<Map<String, Object>> rows, Object element, List<String> names) {
            if (!names.isEmpty()) {
                rows.add(Map.of("element", element, "names", names));
            }
        }

        void write(GraphTransaction transaction) {
            if (!toSet.isEmpty()) {
                transaction.run("restore-node-properties.cypher", Map.of("rows", toSet));
            }
            named(transaction, "remove-labels.cypher", toUnlabel);
            named(transaction, "restore-labels.cypher", toLabel);
            named(transaction, "restore-nodes.cypher", toCreate);
        }
    }

    /**
     * Runs a write that needs names: of all rows at once where they can be parameters, else of those with the same
     * names.
     */
    private void named(GraphTransaction transaction, String query, List<Map<String, Object>> rows) {
        Map<List<String>, List<Map<String, Object>>> groups = new LinkedHashMap<>();
        rows
                .forEach(row -> groups.computeIfAbsent(graph.dialect().namesAsParameters() ? List.of() : names(row),
                        names -> new ArrayList<>()).add(row));
        groups.forEach((names, some) ->
                transaction.rows(query, text -> graph.dialect().named(text, names), Map.of("rows", some))
                        .forEach(row -> {
                    if (row.get("done").asInt() != some.size()) { // only where somebody deletes an end meanwhile
                        throw new IllegalStateException("one of its ends has just been deleted; run this again");
                    }
                }));
    }

    private static List<String> names(Map<String, Object> row) {
        return ((Collection<?>) row.get("names")).stream().map(String.class::cast).toList();
    }

    /** Relations. */
    private Map<Story, Outcome> relations(List<Story> stories) {
        Map<Story, History> histories = histories(stories);
        List<Copy> before = histories.values().stream().flatMap(history -> history.before().stream()).toList();
        Map<String, History> nodes = ofEnds(before);
        return transaction(transaction -> {
            Held held = held(transaction, List.of(), stories.stream().map(Story::id).toList());
            UndoEnds ends = UndoEnds.find(graph, writer, transaction, UndoEnds.of(before), nodes);
            Map<Story, Outcome> outcomes = new LinkedHashMap<>();
            RelationshipRows rows = new RelationshipRows(ends);
            Map<Place, List<Copy.Relationship>> standing = standing(transaction, histories.entrySet().stream()
                    .filter(entry -> held.relationships(entry.getKey().id()).isEmpty())
                    .flatMap(entry -> places(entry.getValue().before(), ends)).distinct().toList());
            histories.forEach((story, history) -> {
                List<Copy.Relationship> now = held.relationships(story.id());
                Step step = step(history, now, ends::isSame);
                if (step == Step.PUT_BACK && now.isEmpty() && stands(history.before(), ends, standing)) {
                    // of another type than the queries name: a journal of 1.0 may take that for a relation
                    step = Step.ALREADY;
                }
                boolean possible = history.before().stream().allMatch(copy -> rows.canHold((Copy.Relationship) copy));
                outcomes.put(story, step == Step.PUT_BACK && !possible ? Outcome.LEFT : outcome(step));
                if (outcomes.get(story) == Outcome.RESTORED) {
                    rows.add(history, now);
                }
            });
            rows.write(transaction);
            return outcomes;
        });
    }

    /** What the journal tells of nodes at ends of these relationships, by id. */
    private Map<String, History> ofEnds(List<Copy> relationships) {
        Map<String, History> histories = new HashMap<>();
        UndoEnds.of(relationships).stream().flatMap(end -> end.id().stream()).filter(EntityId::isCanonical).distinct()
                .forEach(id -> index.find(Kind.NODE, id)
                        .ifPresent(story -> histories.put(id, History.of(story.entries()))));
        return histories;
    }

    /** Where a relationship of some type starts and ends. */
    private record Place(String from, String to, String type) {
    }

    private static Optional<Place> place(Copy.Relationship relationship, UndoEnds ends) {
        return ends.of(relationship.from()) instanceof At from
                && ends.of(relationship.to()) instanceof At to
                ? Optional.of(new Place(from.element(), to.element(), relationship.type())) : Optional.empty();
    }

    private static Stream<Place> places(List<Copy> relationships, UndoEnds ends) {
        return relationships.stream().flatMap(copy -> place((Copy.Relationship) copy, ends).stream());
    }

    /** The relationships that stand in these places. */
    private Map<Place, List<Copy.Relationship>> standing(GraphTransaction transaction, List<Place> places) {
        Map<Place, List<Copy.Relationship>> standing = new HashMap<>();
        if (places.isEmpty()) {
            return standing;
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Place place : places) {
            rows.add(Map.of("number", rows.size(), "source", graph.dialect().element(place.from()),
                    "target", graph.dialect().element(place.to()), "type", place.type()));
        }
        for (Value pair : transaction.single("relationships-between.cypher", Map.of("rows", rows)).get("found")
                .values()) {
            var found = pair.get(1).asRelationship();
            standing.computeIfAbsent(places.get(pair.get(0).asInt()), place -> new ArrayList<>())
                    .add(new Copy.Relationship(found.elementId(),
                    found.type(), new Copy.End(Optional.empty(), found.startNodeElementId()),
                    new Copy.End(Optional.empty(), found.endNodeElementId()), found.asMap(Function.identity())));
        }
        return standing;
    }

    private static boolean stands(List<Copy> before, UndoEnds ends, Map<Place, List<Copy.Relationship>> standing) {
        return !before.isEmpty() && before.stream().allMatch(copy -> place((Copy.Relationship) copy, ends)
                .filter(place -> standing.getOrDefault(place, List.of()).stream()
                        .anyMatch(other -> other.properties().equals(copy.properties())))
                .isPresent());
    }

    /** What is to be written about relationships. */
    private final class RelationshipRows {
        private final UndoEnds ends;
        private final List<Object> toDelete = new ArrayList<>();
        private final List<Map<String, Object>> toSet = new ArrayList<>();
        private final List<Map<String, Object>> toCreate = new ArrayList<>();

        RelationshipRows(UndoEnds ends) {
            this.ends = ends;
        }

        /** Whether it has its two ends, or will have. */
        boolean canHold(Copy.Relationship relationship) {
            return Stream.of(relationship.from(), relationship.to()).map(ends::of)
                    .allMatch(where -> where instanceof At || where instanceof Later && looksOnly());
        }

        void add(History history, List<Copy.Relationship> now) {
            if (history.before().size() == 1 && now.size() == 1
                    && history.before().get(0) instanceof Copy.Relationship before) {
                putBack(before, now.get(0), restored(history, before, now.get(0)));
            } else {
                now.forEach(this::delete);
                history.before().forEach(copy -> create((Copy.Relationship) copy));
            }
        }

        private void putBack(Copy.Relationship before, Copy.Relationship now, Map<String, Value> properties) {
            if (ends.isSame(now.from(), before.from()) && ends.isSame(now.to(), before.to())
                    && before.type().equals(now.type())) {
                toSet.add(Map.of("element", graph.dialect().element(now.element()), "properties", properties));
            } else {
                delete(now);
                create(before.with(properties));
            }
        }

        void delete(Copy.Relationship relationship) {
            toDelete.add(graph.dialect().element(relationship.element()));
        }

        void create(Copy.Relationship relationship) {
            place(relationship, ends)
                    .ifPresent(place -> toCreate.add(Map.of("source", graph.dialect().element(place.from()),
                    "target", graph.dialect().element(place.to()), "names", List.of(place.type()), "properties",
                    relationship.properties())));
        }

        void write(GraphTransaction transaction) {
            if (looksOnly()) {
                return;
            }
            if (!toDelete.isEmpty()) {
                transaction.run("delete-relationships-by-element.cypher", Map.of("elements", toDelete));
            }
            if (!toSet.isEmpty()) {
                transaction.run("restore-relationship-properties.cypher", Map.of("rows", toSet));
            }
            named(transaction, "restore-relationships.cypher", toCreate);
        }
    }

    /** Relationships that belong to no entity: each story is that of all which are alike. */
    private Map<Story, Outcome> otherRelationships(List<Story> stories) {
        Map<Story, List<Route>> routes = new LinkedHashMap<>();
        stories.forEach(story -> routes.put(story, Route.of(story.entries())));
        List<Copy> all = routes.values().stream().flatMap(List::stream).flatMap(route -> route.to().isPresent()
                ? Stream.<Copy>of(route.from(), route.to().get()) : Stream.<Copy>of(route.from())).toList();
        Map<String, History> nodes = ofEnds(all);
        return transaction(transaction -> {
            UndoEnds ends = UndoEnds.find(graph, writer, transaction, UndoEnds.of(all), nodes);
            Map<Place, List<Copy.Relationship>> standing = standing(transaction, places(all, ends).distinct().toList());
            Map<Story, Outcome> outcomes = new LinkedHashMap<>();
            RelationshipRows rows = new RelationshipRows(ends);
            routes.forEach((story, some) -> {
                List<Outcome> each = some.stream().map(route -> putBack(route, rows, standing)).toList();
                outcomes.put(story, each.contains(Outcome.LEFT) ? Outcome.LEFT : each.contains(Outcome.RESTORED)
                        ? Outcome.RESTORED : Outcome.ALREADY);
            });
            rows.write(transaction);
            return outcomes;
        });
    }

    private Outcome putBack(Route route, RelationshipRows rows, Map<Place, List<Copy.Relationship>> standing) {
        if (taken(route.from(), rows.ends, standing).isPresent()) {
            return Outcome.ALREADY;
        }
        if (!rows.canHold(route.from())) {
            return Outcome.LEFT;
        }
        if (route.to().isPresent()) {
            Optional<Copy.Relationship> moved = taken(route.to().get(), rows.ends, standing);
            if (moved.isEmpty()) {
                return Outcome.LEFT; // somebody took it away since
            }
            rows.delete(moved.get());
        }
        rows.create(route.from());
        return Outcome.RESTORED;
    }

    /** One that stands in this relationship's place and is like it; it is not found again. */
    private static Optional<Copy.Relationship> taken(Copy.Relationship wanted, UndoEnds ends,
            Map<Place, List<Copy.Relationship>> standing) {
        List<Copy.Relationship> there = place(wanted, ends).map(place -> standing.getOrDefault(place, List.of()))
                .orElse(List.of());
        Optional<Copy.Relationship> found = there.stream()
                .filter(other -> other.properties().equals(wanted.properties())).findFirst();
        found.ifPresent(there::remove);
        return found;
    }

    /** Nodes that the repair made, as long as nothing is tied to them. */
    private Map<Story, Outcome> madeNodes(List<Story> all) {
        Map<Story, History> histories = histories(all);
        histories.values().removeIf(history -> !history.before().isEmpty());
        if (histories.isEmpty()) {
            return Map.of();
        }
        return transaction(transaction -> {
            Held held = held(transaction, histories.keySet().stream().map(Story::id).toList(), List.of());
            Map<Story, Outcome> outcomes = new LinkedHashMap<>();
            histories.forEach((story, history) -> {
                // the others were told of already
                if (step(history, held.nodes(story.id()), Object::equals) == Step.PUT_BACK) {
                    outcomes.put(story, Outcome.RESTORED);
                }
            });
            List<String> ids = outcomes.keySet().stream().map(Story::thing).toList();
            if (!ids.isEmpty()) {
                Collection<String> staying = looksOnly() ? tied(transaction, ids) : delete(transaction, ids);
                outcomes.replaceAll((story, outcome) -> staying.contains(story.thing()) ? Outcome.LEFT : outcome);
            }
            return outcomes;
        });
    }

    private Collection<String> delete(GraphTransaction transaction, List<String> ids) {
        List<String> deleted = transaction.single("delete-nodes.cypher", Map.of("ids", ids)).get("deleted")
                .asList(Value::asString);
        return ids.stream().filter(id -> !deleted.contains(id)).toList();
    }

    /** Those to which something is tied that an undo leaves. */
    private Collection<String> tied(GraphTransaction transaction, List<String> ids) {
        List<String> tied = new ArrayList<>();
        for (Value pair : transaction.single("tied-to-nodes.cypher", Map.of("ids", ids, "limit", MOST_TIED)).get("tied")
                .values()) {
            if (index.find(Kind.RELATION, pair.get(1).asString()).isEmpty()) {
                tied.add(pair.get(0).asString());
            }
        }
        return tied;
    }
}
