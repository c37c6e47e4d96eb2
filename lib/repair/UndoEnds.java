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
import syncdata.store.GraphStore;
import syncdata.store.GraphTransaction;

/** Where nodes are now to which relationships were tied. */
final class UndoEnds {
    /** Where such a node is. */
    sealed interface Where {
    }

    /** It stands, and Neo4j's own id of it is this. */
    record At(String element) implements Where {
    }

    /** It is among what is yet to be put back. */
    record Later() implements Where {
    }

    /** It is gone, or there are several and nothing tells which one it is. */
    record Nowhere() implements Where {
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
    static UndoEnds find(GraphStore graph, GraphWriter writer, GraphTransaction transaction, Collection<Copy.End> ends,
            Map<String, History> histories) {
        UndoEnds found = new UndoEnds(histories);
        List<Object> elements = ends.stream().map(end -> graph.dialect().element(end.element())).distinct().toList();
        List<String> ids = ends.stream().flatMap(end -> end.id().stream()).distinct().toList();
        for (var row : transaction.rows("ends.cypher", Map.of("ids", ids, "elements", elements))) {
            for (Value pair : row.get("found").values()) {
                found.add(pair.get(0), CypherDialect.element(pair.get(1)));
            }
        }
        List<UUID> several = ids.stream().filter(id -> histories.containsKey(id) && EntityId.isCanonical(id)
                && (histories.get(id).before().size() > 1 || found.candidates(id).size() > 1)).map(UUID::fromString)
                .toList();
        GraphWriter.Held held = writer.look(transaction, several, List.of());
        several.forEach(id -> found.copies.put(id, held.nodes(id)));
        return found;
    }

    private void add(Value id, String element) {
        Optional<String> text = id.type().name().equals("STRING") ? Optional.of(id.asString()) : Optional.empty();
        idsByElement.put(element, text);
        text.ifPresent(known -> elementsById.computeIfAbsent(known, any -> new HashSet<>()).add(element));
    }

    private Set<String> candidates(String id) {
        return elementsById.getOrDefault(id, Set.of());
    }

    Where of(Copy.End end) {
        // Neo4j may have given its own id to another node since
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

    private static Where later(History history, List<Copy.Node> now) {
        return history.step(now, (one, other) -> true) == History.Step.PUT_BACK ? new Later() : new Nowhere();
    }

    private static UUID id(Copy.End end) {
        return end.id().filter(EntityId::isCanonical).map(UUID::fromString).orElse(null);
    }

    /** Whether an end that stands now is the one that was before, as far as anything tells. */
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
