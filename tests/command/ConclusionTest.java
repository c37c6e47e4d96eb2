package syncdata.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.repair.Repair;
import syncdata.report.BlastRadius;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.run.Events;
import syncdata.run.IdFile;
import syncdata.run.InputException;

/** What a run says and leaves at its end: for people on their terminal, for programs in the metrics file. */
class ConclusionTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*)} (\\S+)");

    @TempDir
    private Path folder;

    @Test
    void aSummarySaysWhatWasFoundWhatWasDoneAndWhatToDoNext() {
        Map<String, Object> check = new HashMap<>(Map.of("n_dangling", 1L));
        check.put("blast_radius", new BlastRadius(15, Map.of("indicates", 15L),
                List.of(new BlastRadius.Connected("3f500108-a495-4afb-99c3-96f68f9941b1", "indicator", "reindex", 1234)), 129, true));
        try (Report report = report(55, 27, 8255, 35, 12, check)) {
            assertEquals("""

                    129 of 8,384 entities checked differ:
                              35 outdated     older in Neo4j
                              12 strange      newer in Neo4j, without a timestamp, or there twice
                              55 missing      not in Neo4j
                              27 not deleted  only in Neo4j
                    Left alone: 1 dangling relation (an end is not in PostgreSQL).
                    With the deleted go 15 relations: 15 indicates.
                    Best connected of those that differ:
                         1,234 relations  3f500108-a495-4afb-99c3-96f68f9941b1  indicator
                    Nothing was changed.
                    Report   report.json
                    Took     1.5s
                    Next     repair them""", summary(report, null));
            assertEquals("""
                    Repaired in Neo4j: 27 deleted, 100 reindexed, 1 needed nothing any more, 1 FAILED.
                    Report   report.json
                    Took     1.5s
                    Next     see the errors above; the same command again repairs what is left""",
                    summary(report, new Repair.Result(27, 100, 1, 1)).lines().skip(10).collect(java.util.stream.Collectors.joining("\n")));
        }
    }

    @Test
    void aSummaryOfDatabasesInSyncIsShort() {
        try (Report report = report(0, 0, 8384, 0, 0, Map.of("n_dangling", 0L))) {
            assertEquals("\nAll 8,384 entities checked are the same in both databases.\nReport   report.json\nTook     1.5s\nNext     nothing", summary(report, null));
        }
    }

    @Test
    void noLineOfASummaryIsLongerThanATerminal() {
        Map<String, Object> check = Map.of("n_dangling", 1_000_000L, "blast_radius", new BlastRadius(1_000_000, Map.of("indicates", 1_000_000L),
                List.of(new BlastRadius.Connected("3f500108-a495-4afb-99c3-96f68f9941b1", "eclecticiq-sighting", "delete", 1_000_000)), 129, false));
        try (Report report = report(9_999_999, 9_999_999, 9_999_999, 9_999_999, 9_999_999, check)) {
            summary(report, new Repair.Result(9_999_999, 9_999_999, 0, 0)).lines().forEach(line -> assertTrue(line.length() <= 80, line));
        }
    }

    @Test
    void metricsAreGaugesThatPrometheusCanRead() throws IOException {
        Path file = folder.resolve("graph_sync.prom");
        try (Report report = report(55, 27, 8255, 35, 12, Map.of("summary", new DriftSummary(Map.of("ttp \"x\"", Map.of("missing", 55L)), null, null, null)))) {
            write(file, new Conclusion("sync-data", report, Path.of("report.json"), new Repair.Result(27, 100, 0, 2), null));
        }
        Map<String, Double> metrics = parse(Files.readString(file));
        assertEquals(35, metrics.get("graph_sync_differences{class=\"outdated\",script=\"sync-data\"}"));
        assertEquals(12, metrics.get("graph_sync_differences{class=\"strange\",script=\"sync-data\"}"));
        assertEquals(55, metrics.get("graph_sync_differences{class=\"missing\",script=\"sync-data\"}"));
        assertEquals(27, metrics.get("graph_sync_differences{class=\"not deleted\",script=\"sync-data\"}"));
        assertEquals(8384, metrics.get("graph_sync_entities_checked{script=\"sync-data\"}"));
        assertEquals(27, metrics.get("graph_sync_entities_deleted{script=\"sync-data\"}"));
        assertEquals(100, metrics.get("graph_sync_entities_reindexed{script=\"sync-data\"}"));
        assertEquals(2, metrics.get("graph_sync_entities_failed{script=\"sync-data\"}"));
        assertEquals(0, metrics.get("graph_sync_repair_refused{script=\"sync-data\"}"));
        assertEquals(55, metrics.get("graph_sync_differences_by_type{class=\"missing\",script=\"sync-data\",type=\"ttp \\\"x\\\"\"}"));
        assertTrue(metrics.get("graph_sync_duration_seconds{script=\"sync-data\"}") >= 0);
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), "the node exporter is another user");
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void theLastSuccessOutlivesARunThatFailed() throws IOException {
        Path file = folder.resolve("graph_sync.prom");
        String success = "graph_sync_last_success_timestamp_seconds{script=\"apply-report\"}";
        write(file, new Conclusion("apply-report", null, Path.of("report.json"), new Repair.Result(0, 0, 0, 1), null));
        assertFalse(parse(Files.readString(file)).containsKey(success), "there was none yet");

        write(file, new Conclusion("apply-report", null, Path.of("report.json"), new Repair.Result(1, 1, 0, 0), null));
        double first = parse(Files.readString(file)).get(success);
        assertEquals(Instant.now().getEpochSecond(), first, 60);

        write(file, new Conclusion("apply-report", null, Path.of("report.json"), new Repair.Result(0, 0, 0, 1), null));
        assertEquals(first, parse(Files.readString(file)).get(success));
    }

    @Test
    void aPlaceWhereNoMetricsCanBeWrittenIsFoundBefore() {
        InputException error = Assertions.assertThrows(InputException.class, () -> MetricsFile.create(folder.resolve("not/there.prom")));
        assertTrue(error.getMessage().contains("metrics file"), error.getMessage());
    }

    private static void write(Path file, Conclusion conclusion) {
        try (MetricsFile metrics = MetricsFile.create(file);
             Events events = new Events(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))) {
            conclusion.tell(events, metrics);
        }
    }

    private static String summary(Report report, Repair.Result repair) {
        return String.join("\n", new Conclusion("sync-data", report, Path.of("report.json"), repair, "repair them").summary(Duration.ofMillis(1500)));
    }

    private static Report report(long missing, long notDeleted, long ok, long outdated, long strange, Map<String, Object> check) {
        return new Report(new IdFile(), new IdFile(), new IdFile(), missing, notDeleted, ok, outdated, strange, null, check);
    }

    /** Reads Prometheus's text format by its own rules: HELP and TYPE before the samples of each metric, samples of a metric together, no sample twice. */
    private static Map<String, Double> parse(String text) {
        assertTrue(text.endsWith("\n"));
        Map<String, Double> samples = new TreeMap<>();
        List<String> metrics = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("# HELP ")) {
                String name = lines.get(i).split(" ")[2];
                assertTrue(lines.get(i).length() > "# HELP ".length() + name.length() + 1, "a metric without help: " + name);
                assertEquals("# TYPE " + name + " gauge", lines.get(++i));
                assertFalse(metrics.contains(name), name);
                metrics.add(name);
                continue;
            }
            Matcher sample = SAMPLE.matcher(lines.get(i));
            assertTrue(sample.matches(), lines.get(i));
            assertEquals(metrics.get(metrics.size() - 1), sample.group(1));
            assertEquals(null, samples.put(sample.group(1) + "{" + sample.group(2) + "}", Double.valueOf(sample.group(3))), lines.get(i));
        }
        return samples;
    }
}
