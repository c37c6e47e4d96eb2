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
 * A report as a page shows it.
 *
 * @param name    of its file
 * @param summary of its differences, where it has one
 * @param rows    differences, those whose last change is longest ago first
 */
record PageContent(String name, Report report, Optional<DriftSummary> summary, List<PageRow> rows) {
    /** The most rows: more make a page slow. */
    static final int MOST_ROWS = 1000;

    /**
     * Prepares a report.
     *
     * @param withRows whether the page shows its differences
     * @throws InputException if its {@code check} has other values than a check writes
     */
    static PageContent of(String name, Report report, boolean withRows) {
        Optional<DriftSummary> summary = report.provenance().summary();
        return new PageContent(name, report, summary, withRows ? rows(report, summary.isPresent()) : List.of());
    }

    /** The end of the check, where it is known. */
    Optional<Instant> finished() {
        return report.provenance().finishedAt();
    }

    /** @param describedOnly whether to leave out entities of which the report says only the id */
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
