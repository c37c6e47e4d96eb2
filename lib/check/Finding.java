package syncdata.check;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import syncdata.run.Json;
import syncdata.run.Words;

/**
 * One thing that the doctor looked at.
 *
 * @param about  what, in a word or two
 * @param text   what was seen
 * @param advice what to do; null where there is nothing to do
 */
public record Finding(Level level, String about, String text, String advice) {

    /** How bad it is. */
    public enum Level {
        OK, WARNING, PROBLEM
    }

    /** Lays it out for a person, in 80 columns. */
    public String text80() {
        StringBuilder lines = new StringBuilder();
        String start = String.format(Locale.ROOT, "%-8s ", level.name().toLowerCase(Locale.ROOT));
        for (String line : Words.wrap(Words.visible(about + ": " + text), 71, Integer.MAX_VALUE)) {
            lines.append(start).append(line).append('\n');
            start = " ".repeat(9);
        }
        if (advice != null) {
            start = " ".repeat(9) + "-> ";
            for (String line : Words.wrap(Words.visible(advice), 68, Integer.MAX_VALUE)) {
                lines.append(start).append(line).append('\n');
                start = " ".repeat(12);
            }
        }
        return lines.toString().stripTrailing();
    }

    /** The same as JSON in one line. */
    public String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("level", level.name().toLowerCase(Locale.ROOT));
        json.put("about", about);
        json.put("text", text);
        json.put("advice", advice);
        return Json.line(json);
    }
}
