package syncdata.repair;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;

/** Entities whose copies are about to go, in several transactions: each as long as it wins the compare-and-set. */
final class Going {
    private final Map<UUID, List<GraphState>> seen;
    private final Function<Collection<UUID>, Set<UUID>> keeps;
    private Set<UUID> ids;

    /** @param keeps which of some entities are not to be deleted after all; asked under the locks */
    Going(Map<UUID, List<GraphState>> seen, Function<Collection<UUID>, Set<UUID>> keeps) {
        this.seen = seen;
        this.keeps = keeps;
        this.ids = new LinkedHashSet<>(seen.keySet());
    }

    /** Those that are still going. */
    Set<UUID> ids() {
        return ids;
    }

    /** Leaves some alone. */
    void leave(Collection<UUID> staying) {
        Set<UUID> rest = new LinkedHashSet<>(ids);
        rest.removeAll(Set.copyOf(staying));
        ids = rest;
    }

    /** Locks their copies and looks at them; leaves those that lost the compare-and-set, or are to be kept. */
    Held lock(WriteTransaction transaction, KeptProperties kept) {
        Held held = transaction.lock(with(copy -> !copy.relationship()), with(GraphState::relationship));
        ids = held.unchanged(ids, seen, kept);
        leave(ids.isEmpty() ? List.of() : keeps.apply(ids));
        return held;
    }

    private List<UUID> with(Predicate<GraphState> copies) {
        return ids.stream().filter(id -> seen.get(id).stream().anyMatch(copies)).toList();
    }
}
