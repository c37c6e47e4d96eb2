package syncdata.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import syncdata.rules.Content;
import syncdata.rules.GraphState;
import syncdata.rules.SourceState;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.Parts;
import syncdata.store.SourceProjection;
import syncdata.store.SourceStore;

/**
 * What PostgreSQL would put into the graph for entities, and in what Neo4j differs from it. An entity that cannot be
 * put there differs in nothing.
 */
final class Contents {
    private final SourceProjection projection;
    private final GraphStore graph;
    private final Predicate<String> kept;

    Contents(SourceStore source, GraphStore graph) {
        this.projection = source.projection();
        this.graph = graph;
        this.kept = projection.kept()::keeps;
    }

    /**
     * Compares entities that have the same timestamp in both.
     *
     * @param copies the one copy of each
     * @return those that have another content, with the names of the properties that differ
     */
    Map<UUID, Set<String>> differing(Collection<SourceState> states, Map<UUID, List<GraphState>> copies) {
        Map<UUID, Set<String>> differing = new HashMap<>();
        readable(List.copyOf(states), projection::properties, (state, reason) -> { }).forEach((id, row) -> {
            Set<String> names = Content.differing(row, copies.get(id).get(0), kept);
            if (!names.isEmpty()) {
                differing.put(id, names);
            }
        });
        return differing;
    }

    /**
     * Looks at entities of one kind on both sides.
     *
     * @param relations whether they are relations
     * @return those whose one copy has another content
     */
    Set<UUID> differing(List<UUID> ids, boolean relations) {
        Set<UUID> differing = new HashSet<>();
        for (List<UUID> some : Parts.of(ids, projection.largeRows(ids))) {
            Map<UUID, List<GraphState>> copies = relations ? graph.states().ofRelationships(some)
                    : graph.states().ofNodes(some);
            Map<UUID, Map<String, Object>> rows = readable(some,
                    relations ? projection::relationProperties : projection::entityProperties, (id, reason) -> { });
            rows.forEach((id, row) -> {
                List<GraphState> held = copies.getOrDefault(id, List.of());
                if (held.size() == 1 && !Content.differing(row, held.get(0), kept).isEmpty()) {
                    differing.add(id);
                }
            });
        }
        return differing;
    }

    /** Reads all at once, or, where that fails, by halves until the one that cannot be read stands alone. */
    static <K, V> Map<UUID, V> readable(List<K> keys, Function<List<K>, Map<UUID, V>> reader,
            BiConsumer<K, String> unreadable) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        try {
            return reader.apply(keys);
        } catch (RuntimeException e) {
            if (Failure.of(e).endsTheRun()) {
                throw e;
            }
            if (keys.size() == 1) {
                unreadable.accept(keys.get(0), Failure.of(e).message());
                return Map.of();
            }
            Map<UUID, V> read = new HashMap<>(readable(keys.subList(0, keys.size() / 2), reader, unreadable));
            read.putAll(readable(keys.subList(keys.size() / 2, keys.size()), reader, unreadable));
            return read;
        }
    }
}
