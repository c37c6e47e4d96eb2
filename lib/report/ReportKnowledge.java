package syncdata.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.Ids;
import syncdata.run.SortedIds;
import syncdata.run.Words;

/** Which class and type the entities of a report are of, as far as it says so. Kept in temporary files. */
final class ReportKnowledge implements AutoCloseable {
    /** Reports are not asked to hold more: what comes then is of unknown class and type. */
    private static final int MOST_GROUPS = 200;
    private static final int LONGEST = 200;

    private final Map<EntityGroup, SortedIds> groups = new TreeMap<>();
    private final String otherVerdict;
    private final String onlyType;
    private final Map<String, String> onlyTypes;

    ReportKnowledge(Report report) {
        long[] diffs = new long[1];
        Map<EntityGroup, IdLog> told = new TreeMap<>();
        if (report.diffs() != null) {
            report.diffs().forEach((id, diff) -> {
                diffs[0]++;
                EntityGroup group = new EntityGroup(text(diff, "class"), text(diff, "type"));
                if (told.containsKey(group) || told.size() < MOST_GROUPS) {
                    told.computeIfAbsent(group, first -> new IdLog()).add(id);
                }
            });
        }
        told.forEach((group, ids) -> {
            try (ids) {
                groups.put(group, ids.sorted());
            }
        });
        this.otherVerdict = otherVerdict(report, diffs[0]);
        List<String> types = report.provenance().entityTypes();
        this.onlyType = types.size() == 1 ? types.get(0) : EntityGroup.UNKNOWN;
        this.onlyTypes = report.provenance().summary().map(summary -> onlyTypes(report, summary)).orElse(Map.of());
    }

    /** Gives the ids that its diffs tell of, ascending. */
    void forEachGroup(BiConsumer<EntityGroup, SortedIds> action) {
        groups.forEach(action);
    }

    /**
     * The class of each entity to reindex that no diff tells of: a check makes one for each that is outdated, strange
     * or altered.
     */
    String otherVerdict() {
        return otherVerdict;
    }

    /** The type of all entities of a class, where the check looked at one only or its summary has one only. */
    String onlyType(String verdict) {
        return onlyTypes.getOrDefault(verdict, onlyType);
    }

    @Override
    public void close() {
        groups.values().forEach(Ids::close);
    }

    /** By class; a summary that lacks some of a class says nothing of it. */
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
            return EntityGroup.UNKNOWN; // somebody took ids out
        }
        boolean missing = report.missing() > 0;
        boolean outdated = report.outdated() > 0;
        boolean strange = report.strange() > 0;
        boolean altered = report.altered() > 0;
        if (missing && diffs == others(report)) {
            return Verdict.MISSING.label(); // also where there are no others, and so no diffs
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
