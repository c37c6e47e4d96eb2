package syncdata.repair;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import syncdata.rules.Difference;
import syncdata.rules.RepairAction;
import syncdata.rules.Selection;
import syncdata.rules.Verdict;

/**
 * Which differences a repair is to act on.
 *
 * @param only  what is to be done; empty for both
 * @param types of the entity in PostgreSQL, or in Neo4j where PostgreSQL has none; all where empty
 */
public record RepairChoice(Optional<RepairAction> only, Set<String> types) implements Predicate<Difference> {
    @Override
    public boolean test(Difference difference) {
        boolean selected = Verdict.of(difference.source(), difference.graph(),
                Selection.ofTypes(types)) != Verdict.NOT_SELECTED;
        return selected && only.map(action -> action == RepairAction.of(difference.verdict())).orElse(true);
    }
}
