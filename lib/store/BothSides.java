package syncdata.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import syncdata.rules.GraphState;
import syncdata.rules.SourceState;

/**
 * What both databases hold of some entities. Neo4j was asked first, and PostgreSQL last: what it says decides.
 *
 * @param copies in Neo4j; an id that it does not hold has no entry
 * @param truths in PostgreSQL, likewise
 * @param large  about how many bytes those entities have that have many
 */
public record BothSides(List<UUID> ids, Map<UUID, List<GraphState>> copies, Map<UUID, SourceState> truths,
        Map<UUID, Long> large) {

    /** The same of some of the ids. */
    BothSides of(List<UUID> some) {
        if (some.size() == ids.size()) {
            return this;
        }
        Map<UUID, List<GraphState>> theirCopies = new HashMap<>(copies);
        Map<UUID, SourceState> theirTruths = new HashMap<>(truths);
        theirCopies.keySet().retainAll(Set.copyOf(some));
        theirTruths.keySet().retainAll(Set.copyOf(some));
        return new BothSides(some, theirCopies, theirTruths, large);
    }
}
