package syncdata.check;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import syncdata.report.BlastRadius;
import syncdata.report.BlastRadius.Connected;
import syncdata.run.Events;
import syncdata.run.SortedIds;
import syncdata.store.Failure;
import syncdata.store.GraphRelations;

/** Looks in Neo4j at what hangs on the entities that a repair deletes or reindexes. */
public final class BlastRadiusSurvey {
    /**
     * Entities to delete that are looked at, at most, and as many to reindex: the survey costs little beside the
     * repair.
     */
    static final int MOST_LOOKED_AT = 10_000;
    private static final int MOST_KEYS = 20;
    private static final String OTHER_KEYS = "(other keys)";
    private static final Comparator<Connected> BEST_FIRST = Comparator.comparingLong(Connected::nRelations).reversed()
            .thenComparing(Connected::entityId);

    private final GraphRelations graph;
    private final int batchSize;
    private final Map<String, Long> relations = new HashMap<>();
    private final PriorityQueue<Connected> best = new PriorityQueue<>(BEST_FIRST.reversed());
    private long lookedAt;

    private BlastRadiusSurvey(GraphRelations graph, int batchSize) {
        this.graph = graph;
        this.batchSize = batchSize;
    }

    private BlastRadius of(SortedIds toDelete, SortedIds toReindex) {
        look("delete", toDelete);
        look("reindex", toReindex);
        // A relation between nodes of two batches is counted with both.
        boolean exact = lookedAt == toDelete.count() + toReindex.count()
                && (toDelete.count() <= batchSize || relations.isEmpty());
        return new BlastRadius(relations.values().stream().mapToLong(Long::longValue).sum(), byKey(),
                best.stream().sorted(BEST_FIRST).toList(), lookedAt, exact);
    }

    private void look(String repair, SortedIds ids) {
        long before = lookedAt;
        ids.forEachBatch(batchSize, batch -> {
            if (lookedAt - before < MOST_LOOKED_AT) {
                look(repair, batch);
            }
        });
    }

    private void look(String repair, List<UUID> ids) {
        lookedAt += ids.size();
        graph.bestConnected(ids, BlastRadius.BEST).stream().filter(node -> node.relations() > 0)
                .map(node -> new Connected(node.id(), node.type(), node.title().orElse(null), repair, node.relations()))
                .forEach(best::add);
        while (best.size() > BlastRadius.BEST) {
            best.remove();
        }
        if (repair.equals("delete")) {
            graph.byKey(ids).forEach((key, count) -> relations.merge(key, count, Long::sum));
        }
    }

    private Map<String, Long> byKey() {
        Map<String, Long> sorted = new LinkedHashMap<>();
        relations.entrySet().stream().sorted(Collections.reverseOrder(Map.Entry.<String, Long>comparingByValue())
                .thenComparing(Map.Entry::getKey))
                .forEach(entry -> sorted.merge(sorted.size() < MOST_KEYS ? entry.getKey() : OTHER_KEYS,
                        entry.getValue(), Long::sum));
        return sorted;
    }

    /**
     * Looks at these entities in Neo4j, a batch at a time, and says what it found in an event.
     *
     * @return empty where nothing hangs on them, or where Neo4j could not say; the repair can do without
     */
    public static Optional<BlastRadius> find(GraphRelations graph, Events events, SortedIds toDelete,
            SortedIds toReindex, int batchSize) {
        if (toDelete.count() + toReindex.count() == 0) {
            return Optional.empty();
        }
        try {
            BlastRadius found = new BlastRadiusSurvey(graph, batchSize).of(toDelete, toReindex);
            if (found.bestConnected().isEmpty()) {
                return Optional.empty();
            }
            events.info(Events.Logger.REPAIR, "Blast radius", found.fields());
            return Optional.of(found);
        } catch (RuntimeException e) {
            if (Failure.of(e).endsTheRun()) {
                throw e;
            }
            events.warning(Events.Logger.REPAIR, "The blast radius could not be found, which stops nothing",
                    Map.of("cause", Failure.of(e).message()));
            return Optional.empty();
        }
    }
}
