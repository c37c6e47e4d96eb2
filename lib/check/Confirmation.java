package syncdata.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.rules.Verdict.Rule;
import syncdata.store.BothSides;
import syncdata.store.Databases;
import syncdata.store.SourceStore;

/**
 * Looks up entities by their ids in both databases and judges them. What a page showed is no more than a suspicion.
 */
public final class Confirmation {
    private final Databases databases;
    private final SourceStore source;
    private final Contents contents;
    private final Comparison comparison;

    /** One that compares content too. */
    public Confirmation(Databases databases) {
        this(databases, Comparison.CONTENT);
    }

    /** @param comparison what makes a difference */
    public Confirmation(Databases databases, Comparison comparison) {
        this.databases = databases;
        this.source = databases.source();
        this.contents = new Contents(source, databases.graph());
        this.comparison = comparison;
    }

    /** Judges these entities as they are now, in the order given. */
    public List<Difference> judge(Collection<UUID> ids, Selection selection) {
        List<Difference> differences = new ArrayList<>(ids.size());
        judge(List.copyOf(ids), selection, differences::addAll);
        return differences;
    }

    /**
     * The same, a part at a time: many large copies are never held together.
     *
     * @param judged takes each part, in order
     */
    public void judge(List<UUID> ids, Selection selection, Consumer<List<Difference>> judged) {
        databases.look(ids, both -> judged.accept(judge(both, selection)));
    }

    /** Judges entities by what both databases hold of them. */
    public List<Difference> judge(BothSides both, Selection selection) {
        List<UUID> ids = both.ids();
        Map<UUID, List<GraphState>> copies = both.copies();
        Map<UUID, SourceState> truths = new HashMap<>(both.truths());
        Set<UUID> altered = comparison == Comparison.CONTENT ? altered(copies, truths, selection) : Set.of();
        List<Difference> differences = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            Optional<SourceState> truth = Optional.ofNullable(truths.get(id));
            List<GraphState> held = copies.getOrDefault(id, List.of());
            Rule rule = Verdict.rule(truth, held, selection);
            Rule byContent = altered.contains(id) ? Verdict.ofOtherContent(rule, truth.orElseThrow()) : rule;
            differences.add(new Difference(id, byContent.verdict(), truth, held));
        }
        return differences;
    }

    /** PostgreSQL's states are asked again after the content: they tell who wrote a row meanwhile. */
    private Set<UUID> altered(Map<UUID, List<GraphState>> copies, Map<UUID, SourceState> truths, Selection selection) {
        List<SourceState> same = truths.values().stream()
                .filter(truth -> Verdict.rule(Optional.of(truth), copies.getOrDefault(truth.id(), List.of()),
                        selection) == Rule.SAME).toList();
        Set<UUID> altered = contents.differing(same, copies).keySet();
        if (!altered.isEmpty()) {
            Map<UUID, SourceState> now = source.states(altered);
            altered.forEach(truths::remove);
            truths.putAll(now);
        }
        return altered;
    }
}
