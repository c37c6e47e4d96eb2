package syncdata.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import syncdata.run.InputException;

/** The file for the metrics of a run. */
public final class MetricsOptions {
    @Option(names = "--metrics-file", paramLabel = "FILE", order = 43,
            description =
            "Where metrics of the run are written at its end, in Prometheus's text format, for the node exporter's "
            + "textfile collector.")
    private Path metricsFile;

    /**
     * Prepares to write metrics.
     *
     * @throws InputException if no file can be written there
     */
    public MetricsFile file() {
        return MetricsFile.create(Optional.ofNullable(metricsFile));
    }
}
