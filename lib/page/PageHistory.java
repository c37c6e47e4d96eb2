package syncdata.page;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import syncdata.report.ReportComparison;
import syncdata.report.ReportComparison.Change;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/** How several reports follow on each other, by the names that {@code lib/page/page.html} has for it. */
record PageHistory(String sentence, String warning, List<Panel> panels, boolean fewReports, List<Line> reports,
        List<Became> changes, String latest) {
    private static final int FEW = 12;
    private static final int MOST_IDS = 200;
    /** What must be the same in the checks of reports, as JSON pointers, for their counts to be comparable. */
    private static final List<String> SCOPE = List.of("/postgresql/system_identifier", "/postgresql/name",
            "/neo4j/database_id", "/entity_types", "/changed_after", "/partial");

    /** One class over time. */
    record Panel(String fill, String name, String said, Chart chart) {
        int fullHeight() {
            return chart.height() + PageView.TICK_NAMES;
        }

        List<Segment> segments() {
            return IntStream.range(1, chart.marks().size())
                    .mapToObj(i -> new Segment(chart.marks().get(i - 1), chart.marks().get(i))).toList();
        }
    }

    /** A line between two points. */
    record Segment(Chart.Mark from, Chart.Mark to) {
        String x1() {
            return from.middle();
        }

        int y1() {
            return from.y();
        }

        String x2() {
            return to.middle();
        }

        int y2() {
            return to.y();
        }
    }

    /** One report of the table. */
    record Line(String name, String when, String ok, String missing, String outdated, String strange, String altered,
            String notDeleted) {
    }

    /** What became of some entities. */
    record Became(String name, String count, String meaning, String shown, List<String> ids) {
    }

    /** @param reports two or more in the order in which they were made */
    static PageHistory of(List<PageContent> reports, ReportComparison comparison) {
        PageContent first = reports.get(0);
        PageContent last = reports.get(reports.size() - 1);
        String sentence = "Differences went from " + Words.count(first.differences()) + " in " + first.name() + " to "
                + Words.count(last.differences()) + " in " + last.name() + ".";
        List<Panel> panels = PageView.CLASSES.stream()
                .filter(verdict -> verdict != Verdict.ALTERED
                        || reports.stream().anyMatch(report -> report.count(verdict) > 0))
                .map(verdict -> panel(verdict, reports)).toList();
        List<Line> lines = reports.stream()
                .map(report -> new Line(report.name(), when(report), Words.count(report.ok()),
                        Words.count(report.missing()),
                Words.count(report.outdated()), Words.count(report.strange()), Words.count(report.altered()),
                Words.count(report.notDeleted()))).toList();
        return new PageHistory(sentence, warning(reports), panels, reports.size() <= FEW, lines,
                Stream.of(Change.values()).map(change -> became(change, comparison, reports.size())).toList(),
                last.name());
    }

    /** Null where there is no need for one. */
    private static String warning(List<PageContent> reports) {
        boolean same = SCOPE.stream().allMatch(field -> reports.stream().map(report -> report.check().at(field))
                .map(value -> value.isMissingNode() ? "null" : value.toString()).distinct().count() == 1);
        return same
                ? null
                : "These checks did not all look at the same entities of the same two databases, or do not say: part "
                + "of what follows may come from that.";
    }

    private static Became became(Change change, ReportComparison comparison, int reports) {
        String meaning = switch (change) {
            case APPEARED -> "Not in the first report, and in the last.";
            case HEALED -> "No more in the last report.";
            case STAYS -> "In the first report and in the last.";
            case FLAPPING -> "In a report, not in a later one, and in again after that.";
        };
        List<String> ids = change == Change.FLAPPING ? comparison.flapping().stream().map(PageHistory::history).toList()
                : Stream.of(comparison.toDelete(change), comparison.toReindex(change))
                .flatMap(all -> all.batch(0, MOST_IDS).stream()).limit(MOST_IDS).map(UUID::toString).toList();
        long count = comparison.count(change);
        String shown = ids.isEmpty() ? null : ids.size() == count
                ? "The ids" : Words.count(ids.size()) + " of the ids; compare-reports prints all";
        return new Became(change.label(), Words.count(count), meaning, shown, ids);
    }

    private static String history(ReportComparison.Flapping flapping) {
        return flapping.id() + " – in report "
                + IntStream.range(0, flapping.history().size()).filter(flapping.history()::get)
                .mapToObj(i -> String.valueOf(i + 1)).collect(Collectors.joining(", ")) + " of "
                + flapping.history().size();
    }

    private static Panel panel(Verdict verdict, List<PageContent> reports) {
        List<Chart.Moment> moments = reports.stream()
                .map(report -> new Chart.Moment(report.finished(), report.name(), report.count(verdict))).toList();
        return new Panel(PageRow.fill(verdict.label()), verdict.label(),
                verdict.label() + " over time, from " + Words.count(moments.get(0).n()) + " to "
                + Words.count(moments.get(moments.size() - 1).n()), Chart.line(moments));
    }

    private static String when(PageContent report) {
        Instant finished = report.finished();
        return finished == null ? "–" : Words.minute(finished);
    }
}
