package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;
import syncdata.run.IdFile;
import syncdata.run.InputException;
import syncdata.run.Json;

/**
 * A report as far as a page shows it.
 *
 * @param name    of its file
 * @param check   where it comes from; an empty object where it does not say
 * @param summary what its differences look like; null where it does not say
 * @param rows    some of its differences, the one last changed longest ago first
 */
record PageContent(String name, long missing, long notDeleted, long ok, long outdated, long strange, long altered,
        JsonNode check, DriftSummary summary, List<PageRow> rows) {
    /** More of them make a page slow. */
    static final int MOST_ROWS = 1000;

    private static final Comparator<PageRow> OLDEST_FIRST =
            Comparator.comparing((PageRow row) -> row.changed().isEmpty() ? null : Long.valueOf(row.changed()),
                    Comparator.nullsLast(Comparator.naturalOrder()));

    /**
     * @param withRows whether the page shows its differences
     * @throws InputException if its check holds something else than a check writes
     */
    static PageContent of(String name, Report report, boolean withRows) {
        JsonNode check = Json.MAPPER.valueToTree(report.check());
        DriftSummary summary = DriftSummary.of(check).orElse(null);
        return new PageContent(name, report.missing(), report.notDeleted(), report.ok(), report.outdated(),
                report.strange(), report.altered(), check, summary,
                withRows ? rows(report, summary) : List.of());
    }

    long differences() {
        return missing + notDeleted + outdated + strange + altered;
    }

    long checked() {
        return ok + differences();
    }

    long count(Verdict verdict) {
        return switch (verdict) {
            case MISSING -> missing;
            case NOT_DELETED -> notDeleted;
            case OUTDATED -> outdated;
            case STRANGE -> strange;
            case ALTERED -> altered;
            case OK -> ok;
            case DANGLING, GONE, NOT_SELECTED -> 0;
        };
    }

    /** Null where it does not say. */
    Instant finished() {
        return GraphTimestamp.parse(check.path("finished").asText());
    }

    /** Those that the summary names, then those that the diffs name, then those of which only the id is known. */
    private static List<PageRow> rows(Report report, DriftSummary summary) {
        List<DriftSummary.Entity> oldest = summary == null ? List.of() : summary.oldest();
        Set<String> named = oldest.stream().map(DriftSummary.Entity::id).collect(Collectors.toSet());
        Map<String, List<PageRow.Property>> properties = new HashMap<>();
        List<PageRow> rows = new ArrayList<>();
        if (report.diffs() != null) {
            report.diffs().forEach((id, diff) -> {
                if (named.contains(id.toString())) {
                    properties.put(id.toString(), PageRow.properties(diff));
                } else if (named.size() < MOST_ROWS) {
                    named.add(id.toString());
                    rows.add(PageRow.of(entity(id, diff), PageRow.properties(diff)));
                }
            });
        }
        oldest.forEach(entity -> rows.add(PageRow.of(entity, properties.getOrDefault(entity.id(), List.of()))));
        if (summary == null) {
            addIds(rows, named, report.toDelete(), "to delete");
            addIds(rows, named, report.toReindex(), "to reindex");
        }
        rows.sort(OLDEST_FIRST);
        return rows;
    }

    private static DriftSummary.Entity entity(UUID id, JsonNode diff) {
        JsonNode timestamps = diff.path("properties").path("last_updated_at");
        JsonNode title = diff.path("properties").path("title");
        return new DriftSummary.Entity(id.toString(), Verdict.labelled(diff.path("class").asText()).orElse(Verdict.OK),
                text(diff.path("type")),
                Optional.ofNullable(text(title.path("postgresql"))).orElse(text(title.path("neo4j"))),
                new DriftSummary.Sides(text(timestamps.path("postgresql")), text(timestamps.path("neo4j"))),
                diff.path("n_in_neo4j").asInt());
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : null;
    }

    private static void addIds(List<PageRow> rows, Set<String> named, IdFile ids, String repair) {
        for (Iterator<UUID> all = ids.iterator(); all.hasNext() && named.size() < MOST_ROWS; ) {
            String id = all.next().toString();
            if (named.add(id)) {
                rows.add(PageRow.ofId(id, repair));
            }
        }
    }
}
