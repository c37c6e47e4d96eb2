package syncdata.run;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers, times and foreign text as people read them. */
public final class Words {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("EEE d MMM uuuu HH:mm", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final List<String> UNITS =
            List.of("year", "day", "hour", "minute", "second", "millisecond", "microsecond");
    private static final List<Long> MICROS =
            List.of(31_536_000_000_000L, 86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1000L, 1L);

    private static final int MILLISECOND = 5;
    private static final int LONGEST_QUOTE = 60;

    private Words() {
    }

    /**
     * Foreign text for one line of a terminal. Control characters (C0, C1), characters that turn or hide text
     * (bidirectional overrides and the like) and halves of characters become escapes, such as {@code \\u001b}; a new
     * line becomes {@code \n}.
     */
    public static String visible(String text) {
        if (text.codePoints().allMatch(Words::isHarmless)) {
            return text;
        }
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                visible.appendCodePoint(c);
            } else if (c == '\n') {
                visible.append("\\n");
            } else {
                Character.toString(c).chars()
                        .forEach(unit -> visible.append(String.format(Locale.ROOT, "\\u%04x", unit)));
            }
        });
        return visible.toString();
    }

    /** Whether a character can be shown as it is: it controls no terminal, and moves or hides no other. */
    static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }

    /** The beginning of a text, with an ellipsis where it was longer; never half of a character. */
    public static String shortened(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
        return text.substring(0, end) + "…";
    }

    /** Foreign text as an error repeats it: shortened, in quotes. */
    public static String quoted(String text) {
        return "\"" + visible(shortened(text, LONGEST_QUOTE)) + "\"";
    }

    /** A number with commas between thousands. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A number in at most four characters: 950, 9.5k, 95k, 950k, 9.5M. */
    public static String compact(long n) {
        if (n < 1000) {
            return String.valueOf(n);
        }
        double scaled = n;
        int unit = -1;
        while (scaled >= 999.5 && unit < 3) {
            scaled /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, scaled < 9.95 ? "%.1f%s" : "%.0f%s", scaled, "kMGT".charAt(unit));
    }

    /** Such as {@code 1 relation} or {@code 2,000 relations}. */
    public static String count(long n, String what) {
        return count(n) + " " + what + (n == 1 ? "" : "s");
    }

    /** Such as {@code 1 entity} or {@code 2,000 entities}. */
    public static String entities(long n) {
        return n == 1 ? "1 entity" : count(n) + " entities";
    }

    /** A share in percent: 0 % only where it is nothing, 100 % only where it is all. */
    public static String share(long part, long whole) {
        double percent = 100.0 * part / Math.max(1, whole);
        if (part == 0 || part == whole) {
            return part == 0 ? "0 %" : "100 %";
        }
        if (percent < 0.01) {
            return "less than 0.01 %";
        }
        return percent > 99.99 ? "more than 99.99 %"
                : String.format(Locale.ROOT, percent < 10 ? "%.2f %%" : "%.1f %%", percent);
    }

    /** Such as {@code Tue 4 Jun 2024 22:00}, in UTC. */
    public static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /**
     * A duration in its two largest units, such as {@code 3 days 4 hours}. A year has 365 days. Fractions of a second
     * are given only where there is no second.
     */
    public static String duration(Duration duration) {
        List<String> parts = new ArrayList<>();
        long left = Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
        for (int i = 0; i < UNITS.size() && parts.size() < 2 && (parts.isEmpty() || i < MILLISECOND); i++) {
            long n = left / MICROS.get(i);
            left %= MICROS.get(i);
            if (n > 0) {
                parts.add(count(n) + " " + UNITS.get(i) + (n == 1 ? "" : "s"));
            } else if (!parts.isEmpty()) {
                break;
            }
        }
        return parts.isEmpty() ? "0 seconds" : String.join(" ", parts);
    }

    /** A duration in a few characters, such as {@code 45s}, {@code 3m 20s}, {@code 2h 05m}. */
    public static String time(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3600 ? String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds % 3600 / 60);
    }

    /**
     * Breaks a text between words where it can.
     *
     * @param width of a line, in characters
     * @param most  the number of lines; where the text is longer, the last one ends with an ellipsis
     */
    public static List<String> wrap(String text, int width, int most) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > width && lines.size() < most - 1) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : Character.isHighSurrogate(rest.charAt(width - 1)) ? width - 1 : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest.length() > width ? rest.substring(0, width - 2) + " …" : rest);
        return lines;
    }
}
