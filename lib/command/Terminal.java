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
 * The terminal that standard error leads to. Its last line can be overwritten again and again; it makes room for lines
 * that stay. A terminal whose cursor cannot be moved has no such line.
 */
public final class Terminal implements Events.Screen {
    private static final int USUAL_COLUMNS = 80;
    // Java's console knows standard input and output alone, and so do libraries for terminals.
    private static final String ASK = "test -t 2 || exit 1; stty size <&2 2>/dev/null || echo 0 0";

    private static final String ASK_STANDARD_OUTPUT = "test -t 1";

    /** Linux's links to what the streams lead to. */
    private static final Path STREAMS = Path.of("/proc/self/fd");

    private static final String ERASE_REST = "\u001b[K";
    // Otherwise a line would leave rows behind in a terminal that just became narrower.
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final IntSupplier columns;
    private boolean shown;

    Terminal(PrintStream out, IntSupplier columns) {
        this.out = out;
        this.columns = columns;
    }

    /** The terminal, if standard error leads to one. */
    static Optional<Terminal> ofStandardError() {
        if (isKnownToBeNone(2) || size().isEmpty()) {
            return Optional.empty();
        }
        PrintStream error = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return Optional.of(new Terminal(error, Terminal::askColumns));
    }

    /** Whether its cursor can be moved. */
    boolean hasCursor() {
        String type = System.getenv().getOrDefault("TERM", "");
        return !type.isEmpty() && !type.equals("dumb");
    }

    /** Whether standard output leads to a terminal. */
    static boolean isStandardOutput() {
        if (isKnownToBeNone(1)) {
            return false;
        }
        try {
            return new ProcessBuilder("sh", "-c", ASK_STANDARD_OUTPUT).inheritIO().start().waitFor() == 0;
        } catch (IOException noShell) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The width now. Costs the start of a process. */
    int columns() {
        return columns.getAsInt();
    }

    /** Shows a line in place of the last one. */
    synchronized void show(String line) {
        out.print("\r" + NO_WRAP + line + ERASE_REST + WRAP);
        out.flush();
        shown = true;
    }

    /** Erases the line. */
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
        return size().map(size -> Integer.parseInt(size.substring(size.indexOf(' ') + 1)))
                .filter(columns -> columns > 0).orElse(USUAL_COLUMNS);
    }

    /** Whether a stream leads to no terminal, as far as it can be told without the start of a process. */
    private static boolean isKnownToBeNone(int stream) {
        try {
            Path target = Files.readSymbolicLink(STREAMS.resolve(String.valueOf(stream)));
            return !target.startsWith("/dev") || target.endsWith("null");
        } catch (IOException elsewhere) {
            return false;
        }
    }

    /** Rows and columns, 0 where the terminal does not say; empty where there is no terminal. */
    private static Optional<String> size() {
        try {
            Process process = new ProcessBuilder("sh", "-c", ASK).redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 ? Optional.of(answer).filter(size -> size.matches("\\d{1,5} \\d{1,5}"))
                    : Optional.empty();
        } catch (IOException noShell) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
