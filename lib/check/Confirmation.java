package syncdata.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.store.Databases;
import syncdata.store.GraphStore;
import syncdata.store.Pace;
import syncdata.store.SourceStore;

/** Looks at entities by their ids in both databases: nothing that a page showed is believed before. */
public final class Confirmation {
    private final SourceStore source;
    private final GraphStore graph;
    private final Pace pace;

    public Confirmation(Databases databases) {
        this.source = databases.source();
        this.graph = databases.graph();
        this.pace = databases.pace();
    }

    /** Judges these entities as they are now, in the order given. PostgreSQL is asked last, since what it says decides. */
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
        Map<UUID, List<GraphState>> copies = graph.states(ids);
        Map<UUID, SourceState> truths = source.states(ids);
        List<Difference> differences = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            SourceState truth = truths.get(id);
            List<GraphState> held = copies.getOrDefault(id, List.of());
            differences.add(new Difference(id, Verdict.of(truth, held, selection), truth, held));
        }
        return differences;
    }
}
