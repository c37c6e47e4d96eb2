package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.report.ReportedEntity;
import syncdata.rules.GraphTimestamp;
import syncdata.run.InputException;
import syncdata.run.Json;

/**
 * A report as far as a page shows it.
 *
 * @param name    of its file
 * @param report  the report itself
 * @param check   where it comes from; an empty object where it does not say
 * @param summary what its differences look like, where it says so
 * @param rows    some of its differences, the one last changed longest ago first
 */
record PageContent(String name, Report report, JsonNode check, Optional<DriftSummary> summary, List<PageRow> rows) {
    /** More of them make a page slow. */
    static final int MOST_ROWS = 1000;

    /**
     * @param withRows whether the page shows its differences
     * @throws InputException if its check holds something else than a check writes
     */
    static PageContent of(String name, Report report, boolean withRows) {
        JsonNode check = Json.MAPPER.valueToTree(report.check());
        Optional<DriftSummary> summary = DriftSummary.of(check);
        return new PageContent(name, report, check, summary, withRows ? rows(report, summary.isPresent()) : List.of());
    }

    /** When the check ended, where the report says so. */
    Optional<Instant> finished() {
        return Optional.ofNullable(GraphTimestamp.parse(check.path("finished").asText()));
    }

    /** An id without more is shown only where the report has nothing better. */
    private static List<PageRow> rows(Report report, boolean describedOnly) {
        TreeSet<ReportedEntity> oldest = new TreeSet<>(ReportedEntity.OLDEST_FIRST);
        ReportedEntity.forEach(report, entity -> {
            if (entity.isDescribed() || !describedOnly) {
                oldest.add(entity);
                if (oldest.size() > MOST_ROWS) {
                    oldest.pollLast();
                }
            }
        });
        return oldest.stream().map(PageRow::of).toList();
    }
}
