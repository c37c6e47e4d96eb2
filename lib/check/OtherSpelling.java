package syncdata.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import syncdata.rules.IdSpelling;
import syncdata.run.Events;
import syncdata.run.SortedIds;
import syncdata.store.GraphStore;

/**
 * Entities that look missing, while Neo4j has nodes or relationships with their ids, written otherwise: in upper case,
 * in braces. Reindexing them would double the graph.
 *
 * @param lookedAt how many that look missing were looked at
 * @param found    how many of them stand there under an id that is written otherwise
 * @param example  one of those ids, as Neo4j has it
 */
public record OtherSpelling(long lookedAt, long found, String example) {
    private static final int PLACES = 20;
    private static final int AT_A_PLACE = 50;
    /** Fewer may be somebody's mistake, unless they are half of the graph. */
    private static final int MANY = 10;
    private static final int ONE_IN = 10;

    /** Looks at some of these entities. An event warns where many of them stand under such ids. */
    public static Optional<OtherSpelling> find(GraphStore graph, Events events, SortedIds toReindex) {
        Optional<OtherSpelling> found = find(graph, toReindex);
        found.ifPresent(spelling -> events.warning(Events.Logger.CHECK, "The ids in Neo4j are written in another way",
                Map.of("n_looked_at", spelling.lookedAt(), "n_written_otherwise", spelling.found(), "example",
                        spelling.example())));
        return found;
    }

    /** Looks at some of these entities. Empty unless many of them stand under such ids. */
    public static Optional<OtherSpelling> find(GraphStore graph, SortedIds toReindex) {
        List<UUID> sample = sample(toReindex);
        List<String> ids = new ArrayList<>();
        sample.forEach(id -> {
            ids.add(id.toString());
            ids.addAll(IdSpelling.others(id));
        });
        Set<String> held = ids.isEmpty() ? Set.of() : graph.states().heldIds(ids);
        List<UUID> missing = sample.stream().filter(id -> !held.contains(id.toString())).toList();
        List<String> otherwise = missing.stream()
                .flatMap(id -> IdSpelling.others(id).stream().filter(held::contains).limit(1)).toList();
        if (otherwise.isEmpty()) {
            return Optional.empty();
        }
        OtherSpelling spelling = new OtherSpelling(missing.size(), otherwise.size(), otherwise.get(0));
        return spelling.isMany(graph.survey().counts().entities()) ? Optional.of(spelling) : Optional.empty();
    }

    /** Why a repair is refused, and what to do. */
    public String refusal() {
        return "of " + lookedAt + " entities that look missing in Neo4j, " + found
                + " stand there under an id that is written otherwise, such as \""
                + example
                + "\": a repair would double them, and nothing was changed. Write the ids in Neo4j as lower-case UUIDs"
                + " (MATCH (e:Entity) SET e.id = toLower(e.id) and the same for relationships), then run this again";
    }

    boolean isMany(long inGraph) {
        return found * ONE_IN >= lookedAt && found >= MANY || found * 2 >= inGraph;
    }

    /** Ids from all over the range. */
    private static List<UUID> sample(SortedIds ids) {
        Set<UUID> sample = new HashSet<>();
        for (int i = 0; i < PLACES; i++) {
            long from = ids.count() * i / PLACES;
            sample.addAll(ids.batch(from, (int) Math.min(AT_A_PLACE, ids.count() - from)));
        }
        return List.copyOf(sample);
    }
}
