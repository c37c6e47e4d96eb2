package syncdata.repair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.neo4j.driver.Value;
import syncdata.repair.History.Step;
import syncdata.repair.JournalIndex.Kind;
import syncdata.repair.JournalIndex.Story;
import syncdata.repair.UndoEnds.At;
import syncdata.repair.UndoEnds.Later;
import syncdata.rules.EntityId;
import syncdata.rules.KeptProperties;
import syncdata.store.GraphTransaction;

/** Puts relationships back: those of relations, and those that belong to no entity. */
final class UndoRelationships {
    private final UndoGraph graph;
    private final JournalIndex index;
    private final KeptProperties kept;

    UndoRelationships(UndoGraph graph, JournalIndex index, KeptProperties kept) {
        this.graph = graph;
        this.index = index;
        this.kept = kept;
    }

    /** Puts back those of relations. */
    Map<Story, UndoOutcome> ofRelations(List<Story> stories) {
        Map<Story, History> histories = History.of(stories);
        List<Copy> before = histories.values().stream().flatMap(history -> history.before().stream()).toList();
        Map<String, History> nodes = nodesAtEnds(before);
        return graph.transaction(transaction -> {
            Held held = graph.held(transaction, List.of(), stories.stream().map(Story::id).toList());
            UndoEnds ends = UndoEnds.find(graph, transaction, UndoEnds.of(before), nodes);
            UndoPlaces places = UndoPlaces.find(graph, transaction, ends, histories.entrySet().stream()
                    .filter(entry -> held.relationships(entry.getKey().id()).isEmpty())
                    .flatMap(entry -> entry.getValue().before().stream()));
            Map<Story, UndoOutcome> outcomes = new LinkedHashMap<>();
            Rows rows = new Rows(ends);
            histories.forEach((story, history) -> {
                List<Copy.Relationship> now = held.relationships(story.id());
                UndoOutcome outcome = outcome(history, now, rows, places);
                outcomes.put(story, outcome);
                if (outcome == UndoOutcome.RESTORED) {
                    rows.add(history, now);
                }
            });
            rows.write(transaction);
            return outcomes;
        });
    }

    private UndoOutcome outcome(History history, List<Copy.Relationship> now, Rows rows, UndoPlaces places) {
        Step step = history.step(now, rows.ends::isSame, kept);
        if (step != Step.PUT_BACK) {
            return UndoOutcome.of(step);
        }
        // A journal of 1.0 may take a relationship of another type than the queries name for that of a relation.
        if (now.isEmpty() && !history.before().isEmpty() && places.holdAll(history.before())) {
            return UndoOutcome.ALREADY;
        }
        return history.before().stream().allMatch(copy -> rows.canHold((Copy.Relationship) copy))
                ? UndoOutcome.RESTORED : UndoOutcome.LEFT;
    }

    /** Puts back those that belong to no entity: each story is that of all which are alike. */
    Map<Story, UndoOutcome> ofNoEntity(List<Story> stories) {
        Map<Story, List<Route>> routes = new LinkedHashMap<>();
        stories.forEach(story -> routes.put(story, Route.of(story.entries())));
        List<Copy> all = routes.values().stream().flatMap(List::stream).flatMap(route ->
                Stream.<Copy>concat(Stream.of(route.from()), route.to().stream())).toList();
        Map<String, History> nodes = nodesAtEnds(all);
        return graph.transaction(transaction -> {
            UndoEnds ends = UndoEnds.find(graph, transaction, UndoEnds.of(all), nodes);
            UndoPlaces places = UndoPlaces.find(graph, transaction, ends, all.stream());
            Map<Story, UndoOutcome> outcomes = new LinkedHashMap<>();
            Rows rows = new Rows(ends);
            routes.forEach((story, some) -> {
                List<UndoOutcome> each = some.stream().map(route -> putBack(route, rows, places)).toList();
                outcomes.put(story, each.contains(UndoOutcome.LEFT) ? UndoOutcome.LEFT
                        : each.contains(UndoOutcome.RESTORED) ? UndoOutcome.RESTORED : UndoOutcome.ALREADY);
            });
            rows.write(transaction);
            return outcomes;
        });
    }

    private static UndoOutcome putBack(Route route, Rows rows, UndoPlaces places) {
        if (places.take(route.from()).isPresent()) {
            return UndoOutcome.ALREADY;
        }
        if (!rows.canHold(route.from())) {
            return UndoOutcome.LEFT;
        }
        if (route.to().isPresent()) {
            Optional<Copy.Relationship> moved = places.take(route.to().get());
            if (moved.isEmpty()) {
                return UndoOutcome.LEFT; // somebody took it away since
            }
            rows.delete(moved.get());
        }
        rows.create(route.from());
        return UndoOutcome.RESTORED;
    }

    /** What the journal tells of nodes at ends of these relationships, by id. */
    private Map<String, History> nodesAtEnds(List<Copy> relationships) {
        Map<String, History> histories = new HashMap<>();
        UndoEnds.of(relationships).stream().flatMap(end -> end.id().stream()).filter(EntityId::isCanonical).distinct()
                .forEach(id -> index.find(Kind.NODE, id)
                        .ifPresent(story -> histories.put(id, History.of(story))));
        return histories;
    }

    /** What is to be written about relationships in one transaction. */
    private final class Rows {
        private final UndoEnds ends;
        private final List<Object> toDelete = new ArrayList<>();
        private final List<Map<String, Object>> toSet = new ArrayList<>();
        private final List<Map<String, Object>> toCreate = new ArrayList<>();

        Rows(UndoEnds ends) {
            this.ends = ends;
        }

        /** Whether it has its two ends, or will have. */
        boolean canHold(Copy.Relationship relationship) {
            return Stream.of(relationship.from(), relationship.to()).map(ends::of)
                    .allMatch(where -> where instanceof At || where instanceof Later && graph.dryRun());
        }

        void add(History history, List<Copy.Relationship> now) {
            if (history.before().size() == 1 && now.size() == 1
                    && history.before().get(0) instanceof Copy.Relationship before) {
                putBack(before, now.get(0), history.restored(before, now.get(0), kept));
            } else {
                now.forEach(this::delete);
                history.before().forEach(copy -> create((Copy.Relationship) copy));
            }
        }

        private void putBack(Copy.Relationship before, Copy.Relationship now, Map<String, Value> properties) {
            if (ends.isSame(now.from(), before.from()) && ends.isSame(now.to(), before.to())
                    && before.type().equals(now.type())) {
                toSet.add(Map.of("element", graph.element(now), "properties", properties));
            } else {
                delete(now);
                create(before.with(properties));
            }
        }

        void delete(Copy.Relationship relationship) {
            toDelete.add(graph.element(relationship));
        }

        void create(Copy.Relationship relationship) {
            ends.place(relationship).ifPresent(place -> toCreate.add(Map.of(
                    "source", graph.element(place.from()), "target", graph.element(place.to()),
                    "names", List.of(place.type()), "properties", relationship.properties())));
        }

        void write(GraphTransaction transaction) {
            if (graph.dryRun()) {
                return;
            }
            if (!toDelete.isEmpty()) {
                transaction.run("delete-relationships-by-element.cypher", Map.of("elements", toDelete));
            }
            if (!toSet.isEmpty()) {
                transaction.run("restore-relationship-properties.cypher", Map.of("rows", toSet));
            }
            graph.writeNamed(transaction, "restore-relationships.cypher", toCreate);
        }
    }
}
