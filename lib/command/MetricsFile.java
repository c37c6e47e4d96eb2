package syncdata.command;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.rules.Verdict;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.InputException;

/**
 * The conclusion of a run as gauges in Prometheus's text format, for the textfile collector of the node exporter. The
 * file is written whole or not at all, and readable by all. A run that ends with an error does not change it.
 */
public final class MetricsFile implements AutoCloseable {
    private static final String PREFIX = "graph_sync_";
    private static final Pattern LAST_SUCCESS =
            Pattern.compile("(?m)^" + PREFIX + "last_success_timestamp_seconds\\{[^}]*} (\\S+)$");

    private static final long LARGEST = 1 << 20;

    /** A file and its path. */
    private record Target(Path path, AtomicFile file) {
    }

    /** Empty where nobody wants metrics. */
    private final Optional<Target> target;

    private MetricsFile(Optional<Target> target) {
        this.target = target;
    }

    /**
     * Prepares to write, before the work: a place where nothing can be written is found at once.
     *
     * @param path empty where nobody wants metrics: then none are written
     * @throws InputException if no file can be written there
     */
    static MetricsFile create(Optional<Path> path) {
        return new MetricsFile(path.map(file ->
                new Target(file, AtomicFile.create(file, "metrics file", "rw-r--r--"))));
    }

    /** Writes the conclusion of a run into the file, and its summary on the terminal. */
    public void tell(Conclusion conclusion, Events events) {
        Duration took = events.elapsed();
        write(conclusion, took);
        events.tell(conclusion.summary(took));
    }

    /** Writes the conclusion of a run into the file. */
    void write(Conclusion conclusion, Duration took) {
        target.ifPresent(metrics -> write(metrics, conclusion, took));
    }

    private static void write(Target target, Conclusion conclusion, Duration took) {
        AtomicFile file = target.file();
        try {
            PrometheusTextFormatWriter.create()
                    .write(file.out(), metrics(conclusion, took, Instant.now(), lastSuccess(target.path())));
            file.commit();
        } catch (IOException e) {
            throw file.failure(e, "all else was done; name a file that can be written");
        }
    }

    @Override
    public void close() {
        target.map(Target::file).ifPresent(AtomicFile::close);
    }

    /** @param lastSuccess of earlier runs, in seconds since 1970 */
    static MetricSnapshots metrics(Conclusion conclusion, Duration took, Instant now, OptionalDouble lastSuccess) {
        Labels script = Labels.of("script", conclusion.invocation().script());
        List<GaugeSnapshot> gauges = new ArrayList<>();
        double seconds = now.toEpochMilli() / 1000.0;
        gauges.add(gauge("last_run_timestamp_seconds", "When the last run ended, in seconds since 1970.", script,
                seconds));
        OptionalDouble success = conclusion.succeeded() ? OptionalDouble.of(seconds) : lastSuccess;
        success.ifPresent(time -> gauges.add(gauge("last_success_timestamp_seconds",
                "When the last run ended that did all it was to do, in seconds since 1970.", script, time)));
        gauges.add(gauge("duration_seconds", "How long the last run took.", script, took.toMillis() / 1000.0));
        conclusion.report().ifPresent(report -> {
            gauges.add(gauge("entities_checked", "Entities that the last check compared.", script, report.checked()));
            gauges.add(differences(report, script));
            report.provenance().summary().ifPresent(summary -> gauges.add(differencesByType(summary, script)));
        });
        gauges.add(gauge("differences_left", "Differences that the last run left: those found, less what was repaired.",
                script,
                conclusion.left()));
        conclusion.repair().ifPresent(repair -> {
            gauges.add(gauge("entities_deleted", "Entities that the last repair deleted from Neo4j.", script,
                    repair.deleted()));
            gauges.add(gauge("entities_reindexed", "Entities that the last repair wrote anew into Neo4j.", script,
                    repair.reindexed()));
            gauges.add(gauge("entities_failed", "Entities that the last repair could not repair.", script,
                    repair.failed()));
            gauges.add(gauge("repair_refused", "1 if a guard stopped the last repair, else 0.", script,
                    conclusion.refused() ? 1 : 0));
        });
        return new MetricSnapshots(gauges.toArray(GaugeSnapshot[]::new));
    }

    private static GaugeSnapshot differences(Report report, Labels script) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + "differences")
                .help("Differences that the last check found, by class.");
        Verdict.DIFFERENCES.forEach(verdict ->
                gauge.dataPoint(point(script.add("class", verdict.label()), report.count(verdict))));
        return gauge.build();
    }

    private static GaugeSnapshot differencesByType(DriftSummary summary, Labels script) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + "differences_by_type")
                .help("The same, where there are any, by class and entity type.");
        summary.byType().forEach((type, classes) -> classes.forEach((verdict, count) ->
                gauge.dataPoint(point(script.add("class", verdict.label()).add("type", type), count))));
        return gauge.build();
    }

    private static GaugeSnapshot gauge(String name, String help, Labels labels, double value) {
        return GaugeSnapshot.builder().name(PREFIX + name).help(help).dataPoint(point(labels, value)).build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    /** The last success of earlier runs, by the file as it is. */
    private static OptionalDouble lastSuccess(Path path) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
            return OptionalDouble.empty();
        }
        return LAST_SUCCESS.matcher(Files.readString(path, StandardCharsets.UTF_8)).results()
                .map(match -> match.group(1))
                .filter(number -> number.matches("[0-9.]+(E[0-9]+)?")).mapToDouble(Double::parseDouble).findFirst();
    }
}
