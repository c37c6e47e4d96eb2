package syncdata.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import syncdata.run.InputException;

/** Where the metrics of a run go. */
public final class MetricsOptions {
    @Option(names = "--metrics-file", paramLabel = "FILE", order = 43,
            description =
            "Where metrics of the run are written at its end, in Prometheus's text format, for the node exporter's "
            + "textfile collector.")
    private Path metricsFile;

    /**
     * Prepares to write them.
     *
     * @throws InputException if no file can be written there
     */
    public MetricsFile file() {
        return MetricsFile.create(metricsFile);
    }
}
