package syncdata;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run says while it goes on: one JSON object a line, its keys in alphabetical order. */
public final class Events {
    /** The loggers that the platform's own command names in its events. */
    public enum Logger {
        CHECK("eiq.platform.scripts.sync_data_commons"),
        REPAIR("eiq.platform.scripts.sync_data_in_neo4j");

        private final String label;

        Logger(String label) {
            this.label = label;
        }
    }

    private final PrintStream out;
    private final Progress progress = new Progress();
    private final Clock clock = Clock.systemUTC();

    /** @param out takes one line an event, in UTF-8 */
    public Events(PrintStream out) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /** How far the run is, for the work to tell and for people to see. */
    public Progress progress() {
        return progress;
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

    private synchronized void say(String level, Logger logger, String event, Map<String, ?> fields) {
        Map<String, Object> line = new TreeMap<>(fields);
        line.put("event", event);
        line.put("level", level);
        line.put("logger", logger.label);
        line.put("timestamp", Json.timestamp(clock.instant()));
        out.println(Json.line(line));
    }
}
