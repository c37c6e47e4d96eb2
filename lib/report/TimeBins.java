package syncdata.report;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts by time, in bins of one length. When there are too many bins, they become longer: the size is bounded.
 */
final class TimeBins implements Serializable {
    /** Bins that are kept: enough for three years, hour by hour. */
    static final int MOST_KEPT = 32_768;
    /** Bins that are shown: as many as a person can look at. */
    static final int MOST_SHOWN = 256;

    private static final double MOST_OF_ALL = 0.8;
    /** By what factor a short time is shorter than all of the time, at least. */
    private static final int SHORTER = 4;
    private static final List<Long> SHORT_BINS =
            List.of(60L, 600L, 3_600L, 21_600L, 86_400L, Duration.ofDays(7).toSeconds());
    /** A beginning for all bins: days begin at midnight, weeks on a Monday. */
    private static final long A_MONDAY = Instant.parse("1970-01-05T00:00:00Z").getEpochSecond();

    private TreeMap<Long, Long> bins = new TreeMap<>();
    private long seconds = SHORT_BINS.get(0);
    private long atInfinity;

    /**
     * Counts an instant, in microseconds since 1970; {@code Long.MAX_VALUE} and {@code Long.MIN_VALUE} are infinity.
     */
    void add(long micros) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            atInfinity++;
            return;
        }
        bins.merge(start(Math.floorDiv(micros, 1_000_000L)), 1L, Long::sum);
        fit(MOST_KEPT);
    }

    /** Adds what another has counted. */
    void join(TimeBins other) {
        atInfinity += other.atInfinity;
        while (seconds < other.seconds) {
            lengthen();
        }
        other.bins.forEach((start, count) -> bins.merge(start(start), count, Long::sum));
        fit(MOST_KEPT);
    }

    DriftSummary.Histogram summary() {
        TimeBins shown = part(bins);
        Map<String, Long> named = shown.named();
        if (atInfinity > 0) {
            named.put("infinity", atInfinity);
        }
        return new DriftSummary.Histogram(shown.seconds, named, most());
    }

    /** The shortest time that has most of the counts; null where it is no short one, as in the report. */
    private DriftSummary.Most most() {
        if (bins.isEmpty()) {
            return null;
        }
        long all = bins.values().stream().mapToLong(Long::longValue).sum();
        long first = bins.firstKey();
        long n = 0;
        long from = bins.firstKey();
        long shortest = bins.lastKey() + seconds - first;
        long longest = shortest / SHORTER;
        long found = 0;
        for (Map.Entry<Long, Long> bin : bins.entrySet()) {
            n += bin.getValue();
            while (n - bins.get(first) >= MOST_OF_ALL * all) {
                n -= bins.get(first);
                first = bins.higherKey(first);
            }
            if (n >= MOST_OF_ALL * all && bin.getKey() + seconds - first < shortest) {
                shortest = bin.getKey() + seconds - first;
                from = first;
                found = n;
            }
        }
        if (found == 0 || shortest > longest) {
            return null;
        }
        // Four of five leave out the ends of a busy night: extend it for as long as it is busy.
        double busy = (double) found * seconds / shortest / 10;
        long to = from + shortest;
        for (; bins.getOrDefault(to, 0L) > busy; to += seconds) {
            found += bins.get(to);
        }
        for (; bins.getOrDefault(from - seconds, 0L) > busy; from -= seconds) {
            found += bins.get(from - seconds);
        }
        TimeBins closer = part(bins.subMap(from, to));
        return new DriftSummary.Most(text(from), text(to), found, closer.seconds, closer.named());
    }

    private TimeBins part(Map<Long, Long> some) {
        TimeBins part = new TimeBins();
        part.seconds = seconds;
        part.bins.putAll(some);
        part.fit(MOST_SHOWN);
        return part;
    }

    private void fit(int most) {
        while (bins.size() > most) {
            lengthen();
        }
    }

    /** Makes bins longer. The new bins consist of whole old ones. */
    private void lengthen() {
        int next = SHORT_BINS.indexOf(seconds) + 1;
        seconds = next > 0 && next < SHORT_BINS.size() ? SHORT_BINS.get(next) : seconds * 4;
        bins = bins.entrySet().stream()
                .collect(Collectors.toMap(bin -> start(bin.getKey()), Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    private long start(long second) {
        return A_MONDAY + Math.floorDiv(second - A_MONDAY, seconds) * seconds;
    }

    private Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        bins.forEach((start, count) -> named.put(text(start), count));
        return named;
    }

    private static String text(long second) {
        return Instant.ofEpochSecond(second).toString();
    }
}
