package syncdata.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Consumer;
import syncdata.rules.EntityId;

/** A list of ids as people write it: one a line. Blank lines and lines that begin with # are skipped. */
public final class IdLines {
    private static final int LONGEST_LINE = 1000;

    private IdLines() {
    }

    /**
     * Reads a list in UTF-8, with memory for one line.
     *
     * @param name of the list, for errors, such as {@code The file of ids a.txt}
     * @param take takes each id, in their order
     * @throws InputException if a line is no id
     */
    public static void read(InputStream in, String name, Consumer<UUID> take) throws IOException {
        Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        long number = 1;
        for (int c = reader.read(); ; c = reader.read()) {
            if (c != '\n' && c >= 0) {
                line.append((char) c);
            }
            if (c == '\n' || c < 0 || line.length() > LONGEST_LINE) {
                parse(line.toString(), name, number, take);
                line.setLength(0);
                number++;
            }
            if (c < 0) {
                return;
            }
        }
    }

    private static void parse(String line, String name, long number, Consumer<UUID> take) {
        boolean byteOrderMark = number == 1 && line.startsWith("\ufeff");
        String text = (byteOrderMark ? line.substring(1) : line).strip();
        if (text.length() > LONGEST_LINE || !text.isEmpty() && !text.startsWith("#")) {
            take.accept(EntityId.parse(text).orElseThrow(() -> new InputException(
                    name + " cannot be used: line " + number + ": " + Words.quoted(text) + " is no UUID")));
        }
    }
}
