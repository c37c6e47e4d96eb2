package syncdata.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.SortedIds;
import syncdata.run.Words;

/** The classes and types of the entities of a report, as far as it tells. Kept in temporary files. */
final class ReportKnowledge implements AutoCloseable {
    /** The most groups that are kept; entities of others are of unknown class and type. */
    private static final int MOST_GROUPS = 200;
    private static final int LONGEST = 200;

    private final Map<EntityGroup, SortedIds> groups = new TreeMap<>();
    private final String otherVerdict;
    private final String onlyType;
    private final Map<String, String> onlyTypes;

    ReportKnowledge(Report report) {
        AtomicLong diffs = new AtomicLong();
        Map<EntityGroup, IdLog> told = new TreeMap<>();
        report.diffs().ifPresent(all -> all.forEach((id, diff) -> {
            diffs.incrementAndGet();
            EntityGroup group = new EntityGroup(text(diff, "class"), text(diff, "type"));
            if (told.containsKey(group) || told.size() < MOST_GROUPS) {
                told.computeIfAbsent(group, first -> new IdLog()).add(id);
            }
        }));
        told.forEach((group, ids) -> {
            try (ids) {
                groups.put(group, ids.sorted());
            }
        });
        this.otherVerdict = otherVerdict(report, diffs.get());
        List<String> types = report.provenance().entityTypes();
        this.onlyType = types.size() == 1 ? types.get(0) : EntityGroup.UNKNOWN;
        this.onlyTypes = report.provenance().summary().map(summary -> onlyTypes(report, summary)).orElse(Map.of());
    }

    /** Hands out the ids that diffs tell of, ascending. */
    void forEachGroup(BiConsumer<EntityGroup, SortedIds> action) {
        groups.forEach(action);
    }

    /**
     * The class of all entities to reindex without a diff. A check makes a diff for each outdated, strange or altered
     * entity, or for none.
     */
    String otherVerdict() {
        return otherVerdict;
    }

    /** The type of all entities of a class, where the check looked at one type, or its summary has one. */
    String onlyType(String verdict) {
        return onlyTypes.getOrDefault(verdict, onlyType);
    }

    @Override
    public void close() {
        groups.values().forEach(Ids::close);
    }

    /** The only types by class. A summary that lacks entities of a class tells nothing of it. */
    private static Map<String, String> onlyTypes(Report report, DriftSummary summary) {
        Map<String, String> types = new HashMap<>();
        summary.byType().forEach((type, classes) -> classes.forEach((verdict, count) -> {
            if (count > 0 && count == report.count(verdict)) {
                types.put(verdict.label(), Words.shortened(type, LONGEST));
            }
        }));
        return types;
    }

    private static String otherVerdict(Report report, long diffs) {
        if (report.toReindex().count() != report.missing() + others(report)) {
            return EntityGroup.UNKNOWN; // somebody removed ids
        }
        boolean missing = report.missing() > 0;
        boolean outdated = report.outdated() > 0;
        boolean strange = report.strange() > 0;
        boolean altered = report.altered() > 0;
        if (missing && diffs == others(report)) {
            return Verdict.MISSING.label(); // the others have diffs, or there are none
        }
        if (!missing && Stream.of(outdated, strange, altered).filter(some -> some).count() == 1) {
            return (outdated ? Verdict.OUTDATED : strange ? Verdict.STRANGE : Verdict.ALTERED).label();
        }
        return EntityGroup.UNKNOWN;
    }

    private static long others(Report report) {
        return report.outdated() + report.strange() + report.altered();
    }

    private static String text(JsonNode diff, String field) {
        return Words.shortened(diff.path(field).asText(EntityGroup.UNKNOWN), LONGEST);
    }
}
