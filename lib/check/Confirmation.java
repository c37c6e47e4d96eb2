package syncdata.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.rules.Verdict.Rule;
import syncdata.store.Databases;
import syncdata.store.GraphStore;
import syncdata.store.Pace;
import syncdata.store.Parts;
import syncdata.store.SourceStore;

/** Looks at entities by their ids in both databases: nothing that a page showed is believed before. */
public final class Confirmation {
    private final Databases databases;
    private final SourceStore source;
    private final GraphStore graph;
    private final Pace pace;
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
        this.graph = databases.graph();
        this.pace = databases.pace();
        this.contents = new Contents(source, graph);
        this.comparison = comparison;
    }

    /** These entities in parts, each of which can be judged at once. */
    public List<List<UUID>> parts(List<UUID> ids) {
        return ids.size() < 2 ? List.of(ids) : Parts.of(ids, databases.large(ids));
    }

    /**
     * Judges these entities as they are now, in the order given. PostgreSQL is asked last, since what it says decides.
     */
    public List<Difference> judge(Collection<UUID> ids, Selection selection) {
        List<UUID> all = List.copyOf(ids);
        List<Difference> differences = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); ) {
            int to = from + pace.most(all.size() - from);
            differences.addAll(judgeAtOnce(all.subList(from, to), selection));
            from = to;
        }
        return differences;
    }

    private List<Difference> judgeAtOnce(List<UUID> ids, Selection selection) {
        Map<UUID, List<GraphState>> copies = graph.states().of(ids);
        Map<UUID, SourceState> truths = source.states(ids);
        Set<UUID> altered = comparison == Comparison.CONTENT ? altered(copies, truths, selection) : Set.of();
        List<Difference> differences = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            SourceState truth = truths.get(id);
            List<GraphState> held = copies.getOrDefault(id, List.of());
            Rule rule = Verdict.rule(truth, held, selection);
            Verdict verdict = (altered.contains(id) ? Verdict.ofOtherContent(rule, truth) : rule).verdict();
            differences.add(new Difference(id, verdict, truth, held));
        }
        return differences;
    }

    /** After the content, PostgreSQL's states are asked once more: they tell who wrote a row meanwhile. */
    private Set<UUID> altered(Map<UUID, List<GraphState>> copies, Map<UUID, SourceState> truths, Selection selection) {
        List<SourceState> same = truths.values().stream()
                .filter(truth -> Verdict.rule(truth, copies.getOrDefault(truth.id(), List.of()),
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
