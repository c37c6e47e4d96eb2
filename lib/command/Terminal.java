package syncdata.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntSupplier;
import syncdata.run.Events;

/**
 * The terminal that standard error leads to. Its last line is shown again and again in the same place,
 * and makes room for whatever is to stay.
 */
public final class Terminal implements Events.Screen {
    private static final int USUAL_COLUMNS = 80;
    // Java's own console tells of standard input and output alone, and so do the libraries for terminals.
    private static final String ASK = "test -t 2 || exit 1; stty size <&2 2>/dev/null || echo 0 0";

    /** Where Linux says what standard error leads to. */
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private static final String ERASE_REST = "\u001b[K";
    private static final String NO_WRAP = "\u001b[?7l"; // or a line longer than a terminal that just became narrower would leave rows behind
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final IntSupplier columns;
    private boolean shown;

    Terminal(PrintStream out, IntSupplier columns) {
        this.out = out;
        this.columns = columns;
    }

    /** The terminal, if standard error leads to one whose cursor can be moved. */
    static Optional<Terminal> ofStandardError() {
        String type = System.getenv().getOrDefault("TERM", "");
        if (type.isEmpty() || type.equals("dumb") || isKnownToBeNone() || size() == null) {
            return Optional.empty();
        }
        PrintStream error = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return Optional.of(new Terminal(error, Terminal::askColumns));
    }

    /** How wide it is now. Costs the start of a process. */
    int columns() {
        return columns.getAsInt();
    }

    /** Shows a line in place of the one before. */
    synchronized void show(String line) {
        out.print("\r" + NO_WRAP + line + ERASE_REST + WRAP);
        out.flush();
        shown = true;
    }

    /** Takes the line away. */
    synchronized void erase() {
        if (shown) {
            out.print("\r" + ERASE_REST);
            out.flush();
            shown = false;
        }
    }

    @Override
    public synchronized void print(Runnable printing) {
        erase();
        printing.run();
    }

    @Override
    public void println(String line) {
        out.println(line);
    }

    private static int askColumns() {
        String size = size();
        int columns = size == null ? 0 : Integer.parseInt(size.substring(size.indexOf(' ') + 1));
        return columns > 0 ? columns : USUAL_COLUMNS;
    }

    /** Saves asking, which costs the start of a process. */
    private static boolean isKnownToBeNone() {
        try {
            return !Files.readSymbolicLink(STANDARD_ERROR).startsWith("/dev");
        } catch (IOException elsewhere) {
            return false;
        }
    }

    /** Rows and columns, 0 where the terminal does not say; null where there is none. */
    private static String size() {
        try {
            Process process = new ProcessBuilder("sh", "-c", ASK).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 && answer.matches("\\d{1,5} \\d{1,5}") ? answer : null;
        } catch (IOException noShell) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
