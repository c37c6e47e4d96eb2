package syncdata.run;

import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The events of a run, one line each. */
public final class Events implements AutoCloseable {
    /** The loggers that the platform's own command names in its events. */
    public enum Logger {
        CHECK("eiq.platform.scripts.sync_data_commons"),
        REPAIR("eiq.platform.scripts.sync_data_in_neo4j");

        private final String label;

        Logger(String label) {
            this.label = label;
        }
    }

    /** How an event is written. */
    public enum Format {
        /** One JSON object, its keys in alphabetical order. */
        JSON,
        /** The time of day in UTC, the event, and its fields: for people. */
        PLAIN
    }

    /** Closes without an exception. */
    @FunctionalInterface
    public interface Closing extends AutoCloseable {
        @Override
        void close();
    }

    /** A terminal for people, whose last line may show the progress. */
    public interface Screen {
        /** Takes the progress off the last line, and prints: here, or on another stream of the same terminal. */
        void print(Runnable printing);

        /** Prints one line; only within {@link #print}. */
        void println(String line);
    }

    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int MOST_SHOWN = 3;

    private final PrintStream out;
    private final Format format;
    private final boolean quiet;
    private final Optional<Screen> screen;
    private final Progress progress = new Progress();
    private final Clock clock = Clock.systemUTC();
    private final long started = System.nanoTime();
    /** The display of these events' progress, which needs them first. */
    private Closing display = () -> { };

    private Events(PrintStream out, Format format, boolean quiet, Optional<Screen> screen) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.format = format;
        this.quiet = quiet;
        this.screen = screen;
    }

    /**
     * Events as JSON, and no progress.
     *
     * @param out takes one line an event, in UTF-8
     */
    public Events(PrintStream out) {
        this(out, Format.JSON, false, Optional.empty());
    }

    /** Events that nobody hears. */
    public static Events silent() {
        return new Events(new PrintStream(OutputStream.nullOutputStream()));
    }

    /**
     * Events, and a display of the progress until they are closed.
     *
     * @param out     takes one line an event, in UTF-8
     * @param quiet   whether to say warnings and errors alone
     * @param screen  shows the summary, and makes room for events
     * @param display begins to show the progress; the result ends that
     */
    public static Events open(PrintStream out, Format format, boolean quiet, Optional<Screen> screen,
                              Function<Events, Closing> display) {
        Events events = new Events(out, format, quiet, screen);
        events.display = display.apply(events);
        return events;
    }

    /** Prints lines for people, on the terminal if there is one. */
    public void tell(List<String> lines) {
        screen.ifPresent(there -> lines.forEach(line -> there.print(() -> there.println(Words.visible(line)))));
    }

    /** The time since these events were opened. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Ends the display of the progress. */
    @Override
    public void close() {
        display.close();
    }

    /** How far the run is: told by the work, shown to people. */
    public Progress progress() {
        return progress;
    }

    /** An event for who debugs; only in JSON. */
    public void debug(Logger logger, String event, Map<String, ?> fields) {
        if (format == Format.JSON && !quiet) {
            say("debug", logger, event, fields);
        }
    }

    public void info(Logger logger, String event, Map<String, ?> fields) {
        say("info", logger, event, fields);
    }

    public void warning(Logger logger, String event, Map<String, ?> fields) {
        say("warning", logger, event, fields);
    }

    public void error(Logger logger, String event, Map<String, ?> fields) {
        say("error", logger, event, fields);
    }

    /** A duration in minutes, as the platform's own command prints it: four significant digits, then {@code m}. */
    public static String took(Duration duration) {
        double minutes = duration.toNanos() / 60e9;
        BigDecimal rounded = new BigDecimal(minutes).round(new MathContext(4, RoundingMode.HALF_EVEN));
        if (rounded.signum() == 0) {
            return "0m";
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < 4) {
            return rounded.stripTrailingZeros().toPlainString() + "m";
        }
        String digits = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return String.format(Locale.ROOT, "%se%s%02dm", digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private void say(String level, Logger logger, String event, Map<String, ?> fields) {
        if (quiet && level.equals("info")) {
            return;
        }
        String line = format == Format.JSON ? json(level, logger, event, fields) : plain(level, event, fields);
        screen.ifPresentOrElse(there -> there.print(() -> out.println(line)), () -> out.println(line));
    }

    private String json(String level, Logger logger, String event, Map<String, ?> fields) {
        Map<String, Object> line = new TreeMap<>(fields);
        line.put("event", event);
        line.put("level", level);
        line.put("logger", logger.label);
        line.put("timestamp", Json.timestamp(clock.instant()));
        return Json.line(line);
    }

    private String plain(String level, String event, Map<String, ?> fields) {
        StringBuilder line = new StringBuilder(TIME_OF_DAY.format(clock.instant())).append(' ');
        if (!level.equals("info")) {
            line.append(level).append(": ");
        }
        line.append(Words.visible(event));
        new TreeMap<>(fields).forEach((name, value) -> line.append(' ').append(Words.visible(name)).append('=')
                .append(plain(value)));
        return line.toString();
    }

    /** A word or number as it is. A map of many entries as their number. Everything else as JSON, which is one word. */
    private static String plain(Object value) {
        if (value instanceof Map<?, ?> many && many.size() > MOST_SHOWN) {
            return "(" + many.size() + ")";
        }
        String text = String.valueOf(value);
        return value instanceof CharSequence && !text.matches("[\\p{Graph}&&[^\"=]]+")
                || !(value instanceof CharSequence || value instanceof Number)
                ? Json.line(value) : text;
    }
}
