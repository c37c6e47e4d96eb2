package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.neo4j.driver.Value;
import syncdata.repair.History.Step;
import syncdata.repair.JournalIndex.Kind;
import syncdata.repair.JournalIndex.Story;
import syncdata.rules.KeptProperties;
import syncdata.store.GraphTransaction;

/** Puts nodes back, and takes away those that a repair made. */
final class UndoNodes {
    /**
     * Relationships that a dry run looks at, tied to nodes that are to go; of more it takes for granted that they go.
     */
    private static final int MOST_TIED = 100_000;

    private final UndoGraph graph;
    private final JournalIndex index;
    private final KeptProperties kept;

    UndoNodes(UndoGraph graph, JournalIndex index, KeptProperties kept) {
        this.graph = graph;
        this.index = index;
        this.kept = kept;
    }

    /** Puts back nodes that were there before. */
    Map<Story, UndoOutcome> putBack(List<Story> stories) {
        Map<Story, History> histories = History.of(stories);
        return graph.transaction(transaction -> {
            Held held = graph.held(transaction, stories.stream().map(Story::id).toList(), List.of());
            Map<Story, UndoOutcome> outcomes = new LinkedHashMap<>();
            Rows rows = new Rows();
            histories.forEach((story, history) -> {
                List<Copy.Node> now = held.nodes(story.id());
                UndoOutcome outcome = outcome(history, now);
                outcomes.put(story, outcome);
                if (outcome == UndoOutcome.RESTORED) {
                    rows.add(history, now);
                }
            });
            if (!graph.dryRun()) {
                rows.write(transaction);
            }
            return outcomes;
        });
    }

    private UndoOutcome outcome(History history, List<Copy.Node> now) {
        Step step = history.step(now, Objects::equals, kept);
        if (step != Step.PUT_BACK) {
            return UndoOutcome.of(step);
        }
        boolean made = history.before().isEmpty();
        return made ? UndoOutcome.LATER
                : now.size() > history.before().size() ? UndoOutcome.LEFT : UndoOutcome.RESTORED;
    }

    /** Takes away nodes that the repair made, unless something is tied to them. Gives no outcome for other nodes. */
    Map<Story, UndoOutcome> takeAway(List<Story> stories) {
        Map<Story, History> histories = History.of(stories);
        histories.values().removeIf(history -> !history.before().isEmpty());
        if (histories.isEmpty()) {
            return Map.of();
        }
        return graph.transaction(transaction -> {
            Held held = graph.held(transaction, histories.keySet().stream().map(Story::id).toList(), List.of());
            List<Story> made = new ArrayList<>();
            histories.forEach((story, history) -> {
                if (history.step(held.nodes(story.id()), Objects::equals, kept) == Step.PUT_BACK) {
                    made.add(story);
                }
            });
            Collection<String> staying = staying(transaction, made.stream().map(Story::thing).toList());
            Map<Story, UndoOutcome> outcomes = new LinkedHashMap<>();
            made.forEach(story -> outcomes.put(story,
                    staying.contains(story.thing()) ? UndoOutcome.LEFT : UndoOutcome.RESTORED));
            return outcomes;
        });
    }

    private Collection<String> staying(GraphTransaction transaction, List<String> ids) {
        return ids.isEmpty() ? List.of() : graph.dryRun() ? tied(transaction, ids) : delete(transaction, ids);
    }

    private static Collection<String> delete(GraphTransaction transaction, List<String> ids) {
        List<String> deleted = transaction.single("delete-nodes.cypher", Map.of("ids", ids)).get("deleted")
                .asList(Value::asString);
        return ids.stream().filter(id -> !deleted.contains(id)).toList();
    }

    /** Those to which something is tied that an undo leaves. */
    private Collection<String> tied(GraphTransaction transaction, List<String> ids) {
        List<String> tied = new ArrayList<>();
        for (Value row : transaction.single("tied-to-nodes.cypher", Map.of("ids", ids, "limit", MOST_TIED)).get("tied")
                .values()) {
            if (index.find(Kind.RELATION, row.get("relation").asString()).isEmpty()) {
                tied.add(row.get("id").asString());
            }
        }
        return tied;
    }

    /** What is to be written about nodes in one transaction. */
    private final class Rows {
        private final List<Map<String, Object>> toSet = new ArrayList<>();
        private final List<Map<String, Object>> toLabel = new ArrayList<>();
        private final List<Map<String, Object>> toUnlabel = new ArrayList<>();
        private final List<Map<String, Object>> toCreate = new ArrayList<>();

        void add(History history, List<Copy.Node> now) {
            Map<Copy, Copy.Node> pairs = History.pairs(history.before(), now);
            for (Copy copy : history.before()) {
                Copy.Node before = (Copy.Node) copy;
                if (pairs.containsKey(before)) {
                    set(history, before, pairs.get(before));
                } else {
                    toCreate.add(Map.of("names", before.labels(), "properties", before.properties()));
                }
            }
        }

        private void set(History history, Copy.Node before, Copy.Node now) {
            Object element = graph.element(now);
            toSet.add(Map.of("element", element, "properties", history.restored(before, now, kept)));
            addNames(toLabel, element,
                    before.labels().stream().filter(label -> !now.labels().contains(label)).toList());
            addNames(toUnlabel, element, now.labels().stream()
                    .filter(label -> history.newLabels().contains(label) && !before.labels().contains(label))
                    .toList());
        }

        private static void addNames(List<Map<String, Object>> rows, Object element, List<String> names) {
            if (!names.isEmpty()) {
                rows.add(Map.of("element", element, "names", names));
            }
        }

        void write(GraphTransaction transaction) {
            if (!toSet.isEmpty()) {
                transaction.run("restore-node-properties.cypher", Map.of("rows", toSet));
            }
            graph.writeNamed(transaction, "remove-labels.cypher", toUnlabel);
            graph.writeNamed(transaction, "restore-labels.cypher", toLabel);
            graph.writeNamed(transaction, "restore-nodes.cypher", toCreate);
        }
    }
}
