import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * sync-data as an operator starts it: a cold process.
 *
 * @param report where its report goes
 */
record SyncDataProcess(String jbang, Map<String, String> environment, Path report) {

    record Outcome(int exitCode, double seconds) {
    }

    /** Lets JBang compile it, which is not measured. */
    void build() throws IOException, InterruptedException {
        run(List.of(jbang, "build", "sync-data.java"));
    }

    /** Checks and changes nothing. */
    Outcome dryRun(int batchSize) throws IOException, InterruptedException {
        return dryRun(batchSize, List.of(), List.of());
    }

    /** The same with options of Java and of sync-data. */
    Outcome dryRun(int batchSize, List<String> javaOptions, List<String> options)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(jbang));
        javaOptions.forEach(option -> line.add("--runtime-option=" + option));
        line.addAll(List.of("sync-data.java", "--check-results-file", report.toString(), "--batch-size",
                String.valueOf(batchSize), "--dry-run"));
        line.addAll(options);
        return run(line);
    }

    /** Checks, and changes nothing, with the default options. */
    Outcome check() throws IOException, InterruptedException {
        return run(List.of(jbang, "sync-data.java", "--check-results-file", report.toString(), "--dry-run"));
    }

    /** The whole job, with the default options. */
    Outcome repair() throws IOException, InterruptedException {
        return run(List.of(jbang, "sync-data.java", "--check-results-file", report.toString(), "--no-journal"));
    }

    private Outcome run(List<String> line) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        long started = System.nanoTime();
        Process process = builder.start();
        if (!process.waitFor(1, TimeUnit.HOURS)) {
            process.destroy();
            throw new IOException(String.join(" ", line) + " was not done after an hour");
        }
        return new Outcome(process.exitValue(), (System.nanoTime() - started) / 1e9);
    }
}
