package syncdata.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.UUID;
import syncdata.rules.EntityId;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.SortedIds;

/**
 * What became of the entities that several reports name, from the first report to the last. Merges their ids in order,
 * so that memory does not grow with their number. Says no more of an entity than the reports do.
 */
public final class ReportComparison implements AutoCloseable {
    private static final int EXAMPLES = 20;

    /** What became of an entity. */
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

    /** An ascending list of ids, the report it is from, and how far it is read. */
    private static final class Cursor {
        private final int report;
        private final boolean toDelete;
        private final EntityGroup group;
        private final Iterator<UUID> ids;
        private UUID id;

        /** @param group null for the ids to delete and to reindex themselves */
        Cursor(int report, boolean toDelete, EntityGroup group, SortedIds ids) {
            this.report = report;
            this.toDelete = toDelete;
            this.group = group;
            this.ids = ids.iterator();
        }
    }

    /** What one report says of the entity at hand. */
    private static final class Mention {
        private boolean listed;
        private boolean toDelete;
        private EntityGroup group;
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

    /** How many entities there are, by class and type and then by what became of them; none is zero. */
    public Map<EntityGroup, Map<Trend, Long>> counts() {
        return counts;
    }

    /** How many entities this became of. */
    public long count(Trend trend) {
        return toDelete.get(trend).count() + toReindex.get(trend).count();
    }

    /** The entities this became of that are, by the latest report which names them, to be deleted, ascending. */
    public Ids toDelete(Trend trend) {
        return toDelete.get(trend);
    }

    /** Those that are to be reindexed, ascending. */
    public Ids toReindex(Trend trend) {
        return toReindex.get(trend);
    }

    /** Some of the entities that flap. */
    public List<Flapping> flapping() {
        return examples;
    }

    /** Whether the last report names an entity that appeared, or that was healed before and is back. */
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
            advance(new Cursor(report, true, null, reports.get(report).toDelete()), cursors);
            advance(new Cursor(report, false, null, reports.get(report).toReindex()), cursors);
            knowledge.get(report).forEachGroup((group, ids) -> advance(new Cursor(report, false, group, ids), cursors));
        }
        while (!cursors.isEmpty()) {
            UUID id = cursors.peek().id;
            Mention[] mentions = new Mention[reports.size()];
            while (!cursors.isEmpty() && cursors.peek().id.equals(id)) {
                Cursor cursor = cursors.remove();
                read(cursor, mentions);
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

    private static void read(Cursor cursor, Mention[] mentions) {
        if (mentions[cursor.report] == null) {
            mentions[cursor.report] = new Mention();
        }
        Mention mention = mentions[cursor.report];
        if (cursor.group != null) {
            mention.group = cursor.group;
        } else {
            mention.listed = true;
            mention.toDelete = cursor.toDelete;
        }
    }

    private void judge(UUID id, Mention[] mentions) {
        List<Boolean> history = new ArrayList<>(mentions.length);
        int latest = -1;
        for (int i = 0; i < mentions.length; i++) {
            boolean listed = mentions[i] != null && mentions[i].listed;
            latest = listed ? i : latest;
            history.add(listed);
        }
        if (latest < 0) {
            return; // a diff of what no report names
        }
        Trend trend = trend(history);
        if (trend == Trend.FLAPPING) {
            back += latest == history.size() - 1 ? 1 : 0;
            if (examples.size() < EXAMPLES) {
                examples.add(new Flapping(id, history));
            }
        }
        (mentions[latest].toDelete ? toDelete : toReindex).get(trend).add(id);
        counts.computeIfAbsent(new EntityGroup(verdict(mentions[latest], knowledge.get(latest)), type(mentions)),
                group -> new EnumMap<>(Trend.class))
                .merge(trend, 1L, Long::sum);
    }

    /** What became of an entity that some report names. */
    public static Trend trend(List<Boolean> history) {
        int times = 0; // it went in
        boolean in = false;
        for (boolean listed : history) {
            times += listed && !in ? 1 : 0;
            in = listed;
        }
        if (times > 1) {
            return Trend.FLAPPING;
        }
        if (!in) {
            return Trend.HEALED;
        }
        return history.get(0) ? Trend.STAYS : Trend.APPEARED;
    }

    private static String verdict(Mention mention, ReportKnowledge knowledge) {
        if (mention.toDelete) {
            return Verdict.NOT_DELETED.label();
        }
        return mention.group == null ? knowledge.otherVerdict() : mention.group.verdict();
    }

    /** As the latest report that knows it says. */
    private String type(Mention[] mentions) {
        for (int i = mentions.length - 1; i >= 0; i--) {
            String type = mentions[i] == null ? EntityGroup.UNKNOWN : mentions[i].group == null
                    ? knowledge.get(i).onlyType(verdict(mentions[i], knowledge.get(i))) : mentions[i].group.type();
            if (!type.equals(EntityGroup.UNKNOWN)) {
                return type;
            }
        }
        return EntityGroup.UNKNOWN;
    }
}
