///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES DemoData.java
//SOURCES DemoDatabases.java
//MAIN TerminalPicture

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "terminal-picture", mixinStandardHelpOptions = true, description = {
        "Draws README's picture of a terminal: runs sync-data in a terminal of its own on the demo's data, and writes "
                + "what it showed as SVG.",
        "Needs util-linux's script."})
class TerminalPicture implements Callable<Integer> {
    private static final String COMMAND = "./jbang sync-data --check-results-file report.json --settle 2s";
    /** No line of a run is longer. */
    private static final int COLUMNS = 150;
    private static final double COLUMN = 8.4;
    private static final int ROW = 19;
    private static final int MARGIN = 16;
    private static final long SEED = 1;

    @Parameters(paramLabel = "FILE", defaultValue = "docs/terminal.svg",
            description = "Where the picture goes. Default: ${DEFAULT-VALUE}.")
    private Path picture;

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new TerminalPicture()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path project = Path.of(System.getenv().getOrDefault("SYNC_DATA_HOME", "")).toAbsolutePath();
        Path folder = Files.createTempDirectory("terminal-picture-");
        DemoDatabases databases = new DemoDatabases(project.resolve("jbang"), folder.resolve("databases"));
        try {
            databases.await();
            DemoData data = new DemoData(SEED);
            databases.load(data);
            databases.drift(data, SEED);
            String command = COMMAND.replace("./jbang", project.resolve("jbang").toString());
            // builds it, if that is to be done
            show(databases, folder, command.replaceFirst("sync-data .*", "sync-data --help"));
            List<String> lines = new ArrayList<>(List.of("$ " + COMMAND));
            show(databases, folder, command).forEach(line ->
                    lines.add(line.replace(project.resolve("jbang").toString(), "./jbang")));
            Files.writeString(picture, svg(lines));
        } finally {
            databases.stop();
            delete(folder);
        }
        return 0;
    }

    /** Runs a command in a terminal and gives the lines that were left on it. */
    private static List<String> show(DemoDatabases databases, Path folder, String command) throws IOException,
            InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null")
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true).directory(folder.toFile());
        builder.environment().putAll(databases.environment());
        builder.environment().putAll(java.util.Map.of("TERM", "xterm", "TZ", "UTC"));
        Process process = builder.start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the command to be pictured failed: " + shown);
        }
        List<String> lines = new ArrayList<>();
        for (String line : shown.replaceAll("[^\\n]*\\r\\u001b\\[K", "").split("\\r?\\n")) {
            for (int from = 0; from == 0 || from < line.length(); from += COLUMNS) {
                lines.add(line.substring(from, Math.min(line.length(), from + COLUMNS)));
            }
        }
        lines.removeIf(line -> line.startsWith("[jbang]"));
        return lines;
    }

    private static String svg(List<String> lines) {
        int width = (int) Math.ceil(COLUMNS * COLUMN) + 2 * MARGIN;
        int height = lines.size() * ROW + 2 * MARGIN;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
                <title>A run of sync-data in a terminal</title>
                <rect width="%1$d" height="%2$d" rx="8" fill="#161b22"/>
                <g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
                   font-size="14" fill="#e6edf3" xml:space="preserve">
                """, width, height));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank()) {
                svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" textLength=\"%.1f\"%s>%s</text>%n",
                        MARGIN, MARGIN + i * ROW + 14,
                        line.length() * COLUMN, line.startsWith("$ ") ? " fill=\"#7ee787\"" : "", escaped(line)));
            }
        }
        return svg.append("</g>\n</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
