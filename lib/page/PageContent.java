package syncdata.page;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.report.ReportedEntity;
import syncdata.run.InputException;

/**
 * A report as far as a page shows it.
 *
 * @param name    of its file
 * @param report  the report itself
 * @param summary what its differences look like, where it says so
 * @param rows    some of its differences, the one last changed longest ago first
 */
record PageContent(String name, Report report, Optional<DriftSummary> summary, List<PageRow> rows) {
    /** More of them make a page slow. */
    static final int MOST_ROWS = 1000;

    /**
     * @param withRows whether the page shows its differences
     * @throws InputException if its check holds something else than a check writes
     */
    static PageContent of(String name, Report report, boolean withRows) {
        Optional<DriftSummary> summary = report.provenance().summary();
        return new PageContent(name, report, summary, withRows ? rows(report, summary.isPresent()) : List.of());
    }

    /** When the check ended, where the report says so. */
    Optional<Instant> finished() {
        return report.provenance().finishedAt();
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
