package syncdata.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import syncdata.rules.EntityId;
import syncdata.rules.RepairAction;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.SortedIds;

/**
 * What became of the entities that several reports name, from the first report to the last. Merges their ids in order:
 * memory does not grow with their number. Classes and types are known as far as the reports tell.
 */
public final class ReportComparison implements AutoCloseable {
    private static final int EXAMPLES = 20;

    /** What became of an entity from report to report. */
    public enum Trend {
        /** In the last report, and not in the first. */
        APPEARED,
        /** No more in the last report. */
        HEALED,
        /** In the first report and in the last. */
        STAYS,
        /** In a report, not in a later one, and in again after that. */
        FLAPPING;

        /** The word for it in the output, such as {@code appeared}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An entity that flaps.
     *
     * @param history whether each report names it, in their order
     */
    public record Flapping(UUID id, List<Boolean> history) {
    }

    /** The next id of an ascending list, and what it means that a report has it in this list. */
    private static final class Cursor {
        private final Iterator<UUID> ids;
        private final Consumer<Mention[]> mention;
        private UUID id;

        Cursor(int report, SortedIds ids, Consumer<Mention> says) {
            this.ids = ids.iterator();
            this.mention = mentions -> says.accept(mentions[report]);
        }
    }

    /** What one report says of an entity. */
    private static final class Mention {
        private Optional<RepairAction> listed = Optional.empty();
        private Optional<EntityGroup> group = Optional.empty();
    }

    private final List<ReportKnowledge> knowledge;
    private final Map<EntityGroup, Map<Trend, Long>> counts = new TreeMap<>();
    private final Map<Trend, IdLog> toDelete = new EnumMap<>(Trend.class);
    private final Map<Trend, IdLog> toReindex = new EnumMap<>(Trend.class);
    private final List<Flapping> examples = new ArrayList<>();
    private long back;

    private ReportComparison(List<ReportKnowledge> knowledge) {
        this.knowledge = knowledge;
        for (Trend trend : Trend.values()) {
            toDelete.put(trend, new IdLog());
            toReindex.put(trend, new IdLog());
        }
    }

    /**
     * Compares reports.
     *
     * @param reports two or more in the order in which they were made, each with its diffs where it has any
     */
    public static ReportComparison of(List<Report> reports) {
        List<ReportKnowledge> knowledge = reports.stream().map(ReportKnowledge::new).toList();
        try {
            ReportComparison comparison = new ReportComparison(knowledge);
            comparison.merge(reports);
            return comparison;
        } finally {
            knowledge.forEach(ReportKnowledge::close);
        }
    }

    /** The number of entities by class and type, then by trend; none is zero. */
    public Map<EntityGroup, Map<Trend, Long>> counts() {
        return counts;
    }

    /** The number of entities with a trend. */
    public long count(Trend trend) {
        return toDelete.get(trend).count() + toReindex.get(trend).count();
    }

    /** Ids with a trend that the latest report which names them would delete, ascending. */
    public Ids toDelete(Trend trend) {
        return toDelete.get(trend);
    }

    /** Ids with a trend that the latest report which names them would reindex, ascending. */
    public Ids toReindex(Trend trend) {
        return toReindex.get(trend);
    }

    /** Some of the entities that flap. */
    public List<Flapping> flapping() {
        return examples;
    }

    /** Whether the last report names an entity that appeared, or that had healed and is back. */
    public boolean hasNews() {
        return count(Trend.APPEARED) + back > 0;
    }

    @Override
    public void close() {
        toDelete.values().forEach(Ids::close);
        toReindex.values().forEach(Ids::close);
    }

    private void merge(List<Report> reports) {
        PriorityQueue<Cursor> cursors =
                new PriorityQueue<>(Comparator.comparing((Cursor cursor) -> cursor.id, EntityId.ORDER));
        for (int i = 0; i < reports.size(); i++) {
            int report = i;
            advance(new Cursor(report, reports.get(report).toDelete(),
                    mention -> mention.listed = Optional.of(RepairAction.DELETE)), cursors);
            advance(new Cursor(report, reports.get(report).toReindex(),
                    mention -> mention.listed = Optional.of(RepairAction.REINDEX)), cursors);
            knowledge.get(report).forEachGroup((group, ids) -> advance(
                    new Cursor(report, ids, mention -> mention.group = Optional.of(group)), cursors));
        }
        while (!cursors.isEmpty()) {
            UUID id = cursors.peek().id;
            Mention[] mentions = Stream.generate(Mention::new).limit(reports.size()).toArray(Mention[]::new);
            while (!cursors.isEmpty() && cursors.peek().id.equals(id)) {
                Cursor cursor = cursors.remove();
                cursor.mention.accept(mentions);
                advance(cursor, cursors);
            }
            judge(id, mentions);
        }
    }

    private static void advance(Cursor cursor, PriorityQueue<Cursor> cursors) {
        if (cursor.ids.hasNext()) {
            cursor.id = cursor.ids.next();
            cursors.add(cursor);
        }
    }

    private void judge(UUID id, Mention[] mentions) {
        List<Boolean> history = Stream.of(mentions).map(mention -> mention.listed.isPresent()).toList();
        int latest = history.lastIndexOf(true);
        if (latest < 0) {
            return; // no report lists it, and one has a diff of it
        }
        Trend trend = trend(history);
        if (trend == Trend.FLAPPING) {
            back += latest == history.size() - 1 ? 1 : 0;
            if (examples.size() < EXAMPLES) {
                examples.add(new Flapping(id, history));
            }
        }
        boolean delete = mentions[latest].listed.equals(Optional.of(RepairAction.DELETE));
        (delete ? toDelete : toReindex).get(trend).add(id);
        counts.computeIfAbsent(new EntityGroup(verdict(mentions[latest], knowledge.get(latest)), type(mentions)),
                group -> new EnumMap<>(Trend.class))
                .merge(trend, 1L, Long::sum);
    }

    /** What became of an entity that some report names. */
    public static Trend trend(List<Boolean> history) {
        int appearances = 0;
        boolean in = false;
        for (boolean listed : history) {
            appearances += listed && !in ? 1 : 0;
            in = listed;
        }
        if (appearances > 1) {
            return Trend.FLAPPING;
        }
        if (!in) {
            return Trend.HEALED;
        }
        return history.get(0) ? Trend.STAYS : Trend.APPEARED;
    }

    private static String verdict(Mention mention, ReportKnowledge knowledge) {
        if (mention.listed.equals(Optional.of(RepairAction.DELETE))) {
            return Verdict.NOT_DELETED.label();
        }
        return mention.group.map(EntityGroup::verdict).orElse(knowledge.otherVerdict());
    }

    /** The type by the latest report that knows it. */
    private String type(Mention[] mentions) {
        for (int i = mentions.length - 1; i >= 0; i--) {
            String type = type(mentions[i], knowledge.get(i));
            if (!type.equals(EntityGroup.UNKNOWN)) {
                return type;
            }
        }
        return EntityGroup.UNKNOWN;
    }

    private static String type(Mention mention, ReportKnowledge knowledge) {
        if (mention.group.isPresent()) {
            return mention.group.get().type();
        }
        return mention.listed.isEmpty() ? EntityGroup.UNKNOWN : knowledge.onlyType(verdict(mention, knowledge));
    }
}
