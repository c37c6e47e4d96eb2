package syncdata.page;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import syncdata.run.Words;

/**
 * The places of the marks of a chart. Across they are shares of the width, so that a chart fits any screen. Up and down
 * they are pixels from the top.
 *
 * @param marks  columns, or points of a line
 * @param across ticks of the axis below
 * @param up     ticks of the axis on the left, from zero on
 * @param height of the plot, in pixels
 */
record Chart(List<Mark> marks, List<Tick> across, List<Tick> up, int height) {

    /** A count with a name. */
    record Bin(String name, long n) {
    }

    /** A count from an instant on. */
    record TimedBin(Instant at, String name, long n) {
    }

    /** A count at an instant, if that is known. */
    record Point(Optional<Instant> at, String name, long n) {
    }

    /**
     * A column or point.
     *
     * @param anchor of the label at the middle: start, middle or end
     * @param label  the count; empty where there is no room for it
     * @param minor  whether a narrow screen has no room for the label
     * @param said   the mark in words
     */
    record Mark(String x, String width, int y, int height, String middle, String anchor, String label, boolean minor,
            String said) {
    }

    /**
     * A tick of an axis.
     *
     * @param anchor of the label at the tick: start, middle or end
     * @param minor  whether a narrow screen has no room for its label
     */
    record Tick(String at, String anchor, String label, boolean minor) {
    }

    /** The room below a plot for the labels of ticks, in pixels. */
    static final int TICK_NAMES = 30;
    private static final int HEIGHT = 180;
    /** The room above the highest column for its count. */
    private static final int HEADROOM = 18;
    private static final double THINNEST = 0.5;
    /** Columns on a time axis: far fewer look like a block, far more like a barcode. */
    static final int BINS = 30;
    private static final int MOST_PEAKS = 3;
    /** The room for the count of a peak, in percent of the width. */
    private static final double ROOM_OF_A_COUNT = 12;
    /** The most ticks of a time axis; of a small chart, fewer. */
    private static final int TICKS = 7;
    private static final int FEW_TICKS = 3;
    /** The room beside the first and the last point, in percent of the width. */
    private static final double MARGIN = 3;

    /** Columns of the same width side by side. Their edges have names: one more than there are columns. */
    static Chart histogram(List<Bin> bins, List<String> edges) {
        long most = bins.stream().mapToLong(Bin::n).max().orElse(1);
        double width = 100.0 / bins.size();
        List<Mark> marks = IntStream.range(0, bins.size())
                .mapToObj(i -> column(i * width + width * 0.06, width * 0.88, bins.get(i).n(), most, bins.get(i).name(),
                        bins.get(i).n() > 0)).toList();
        List<Tick> across = IntStream.range(0, edges.size())
                .mapToObj(i -> tick(i * width, edges.get(i), edges.size() > 5 && i % 2 == 1)).toList();
        return new Chart(marks, across, counts(most), HEIGHT);
    }

    /** Columns at their times, ascending. Each lasts so many seconds. */
    static Chart timeline(List<TimedBin> columns, long seconds) {
        Instant first = columns.get(0).at();
        Instant last = columns.get(columns.size() - 1).at().plusSeconds(seconds);
        long around = Math.max(0, BINS * seconds - (last.getEpochSecond() - first.getEpochSecond())) / 2;
        Instant from = first.minusSeconds(around);
        Instant to = last.plusSeconds(around);
        long most = columns.stream().mapToLong(TimedBin::n).max().orElse(1);
        double width = Math.max(THINNEST, share(from, to, from.plusSeconds(seconds)));
        List<Double> lefts = columns.stream().map(bin -> Math.min(share(from, to, bin.at()), 100 - width))
                .toList();
        Set<Integer> peaks = peaks(columns.stream().map(TimedBin::n).toList(), lefts);
        List<Mark> marks = IntStream.range(0, columns.size())
                .mapToObj(i -> column(lefts.get(i), width, columns.get(i).n(), most,
                columns.get(i).name(), peaks.contains(i))).toList();
        return new Chart(marks, times(from, to, 0, TICKS), counts(most), HEIGHT);
    }

    /** The highest columns whose counts have room beside each other. */
    private static Set<Integer> peaks(List<Long> counts, List<Double> lefts) {
        Set<Integer> peaks = new TreeSet<>();
        long most = Collections.max(counts);
        IntStream.range(0, counts.size()).boxed().sorted(Comparator.comparing((Integer i) -> counts.get(i)).reversed())
                .filter(i -> counts.get(i) * 2 >= most).forEach(i -> {
                    boolean room = peaks.stream()
                            .allMatch(other -> Math.abs(lefts.get(other) - lefts.get(i)) >= ROOM_OF_A_COUNT);
                    if (room && peaks.size() < MOST_PEAKS) {
                        peaks.add(i);
                    }
                });
        return peaks;
    }

    /**
     * Points at their times, ascending; equally far apart where a time is unknown.
     *
     * @param most the count that the scale reaches, at least
     */
    static Chart line(List<Point> points, long most) {
        boolean timed = points.stream().allMatch(point -> point.at().isPresent()) && IntStream.range(1, points.size())
                .allMatch(i -> points.get(i - 1).at().get().isBefore(points.get(i).at().get()));
        Instant from = points.get(0).at().orElse(Instant.EPOCH);
        Instant to = points.get(points.size() - 1).at().orElse(Instant.EPOCH);
        double room = 1 - 2 * MARGIN / 100;
        List<Mark> marks = IntStream.range(0, points.size()).mapToObj(i -> {
            Point point = points.get(i);
            double share = timed ? share(from, to, point.at().get()) : 100.0 * i / Math.max(1, points.size() - 1);
            return column(MARGIN + share * room, 0, point.n(), most, point.name(), i == points.size() - 1);
        }).toList();
        return new Chart(marks, timed ? times(from, to, MARGIN, FEW_TICKS) : List.of(), counts(most), HEIGHT);
    }

    private static Mark column(double x, double width, long n, long most, String name, boolean labelled) {
        int height = n == 0 ? 0 : (int) Math.max(2, Math.round((double) (HEIGHT - HEADROOM) * n / top(most)));
        double middle = x + width / 2;
        return new Mark(percent(x), percent(width), HEIGHT - height, height, percent(middle), anchor(middle),
                labelled ? Words.count(n) : "", n < most, name + ": " + Words.count(n));
    }

    /** Ticks at zero and at round numbers, the last one not below the highest count. */
    private static List<Tick> counts(long most) {
        long step = step(most);
        List<Tick> ticks = new ArrayList<>();
        for (long n = 0; n <= top(most); n += step) {
            ticks.add(new Tick(String.valueOf(HEIGHT - Math.round((double) (HEIGHT - HEADROOM) * n / top(most))), "end",
                    Words.count(n), false));
        }
        return ticks;
    }

    private static long top(long most) {
        long step = step(most);
        return Math.max(step, (most + step - 1) / step * step);
    }

    private static long step(long most) {
        long step = 1;
        int[] factors = {2, 5, 10};
        for (int i = 0; most > step * 5; i++) {
            step = (long) Math.pow(10, i / 3) * factors[i % 3];
        }
        return step;
    }

    /** Ticks of a time axis. The first one always says the day. */
    private static List<Tick> times(Instant from, Instant to, double margin, int most) {
        TimeStep step = TimeStep.fitting(from, to, most);
        List<Tick> ticks = new ArrayList<>();
        OffsetDateTime tick = step.floor(from.atOffset(ZoneOffset.UTC));
        while (!tick.toInstant().isAfter(to)) {
            if (!tick.toInstant().isBefore(from)) {
                String name = ticks.isEmpty() ? step.fullName(tick) : step.name(tick);
                ticks.add(tick(margin + share(from, to, tick.toInstant()) * (1 - 2 * margin / 100), name,
                        most > FEW_TICKS && ticks.size() % 2 == 1));
            }
            tick = tick.plus(step.amount, step.unit);
        }
        return ticks;
    }

    private static Tick tick(double at, String label, boolean minor) {
        return new Tick(percent(at), anchor(at), label, minor);
    }

    private static String anchor(double at) {
        return at < 3 ? "start" : at > 97 ? "end" : "middle";
    }

    private static double share(Instant from, Instant to, Instant at) {
        return 100.0 * (at.getEpochSecond() - from.getEpochSecond()) / Math.max(1,
                to.getEpochSecond() - from.getEpochSecond());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share);
    }

    /** A step of a time axis in which people count. */
    private record TimeStep(int amount, ChronoUnit unit) {
        private static final List<TimeStep> STEPS = List.of(
                new TimeStep(1, ChronoUnit.MINUTES), new TimeStep(5, ChronoUnit.MINUTES),
                new TimeStep(15, ChronoUnit.MINUTES), new TimeStep(30, ChronoUnit.MINUTES),
                new TimeStep(1, ChronoUnit.HOURS), new TimeStep(3, ChronoUnit.HOURS), new TimeStep(6, ChronoUnit.HOURS),
                new TimeStep(12, ChronoUnit.HOURS),
                new TimeStep(1, ChronoUnit.DAYS), new TimeStep(2, ChronoUnit.DAYS), new TimeStep(7, ChronoUnit.DAYS),
                new TimeStep(14, ChronoUnit.DAYS),
                new TimeStep(1, ChronoUnit.MONTHS), new TimeStep(3, ChronoUnit.MONTHS),
                new TimeStep(6, ChronoUnit.MONTHS),
                new TimeStep(1, ChronoUnit.YEARS), new TimeStep(2, ChronoUnit.YEARS), new TimeStep(5, ChronoUnit.YEARS),
                new TimeStep(10, ChronoUnit.YEARS));

        static TimeStep fitting(Instant from, Instant to, int most) {
            long seconds = Math.max(1, to.getEpochSecond() - from.getEpochSecond());
            return STEPS.stream().filter(step -> seconds / step.unit.getDuration().toSeconds() / step.amount < most)
                    .findFirst()
                    .orElseGet(() -> new TimeStep((int) (seconds / 31_556_952 / most / 10 + 1) * 10, ChronoUnit.YEARS));
        }

        OffsetDateTime floor(OffsetDateTime time) {
            OffsetDateTime day = time.truncatedTo(ChronoUnit.DAYS);
            return switch (unit) {
                case MINUTES -> time.truncatedTo(ChronoUnit.HOURS).plusMinutes(time.getMinute() / amount * amount);
                case HOURS -> day.plusHours(time.getHour() / amount * amount);
                case DAYS -> amount % 7 == 0 ? day.minusDays(day.getDayOfWeek().getValue() - 1) : day;
                case MONTHS -> day.withDayOfMonth(1).withMonth((day.getMonthValue() - 1) / amount * amount + 1);
                default -> day.withDayOfYear(1).withYear(Math.floorDiv(day.getYear(), amount) * amount);
            };
        }

        String name(OffsetDateTime tick) {
            boolean midnight = tick.truncatedTo(ChronoUnit.DAYS).equals(tick);
            return formatted(tick, switch (unit) {
                case MINUTES, HOURS -> midnight ? "d MMM" : "HH:mm";
                case DAYS -> "d MMM";
                case MONTHS -> "MMM uuuu";
                default -> "uuuu";
            });
        }

        /** The name of the first tick, with the day. */
        String fullName(OffsetDateTime tick) {
            boolean midnight = tick.truncatedTo(ChronoUnit.DAYS).equals(tick);
            boolean ofHours = unit == ChronoUnit.MINUTES || unit == ChronoUnit.HOURS;
            return ofHours && !midnight ? formatted(tick, "d MMM HH:mm") : unit == ChronoUnit.DAYS
                    ? formatted(tick, "d MMM uuuu") : name(tick);
        }

        private static String formatted(OffsetDateTime tick, String pattern) {
            return tick.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
        }
    }
}
