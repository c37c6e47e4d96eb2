package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.store.CypherDialect;
import syncdata.store.GraphTransaction;

/** Finds the nodes again to which relationships were tied. */
final class UndoEnds {
    /** Where such a node is. */
    sealed interface Where {
    }

    /** It stands, and has this element id. */
    record At(String element) implements Where {
    }

    /** It is among what is yet to be put back. */
    record Later() implements Where {
    }

    /** It is gone, or there are several and nothing tells which one it is. */
    record Nowhere() implements Where {
    }

    /** Where a relationship of some type starts and ends, by element ids. */
    record Place(String from, String to, String type) {
    }

    private final Map<String, History> histories;
    private final Map<UUID, List<Copy.Node>> copies = new HashMap<>();
    private final Map<String, Set<String>> elementsById = new HashMap<>();
    private final Map<String, Optional<String>> idsByElement = new HashMap<>();

    private UndoEnds(Map<String, History> histories) {
        this.histories = histories;
    }

    /**
     * Looks for nodes.
     *
     * @param histories of those that the journal tells of, by id
     */
    static UndoEnds find(UndoGraph graph, GraphTransaction transaction, Collection<Copy.End> ends,
            Map<String, History> histories) {
        UndoEnds found = new UndoEnds(histories);
        List<Object> elements = ends.stream().map(end -> graph.element(end.element())).distinct().toList();
        List<String> ids = ends.stream().flatMap(end -> end.id().stream()).distinct().toList();
        for (var row : transaction.rows("ends.cypher", Map.of("ids", ids, "elements", elements))) {
            for (Value end : row.get("found").values()) {
                found.add(Copy.text(end.get("id")), CypherDialect.element(end.get("element")));
            }
        }
        List<UUID> several = ids.stream().filter(id -> histories.containsKey(id) && EntityId.isCanonical(id)
                && (histories.get(id).before().size() > 1 || found.candidates(id).size() > 1)).map(UUID::fromString)
                .toList();
        Held held = Held.unlocked(transaction, several, List.of());
        several.forEach(id -> found.copies.put(id, held.nodes(id)));
        return found;
    }

    private void add(Optional<String> id, String element) {
        idsByElement.put(element, id);
        id.ifPresent(known -> elementsById.computeIfAbsent(known, any -> new HashSet<>()).add(element));
    }

    private Set<String> candidates(String id) {
        return elementsById.getOrDefault(id, Set.of());
    }

    Where of(Copy.End end) {
        // Neo4j may have given the element id to another node since
        boolean stands = end.id().equals(idsByElement.get(end.element()));
        if (end.id().isEmpty()) {
            return stands ? new At(end.element()) : new Nowhere();
        }
        Optional<History> history = Optional.ofNullable(histories.get(end.id().get()));
        Optional<Copy> before = history.stream().flatMap(known -> known.before().stream())
                .filter(copy -> copy.element().equals(end.element())).findFirst();
        Set<String> candidates = candidates(end.id().get());
        if (before.isPresent() && copies.containsKey(id(end))) {
            Copy.Node node = History.pairs(history.get().before(), copies.get(id(end))).get(before.get());
            return node != null ? new At(node.element()) : later(history.get(), copies.get(id(end)));
        }
        if (stands) {
            return new At(end.element());
        }
        if (candidates.size() == 1) {
            return new At(candidates.iterator().next());
        }
        return candidates.isEmpty() && history.isPresent()
                && !history.get().before().isEmpty() ? later(history.get(), List.of()) : new Nowhere();
    }

    /** Where this relationship would stand now; empty where one of its ends does not stand. */
    Optional<Place> place(Copy.Relationship relationship) {
        return of(relationship.from()) instanceof At source && of(relationship.to()) instanceof At target
                ? Optional.of(new Place(source.element(), target.element(), relationship.type())) : Optional.empty();
    }

    private static Where later(History history, List<Copy.Node> now) {
        return history.step(now, (one, other) -> true) == History.Step.PUT_BACK ? new Later() : new Nowhere();
    }

    private static UUID id(Copy.End end) {
        return end.id().filter(EntityId::isCanonical).map(UUID::fromString).orElse(null);
    }

    /** Whether an end that stands now is the one that was there before, as far as anything tells. */
    boolean isSame(Copy.End now, Copy.End before) {
        if (!now.id().equals(before.id())) {
            return false;
        }
        Where where = of(before);
        return where instanceof At at ? at.element().equals(now.element()) : where instanceof Nowhere
                && before.id().isPresent();
    }

    /** All ends of some relationships. */
    static List<Copy.End> of(Collection<? extends Copy> relationships) {
        List<Copy.End> ends = new ArrayList<>();
        for (Copy copy : relationships) {
            if (copy instanceof Copy.Relationship relationship) {
                ends.add(relationship.from());
                ends.add(relationship.to());
            }
        }
        return ends;
    }
}
