package syncdata.page;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import syncdata.report.Report;
import syncdata.report.ReportComparison.Trend;
import syncdata.report.ReportComparison;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/** The part of a {@link Page} about several reports: what became of their entities. */
record PageHistory(String sentence, Optional<String> warning, List<Panel> panels, boolean fewReports,
        List<String> columns, List<Line> reports, List<Became> changes, String latest) {
    private static final int FEW = 12;
    private static final int MOST_IDS = 200;
    private static final List<Verdict> COUNTED = Stream.concat(Stream.of(Verdict.OK), Verdict.DIFFERENCES.stream())
            .toList();

    /** A class over time. */
    record Panel(String fill, String name, String said, Chart chart) {
        int fullHeight() {
            return chart.height() + Chart.TICK_NAMES;
        }

        List<Segment> segments() {
            return IntStream.range(1, chart.marks().size())
                    .mapToObj(i -> Segment.between(chart.marks().get(i - 1), chart.marks().get(i))).toList();
        }
    }

    /** A line between two points. */
    record Segment(String x1, int y1, String x2, int y2) {
        static Segment between(Chart.Mark from, Chart.Mark to) {
            return new Segment(from.middle(), from.y(), to.middle(), to.y());
        }
    }

    /** A report in the table. */
    record Line(String name, String when, List<Cell> counts) {
    }

    /** A trend, and entities that have it. */
    record Became(String name, String count, String meaning, Optional<String> shown, List<String> ids) {
    }

    /** @param reports two or more in the order in which they were made */
    static PageHistory of(List<PageContent> reports, ReportComparison comparison) {
        PageContent first = reports.get(0);
        PageContent last = reports.get(reports.size() - 1);
        String sentence = "Differences went from " + Words.count(first.report().differences()) + " in " + first.name()
                + " to " + Words.count(last.report().differences()) + " in " + last.name() + ".";
        long most = reports.stream().map(PageContent::report)
                .flatMap(report -> Verdict.DIFFERENCES.stream().map(report::count)).max(Long::compare).orElse(0L);
        List<Panel> panels = Look.all().stream()
                .filter(look -> look.verdict() != Verdict.ALTERED
                        || reports.stream().anyMatch(content -> content.report().altered() > 0))
                .map(look -> panel(look, reports, most)).toList();
        return new PageHistory(sentence, warning(reports), panels,
                reports.size() <= FEW, COUNTED.stream().map(Verdict::label).toList(),
                reports.stream().map(PageHistory::line).toList(),
                Stream.of(Trend.values()).map(trend -> became(trend, comparison)).toList(), last.name());
    }

    private static Line line(PageContent content) {
        Report report = content.report();
        return new Line(content.name(), content.finished().map(Words::minute).orElse("–"),
                COUNTED.stream().map(verdict -> new Cell(verdict.label(), Words.count(report.count(verdict))))
                .toList());
    }

    private static Optional<String> warning(List<PageContent> reports) {
        boolean same = reports.stream().map(content -> content.report().provenance().scope()).distinct().count() == 1;
        return same ? Optional.empty()
                : Optional.of("These checks did not all look at the same entities of the same two databases,"
                + " or do not say: part of what follows may come from that.");
    }

    private static Became became(Trend trend, ReportComparison comparison) {
        String meaning = switch (trend) {
            case APPEARED -> "Not in the first report, and in the last.";
            case HEALED -> "No more in the last report.";
            case STAYS -> "In the first report and in the last.";
            case FLAPPING -> "In a report, not in a later one, and in again after that.";
        };
        List<String> ids = trend == Trend.FLAPPING ? comparison.flapping().stream().map(PageHistory::history).toList()
                : Stream.of(comparison.toDelete(trend), comparison.toReindex(trend))
                        .flatMap(all -> all.batch(0, MOST_IDS).stream()).limit(MOST_IDS).map(UUID::toString).toList();
        long count = comparison.count(trend);
        return new Became(trend.label(), Words.count(count), meaning, shown(ids.size(), count), ids);
    }

    private static Optional<String> shown(int ids, long count) {
        if (ids == 0) {
            return Optional.empty();
        }
        return Optional.of(ids == count ? "The ids" : Words.count(ids) + " of the ids; compare-reports prints all");
    }

    private static String history(ReportComparison.Flapping flapping) {
        return flapping.id() + " – in report "
                + IntStream.range(0, flapping.history().size()).filter(flapping.history()::get)
                .mapToObj(i -> String.valueOf(i + 1)).collect(Collectors.joining(", ")) + " of "
                + flapping.history().size();
    }

    /** @param most the highest count of all classes: all panels have one scale */
    private static Panel panel(Look look, List<PageContent> reports, long most) {
        List<Chart.Point> points = reports.stream()
                .map(content -> new Chart.Point(content.finished(), content.name(),
                        content.report().count(look.verdict()))).toList();
        String name = look.verdict().label();
        String said = name + " over time, from " + Words.count(points.get(0).n()) + " to "
                + Words.count(points.get(points.size() - 1).n());
        return new Panel(look.fill(), name, said, Chart.line(points, most));
    }
}
