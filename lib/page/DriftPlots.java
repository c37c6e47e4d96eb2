package syncdata.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import syncdata.report.DriftSummary;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;
import syncdata.run.InputException;
import syncdata.run.Words;

/** The plots of a summary: how far outdated entities are behind, and when missing ones were last changed. */
final class DriftPlots {
    private static final int FEWEST_BINS = 6;
    /** Short names of {@link DriftSummary#BEHIND_EDGES}. */
    private static final List<String> EDGE_NAMES =
            List.of("0", "1 s", "10 s", "1 min", "10 min", "1 h", "6 h", "1 d", "7 d", "30 d", "1 y", "10 y");
    private static final String INFINITY = "infinity";
    /** A beginning for all columns: days begin at midnight, weeks on a Monday. */
    private static final long A_MONDAY = Instant.parse("1970-01-05T00:00:00Z").getEpochSecond();
    /** Lengths of a column in which people count, in seconds. */
    private static final List<Long> COLUMN_LENGTHS =
            List.of(60L, 300L, 600L, 1_800L, 3_600L, 10_800L, 21_600L, 43_200L, 86_400L,
            172_800L, 345_600L, 604_800L, 1_209_600L, 2_419_200L);

    private final String report;
    private final DriftSummary summary;

    /** @param report the name of the report, for errors */
    DriftPlots(String report, DriftSummary summary) {
        this.report = report;
        this.summary = summary;
    }

    /** The plots that have something to show. */
    List<Page.Plot> all() {
        return Stream.concat(behind().stream(), missing().stream()).toList();
    }

    private Optional<Page.Plot> behind() {
        List<DriftSummary.Behind> counted = summary.behind();
        if (counted.isEmpty()) {
            return Optional.empty();
        }
        List<Long> edges = DriftSummary.BEHIND_EDGES;
        Map<Long, Long> counts = counted.stream()
                .collect(Collectors.toMap(DriftSummary.Behind::fromSeconds, DriftSummary.Behind::n, Long::sum));
        int first = edges.indexOf(counted.get(0).fromSeconds());
        int last = edges.indexOf(counted.get(counted.size() - 1).fromSeconds());
        if (first < 0 || last < first) {
            throw new InputException("The report " + report + " has a summary with a bin of " + counted
                    + ", which is none that a check writes: take the report as it was written");
        }
        int to = Math.min(edges.size() - 1, Math.max(last + 1, first + FEWEST_BINS - 2));
        int from = Math.max(0, Math.min(first - 1, to - FEWEST_BINS + 1));
        List<Chart.Bin> bins = IntStream.rangeClosed(from, to)
                .mapToObj(i -> new Chart.Bin(behindName(i), counts.getOrDefault(edges.get(i), 0L))).toList();
        List<String> names = IntStream.rangeClosed(from, to + 1)
                .mapToObj(i -> i < edges.size() ? EDGE_NAMES.get(i) : "").toList();
        Chart.Bin most = bins.stream().max(Comparator.comparing(Chart.Bin::n)).orElseThrow();
        long all = bins.stream().mapToLong(Chart.Bin::n).sum();
        String sentence = all == 1 ? "The one that is outdated is " + most.name() + " behind." : all == most.n()
                ? "All " + Words.count(all) + " outdated are " + most.name() + " behind."
                : "The largest group, " + Words.count(most.n()) + " of " + Words.count(all) + " ("
                + Words.share(most.n(), all) + "), is " + most.name() + " behind.";
        return Optional.of(new Page.Plot("behind", "How far behind the outdated ones are", sentence,
                "Columns: how many outdated entities are how far behind. " + sentence, Look.of(Verdict.OUTDATED).fill(),
                "how far Neo4j is behind PostgreSQL, logarithmic (s seconds, d days, y years)",
                "How far behind the outdated entities are", "Behind",
                Chart.histogram(bins, names),
                bins.stream().map(bin -> new Page.BinCount(bin.name(), Words.count(bin.n()))).toList()));
    }

    private static String behindName(int bin) {
        List<Long> edges = DriftSummary.BEHIND_EDGES;
        if (bin == 0) {
            return "less than " + seconds(edges.get(1));
        }
        return bin + 1 < edges.size()
                ? seconds(edges.get(bin)) + " to " + seconds(edges.get(bin + 1)) : seconds(edges.get(bin)) + " or more";
    }

    private static String seconds(long seconds) {
        return seconds == 0 ? "0" : Words.duration(Duration.ofSeconds(seconds));
    }

    /** Times of last changes: all of them, and enlarged the short time that has most of them. */
    private List<Page.Plot> missing() {
        DriftSummary.Histogram histogram = summary.missingLastChanged();
        List<Chart.TimedBin> columns = columns(histogram.bins(), histogram.secondsPerBin());
        if (columns.isEmpty()) {
            return List.of();
        }
        long all = columns.stream().mapToLong(Chart.TimedBin::n).sum();
        long infinite = histogram.bins().getOrDefault(INFINITY, 0L);
        String sentence = changed(histogram, columns, all)
                + (infinite == 0 ? "" : " " + Words.count(infinite) + " more have an infinite last_updated_at.");
        Page.Plot whole = timeline("missing", "When the missing ones were last changed", sentence, columns,
                histogram.secondsPerBin());
        if (histogram.most() == null) {
            return List.of(whole);
        }
        return List.of(whole, timeline("closer", "The same, closer", "Only the time in which most were changed.",
                columns(histogram.most().bins(), histogram.most().secondsPerBin()), histogram.most().secondsPerBin()));
    }

    private static Page.Plot timeline(String key, String heading, String sentence, List<Chart.TimedBin> all,
            long fine) {
        long seconds = columnLength(all, fine);
        List<Chart.TimedBin> columns = folded(all, seconds);
        return new Page.Plot(key, heading, sentence,
                "Columns over time: how many missing entities were last changed when. " + sentence,
                Look.of(Verdict.MISSING).fill(), "last_updated_at in PostgreSQL, UTC; a column is " + seconds(seconds),
                heading, "From (UTC)",
                Chart.timeline(columns, seconds),
                columns.stream().map(bin -> new Page.BinCount(bin.name(), Words.count(bin.n()))).toList());
    }

    /** The shortest length of which at most {@link Chart#BINS} cover all of the time. */
    private static long columnLength(List<Chart.TimedBin> columns, long fine) {
        long all = columns.get(columns.size() - 1).at().getEpochSecond() + fine - columns.get(0).at().getEpochSecond();
        long longest = COLUMN_LENGTHS.get(COLUMN_LENGTHS.size() - 1);
        return LongStream.concat(COLUMN_LENGTHS.stream().mapToLong(Long::longValue),
                LongStream.iterate(longest * 2, length -> length * 2).limit(40))
                .filter(length -> length >= fine && length % fine == 0 && all / length <= Chart.BINS).findFirst()
                .orElse(fine);
    }

    private static List<Chart.TimedBin> folded(List<Chart.TimedBin> columns, long seconds) {
        Map<Long, Long> counts = new TreeMap<>();
        columns.forEach(bin -> counts.merge(
                A_MONDAY + Math.floorDiv(bin.at().getEpochSecond() - A_MONDAY, seconds) * seconds, bin.n(),
                Long::sum));
        return counts.entrySet().stream().map(bin -> Instant.ofEpochSecond(bin.getKey()))
                .map(at -> new Chart.TimedBin(at, Words.minute(at), counts.get(at.getEpochSecond()))).toList();
    }

    private String changed(DriftSummary.Histogram histogram, List<Chart.TimedBin> columns, long all) {
        Instant first = columns.get(0).at();
        Instant end = columns.get(columns.size() - 1).at().plusSeconds(histogram.secondsPerBin());
        if (all == 1) {
            return "The one that is missing was last changed on " + Words.minute(first) + " UTC.";
        }
        if (histogram.most() == null) {
            return "All " + Words.count(all) + " were last changed within " + within(first, end) + ".";
        }
        return Words.count(histogram.most().n()) + " of " + Words.count(all) + " ("
                + Words.share(histogram.most().n(), all) + ") were last changed within "
                + within(instant(histogram.most().from()), instant(histogram.most().to())) + ".";
    }

    private static String within(Instant from, Instant to) {
        return seconds(to.getEpochSecond() - from.getEpochSecond()) + ", from " + Words.minute(from) + " to "
                + Words.minute(to) + " UTC";
    }

    private List<Chart.TimedBin> columns(Map<String, Long> bins, long seconds) {
        if (seconds < 1 && !bins.isEmpty()) {
            throw new InputException("The report " + report + " has a summary with bins of " + seconds
                    + " seconds: take the report as it was written");
        }
        return bins.entrySet().stream().filter(bin -> !bin.getKey().equals(INFINITY))
                .map(bin -> new Chart.TimedBin(instant(bin.getKey()), Words.minute(instant(bin.getKey())),
                        bin.getValue())).toList();
    }

    private Instant instant(String text) {
        return Optional.ofNullable(text).flatMap(GraphTimestamp::parse)
                .orElseThrow(() -> new InputException("The report " + report + " has a summary with \"" + text
                        + "\" for a timestamp: take the report as it was written"));
    }
}
