package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.neo4j.driver.Value;
import syncdata.repair.JournalIndex.Story;
import syncdata.rules.KeptProperties;

/**
 * What a repair made of one node or relationship: what there was before its first change, and how its last one left it.
 * What lies between counts for nothing, so that undoing twice is undoing once.
 *
 * @param before    every copy that there was
 * @param left      the timestamps of all copies, as the repair left them: after its last transaction, or after earlier
 *                  ones, in case later ones were not committed
 * @param newLabels labels that the repair gave to a node
 */
record History(List<Copy> before, List<List<Value>> left, Set<String> newLabels) {
    /** What is to be done. */
    enum Step { ALREADY, LEAVE, PUT_BACK }

    /**
     * A copy as it stands after some change.
     *
     * @param element empty for one that the repair made
     * @param moved   where one stands that was moved
     */
    private record Standing(String element, Value timestamp, Optional<Copy.Relationship> moved) {
        static Standing of(Copy copy) {
            return new Standing(copy.element(), copy.timestamp(), Optional.empty());
        }

        static Standing made(Value timestamp) {
            return new Standing("", timestamp, Optional.empty());
        }

        /** Whether a copy in a later line can be this one. */
        boolean is(Copy copy) {
            return element.isEmpty() ? timestamp.equals(copy.timestamp())
                    && moved.map(relationship -> copy instanceof Copy.Relationship later
                            && relationship.from().equals(later.from())
                            && relationship.to().equals(later.to())).orElse(true)
                    : element.equals(copy.element());
        }
    }

    /** Reads the entries of one thing, in order. */
    static History of(List<JournalLine.Entry> entries) {
        List<Copy> before = new ArrayList<>();
        List<List<Standing>> states = new ArrayList<>();
        List<Standing> now = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        Map<Copy, Long> batches = new HashMap<>();
        long lastBatch = 0;
        for (JournalLine.Entry entry : entries) {
            before(entry.change()).ifPresent(copy -> {
                boolean known = before.stream().anyMatch(other -> copy.element().isEmpty()
                        ? other.equals(copy) && batches.get(other) != entry.batch()
                        : other.element().equals(copy.element()));
                if (!remove(now, copy) && !known) { // it was there before the repair
                    before.add(copy);
                    batches.put(copy, entry.batch());
                    states.forEach(state -> state.add(Standing.of(copy)));
                }
            });
            if (entry.change() instanceof Change.Made made) { // it is the only one then
                now.clear();
                now.add(Standing.made(made.timestamp()));
            } else if (entry.change() instanceof Change.Changed changed) {
                now.add(new Standing(changed.before().element(), changed.timestamp(), Optional.empty()));
                List<String> had = changed.before() instanceof Copy.Node node ? node.labels() : changed.labels();
                changed.labels().stream().filter(label -> !had.contains(label)).forEach(labels::add);
            } else if (entry.change() instanceof Change.Moved moved) {
                now.add(new Standing("", moved.before().timestamp(), Optional.of(moved.after())));
            }
            if (entry.batch() == lastBatch && !states.isEmpty()) {
                states.remove(states.size() - 1);
            }
            states.add(new ArrayList<>(now));
            lastBatch = entry.batch();
        }
        List<List<Value>> left = new ArrayList<>();
        for (int i = states.size() - 1; i >= 0; i--) {
            if (i == states.size() - 1 || !states.get(i).isEmpty()) { // what somebody else deleted stays deleted
                left.add(states.get(i).stream().map(Standing::timestamp).toList());
            }
        }
        return new History(before, left, labels);
    }

    /** The histories of several things. */
    static Map<Story, History> of(Collection<Story> stories) {
        Map<Story, History> histories = new LinkedHashMap<>();
        stories.forEach(story -> histories.put(story, of(story)));
        return histories;
    }

    /** The history of one thing. */
    static History of(Story story) {
        return of(story.entries());
    }

    /** The same without the properties that belong to other services, which say nothing about what a repair did. */
    private History without(KeptProperties kept) {
        return new History(before.stream().map(copy -> copy.without(kept)).toList(), left, newLabels);
    }

    /** Takes away the one that a copy is: the one of its element id, else one whose element id is not known. */
    private static boolean remove(List<Standing> now, Copy copy) {
        Optional<Standing> found = now.stream().filter(standing -> standing.is(copy))
                .max(Comparator.comparing(standing -> !standing.element().isEmpty()));
        return found.map(now::remove).orElse(false);
    }

    private static Optional<Copy> before(Change change) {
        return change instanceof Change.Changed changed ? Optional.of(changed.before())
                : change instanceof Change.Deleted deleted ? Optional.of(deleted.before())
                : change instanceof Change.Moved moved ? Optional.of(moved.before()) : Optional.empty();
    }

    /**
     * What is to be done about what stands now.
     *
     * @param sameEnd whether an end of a relationship that stands now is the one that it had before
     */
    Step step(List<? extends Copy> now, BiPredicate<Copy.End, Copy.End> sameEnd) {
        if (isBefore(now, sameEnd)) {
            return Step.ALREADY;
        }
        return left.stream().anyMatch(timestamps -> isLeft(timestamps, now)) ? Step.PUT_BACK : Step.LEAVE;
    }

    /** The same; properties of other services play no part. */
    Step step(List<? extends Copy> now, BiPredicate<Copy.End, Copy.End> sameEnd, KeptProperties kept) {
        return without(kept).step(now.stream().map(copy -> copy.without(kept)).toList(), sameEnd);
    }

    /**
     * The properties that a copy which stands now gets. Those of other services stay as they are now, unless the repair
     * gathered them from several copies.
     */
    Map<String, Value> restored(Copy copy, Copy now, KeptProperties kept) {
        if (before.size() > 1) {
            return copy.properties();
        }
        Map<String, Value> properties = new HashMap<>(copy.without(kept).properties());
        properties.putAll(kept.of(now.properties()));
        return properties;
    }

    private boolean isBefore(List<? extends Copy> now, BiPredicate<Copy.End, Copy.End> sameEnd) {
        List<Copy> others = new ArrayList<>(now);
        return now.size() == before.size() && before.stream().allMatch(copy ->
                others.stream().filter(other -> same(copy, other, sameEnd)).findFirst().map(others::remove)
                        .orElse(false));
    }

    private static boolean isLeft(List<Value> timestamps, List<? extends Copy> now) {
        List<Value> others = new ArrayList<>(timestamps);
        return now.size() == timestamps.size() && now.stream().allMatch(copy -> others.remove(copy.timestamp()));
    }

    /** Whether a copy that stands now is what stood before. Labels that a node got since belong to somebody else. */
    private static boolean same(Copy before, Copy now, BiPredicate<Copy.End, Copy.End> sameEnd) {
        if (!before.properties().equals(now.properties())) {
            return false;
        }
        if (before instanceof Copy.Node old && now instanceof Copy.Node node) {
            return node.labels().containsAll(old.labels());
        }
        return before instanceof Copy.Relationship old && now instanceof Copy.Relationship relationship
                && old.type().equals(relationship.type())
                && sameEnd.test(relationship.from(), old.from())
                && sameEnd.test(relationship.to(), old.to());
    }

    /**
     * Pairs nodes that stood before with those that stand now: by element id, else by what they hold, else as they
     * come. A copy that has no node is left out.
     */
    static Map<Copy, Copy.Node> pairs(List<Copy> before, Collection<Copy.Node> now) {
        List<Copy.Node> left = new ArrayList<>(now);
        Map<Copy, Copy.Node> pairs = new LinkedHashMap<>();
        List<BiPredicate<Copy, Copy.Node>> rules = List.of((copy, node) -> copy.element().equals(node.element()),
                (copy, node) -> same(copy, node, Objects::equals), (copy, node) -> true);
        for (BiPredicate<Copy, Copy.Node> rule : rules) {
            for (Copy copy : before) {
                if (!pairs.containsKey(copy)) {
                    left.stream().filter(node -> rule.test(copy, node)).findFirst().ifPresent(node -> {
                        pairs.put(copy, node);
                        left.remove(node);
                    });
                }
            }
        }
        return pairs;
    }
}
