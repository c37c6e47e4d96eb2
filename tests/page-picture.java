///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES DemoData.java
//SOURCES DemoDatabases.java
//MAIN PagePicture

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import syncdata.run.ExitCode;

@Command(name = "page-picture", mixinStandardHelpOptions = true, description = {
        "Makes README's picture of a page: checks the demo's data, and writes what a browser shows of the report's "
                + "page as PNG.",
        "Needs chromium."})
class PagePicture implements Callable<Integer> {
    private static final long SEED = 1;

    @Parameters(paramLabel = "FILE", defaultValue = "docs/page.png",
            description = "Where the picture goes. Default: ${DEFAULT-VALUE}.")
    private Path picture;

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new PagePicture()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path project = Path.of(System.getenv().getOrDefault("SYNC_DATA_HOME", "")).toAbsolutePath();
        Path folder = Files.createTempDirectory("page-picture-");
        DemoDatabases databases = new DemoDatabases(project.resolve("jbang"), folder.resolve("databases"));
        try {
            databases.await();
            DemoData data = new DemoData(SEED);
            databases.load(data);
            databases.drift(data, SEED);
            run(folder, databases.environment(), ExitCode.DIFFERENCES_LEFT.code(),
                    List.of(project.resolve("jbang").toString(), "check",
                    "--check-results-file", "report.json", "--print-diffs", "--page", "page.html"));
            run(folder, Map.of(), 0, List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--log-level=3",
                    "--user-data-dir=" + folder.resolve("browser"),
                    "--window-size=1000,1180", "--screenshot=" + picture.toAbsolutePath(),
                    folder.resolve("page.html").toUri().toString()));
        } finally {
            databases.stop();
            delete(folder);
        }
        return 0;
    }

    private static void run(Path folder, Map<String, String> environment, int expected, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        if (code != expected) {
            throw new IOException(command.get(0) + " ended with " + code);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
