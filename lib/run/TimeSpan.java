package syncdata.run;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as an option writes it: {@code 30s}, {@code 5m}, {@code 2h}, {@code 500ms}, {@code 0.5s}. */
public final class TimeSpan {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(ms|s|m|h)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);

    private TimeSpan() {
    }

    /**
     * Reads a length of time.
     *
     * @throws IllegalArgumentException if it is none; the message says how to write one
     */
    public static Duration parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is no length of time: write it like 30s, 5m, 2h, 500ms or 0.5s");
        }
        return Duration.ofNanos(new BigDecimal(written.group(1))
                .multiply(BigDecimal.valueOf(MILLIS.get(written.group(2)) * 1_000_000)).longValue());
    }

    /** Writes a length of time. */
    public static String text(Duration length) {
        long millis = length.toMillis();
        if (millis >= 60_000 && millis % 60_000 == 0) {
            return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }
}
