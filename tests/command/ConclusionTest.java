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
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.repair.RepairResult;
import syncdata.report.BlastRadius;
import syncdata.report.DriftSummary;
import syncdata.report.Provenance;
import syncdata.report.Report;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.SortedIds;

/** What a run says and leaves at its end: for people on their terminal, for programs in the metrics file. */
class ConclusionTest {
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)"
                            + "\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*)} (\\S+)");

    private static final Path REPORT = Path.of("my report.json");
    private static final Invocation CHECK =
            new Invocation("./jbang ", "check",
                    List.of("--check-results-file", "my report.json", "--entity-types", "ttp"));
    private static final Invocation APPLY = new Invocation("./jbang ", "apply-report", List.of("my report.json"));

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The summary of a check counts by class and type, names the oldest, and a command to go on with")
    void aCheck() {
        Map<String, Object> check = new HashMap<>(Map.of("n_dangling", 1L, "summary", summaryOf(
                new DriftSummary.Entity("3f500108-a495-4afb-99c3-96f68f9941b1", Verdict.NOT_DELETED, "course-of-action",
                        "a title\u001b[2J that is " + "very ".repeat(9) + "long",
                        new DriftSummary.Sides(null, "2024-03-01T10:00:00.000000Z"), 1),
                new DriftSummary.Entity("3f500108-a495-4afb-99c3-96f68f9941b2", Verdict.STRANGE, null, null,
                        new DriftSummary.Sides(null, null), 2))));
        check.put("blast_radius", new BlastRadius(1500, Map.of("indicates", 1500L), List.of(), 129, true));
        try (Report report = report(55, 27, 8255, 35, 12, check)) {
            assertEquals("""

                    129 of 8,384 entities checked differ:
                              35 outdated     older in Neo4j
                              12 strange      newer in Neo4j, without a timestamp, or there twice
                              55 missing      not in Neo4j
                              27 not deleted  only in Neo4j
                    By type: 100 relation, 20 indicator, 5 ttp, 2 incident, …
                    Last changed longest ago:
                      3f500108-a495-4afb-99c3-96f68f9941b1  not deleted course-of-action
                        2024-03-01  a title\\u001b[2J that is very very very very very very very ver…
                      3f500108-a495-4afb-99c3-96f68f9941b2  strange\s
                        (no date)  (no title)
                    Left alone: 1 dangling relation (an end is not in PostgreSQL).
                    Deleting takes 1,500 relationships with it: 1,500 indicates
                    Nothing was changed.
                    Report   my report.json
                    Took     1.5s
                    Next     ./jbang apply-report 'my report.json'""",
                summary(Conclusion.ofCheck(CHECK, report, REPORT)));
        }
    }

    @Test
    @DisplayName("The last line of a repair's summary says how to undo it, and the one before how to prove it")
    void aRepair() {
        try (Report report = report(55, 27, 8255, 35, 12, Map.of())) {
            assertEquals("""
                    Repaired in Neo4j: 27 deleted, 101 reindexed, 1 needed nothing any more.
                    Report   my report.json
                    Took     1.5s
                    Next     ./jbang check --check-results-file after.json
                    Undo     ./jbang undo report.json.1.journal""",
                    end(summary(Conclusion.ofCheckAndRepair(CHECK, report, REPORT,
                            new RepairResult(27, 101, 0, 1, 0, Optional.empty(),
                                    Optional.of(Path.of("report.json.1.journal")))))));
            assertEquals("""
                    Repaired in Neo4j: 27 deleted, 100 reindexed, 1 needed nothing any more, 1 FAILED.
                    Report   my report.json
                    Took     1.5s
                    Next     ./jbang check --check-results-file 'my report.json' --entity-types ttp""",
                    end(summary(Conclusion.ofCheckAndRepair(CHECK, report, REPORT, new RepairResult(27, 100, 1, 1)))));
        }
    }

    @Test
    @DisplayName("After a stop the next command is the same with --resume, once")
    void aStop() {
        try (Report report = report(0, 0, 10, 0, 0, Map.of("partial", true))) {
            String next = "Next     ./jbang check --check-results-file 'my report.json' --entity-types ttp --resume";
            assertTrue(summary(Conclusion.ofCheck(CHECK, report, REPORT)).endsWith(next));
            Invocation resumed = new Invocation("/opt/graph-sync/", "check", List.of("--resume", "-"));
            assertTrue(summary(Conclusion.ofCheck(resumed, report, REPORT))
                    .endsWith("Next     /opt/graph-sync/check --resume -"));
        }
    }

    @Test
    @DisplayName("The summary of databases in sync is short")
    void inSync() {
        try (Report report = report(0, 0, 8384, 0, 0, Map.of("n_dangling", 0L))) {
            assertEquals(
                    "\nAll 8,384 entities checked have the same timestamps in both databases.\nReport   my "
                    + "report.json\nTook     1.5s\nNext     nothing",
                    summary(Conclusion.ofCheck(CHECK, report, REPORT)));
        }
    }

    @Test
    @DisplayName("No line of a summary but a command is wider than a terminal")
    void eightyColumns() {
        Map<String, Object> check = Map.of("n_dangling", 1_000_000L, "blast_radius", new BlastRadius(1_000_000,
                Map.of("k".repeat(90), 1_000_000L), List.of(), 129, false), "summary",
                summaryOf(new DriftSummary.Entity(
                        "3f500108-a495-4afb-99c3-96f68f9941b1", Verdict.NOT_DELETED, "t".repeat(200),
                        "title ".repeat(30), null, 1)));
        try (Report report = report(9_999_999, 9_999_999, 9_999_999, 9_999_999, 9_999_999, check)) {
            summary(Conclusion.ofCheck(CHECK, report, REPORT)).lines()
                    .forEach(line -> assertTrue(line.length() <= 80, line));
        }
    }

    @Test
    @DisplayName("What is left is what was found, less what was repaired")
    void left() {
        try (Report report = report(2, 3, 0, 0, 0, Map.of())) {
            assertEquals(5, Conclusion.ofCheck(CHECK, report, REPORT).left());
            assertEquals(0, Conclusion.ofCheckAndRepair(CHECK, report, REPORT, new RepairResult(3, 1, 1, 0)).left());
            assertEquals(4, Conclusion.ofCheckAndRepair(CHECK, report, REPORT,
                    new RepairResult(0, 1, 0, 0, 1, Optional.of("too many"), Optional.empty())).left());
            assertEquals(1, Conclusion.ofRepair(CHECK, REPORT, new RepairResult(0, 1, 0, 1), 2).left());
            assertEquals(0, Conclusion.ofRepair(CHECK, REPORT, new RepairResult(0, 9, 0, 0), 2).left(),
                    "ends that were mended on the way");
        }
    }

    @Test
    @DisplayName("Metrics are gauges that Prometheus can read")
    void metricsAreGaugesThatPrometheusCanRead() throws IOException {
        Path file = folder.resolve("graph_sync.prom");
        try (Report report = report(55, 27, 8255, 35, 12,
                Map.of("summary", new DriftSummary(Map.of("ttp \"x\"", Map.of(Verdict.MISSING, 55L)), null, null,
                        null)))) {
            write(file, Conclusion.ofCheckAndRepair(new Invocation("./jbang ", "sync-data", List.of()), report, REPORT,
                    new RepairResult(27, 100, 0, 2)));
        }
        Map<String, Double> metrics = parse(Files.readString(file));
        assertEquals(35, metrics.get("graph_sync_differences{class=\"outdated\",script=\"sync-data\"}"));
        assertEquals(12, metrics.get("graph_sync_differences{class=\"strange\",script=\"sync-data\"}"));
        assertEquals(55, metrics.get("graph_sync_differences{class=\"missing\",script=\"sync-data\"}"));
        assertEquals(27, metrics.get("graph_sync_differences{class=\"not deleted\",script=\"sync-data\"}"));
        assertEquals(2, metrics.get("graph_sync_differences_left{script=\"sync-data\"}"));
        assertEquals(8384, metrics.get("graph_sync_entities_checked{script=\"sync-data\"}"));
        assertEquals(27, metrics.get("graph_sync_entities_deleted{script=\"sync-data\"}"));
        assertEquals(100, metrics.get("graph_sync_entities_reindexed{script=\"sync-data\"}"));
        assertEquals(2, metrics.get("graph_sync_entities_failed{script=\"sync-data\"}"));
        assertEquals(0, metrics.get("graph_sync_repair_refused{script=\"sync-data\"}"));
        assertEquals(55,
                metrics.get(
                        "graph_sync_differences_by_type{class=\"missing\",script=\"sync-data\",type=\"ttp "
                        + "\\\"x\\\"\"}"));
        assertTrue(metrics.get("graph_sync_duration_seconds{script=\"sync-data\"}") >= 0);
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                "the node exporter is another user");
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    @DisplayName("The last success outlives a run that failed")
    void theLastSuccessOutlivesARunThatFailed() throws IOException {
        Path file = folder.resolve("graph_sync.prom");
        String success = "graph_sync_last_success_timestamp_seconds{script=\"apply-report\"}";
        write(file, Conclusion.ofRepair(APPLY, REPORT, new RepairResult(0, 0, 0, 1), 2));
        assertFalse(parse(Files.readString(file)).containsKey(success), "there was none yet");

        write(file, Conclusion.ofRepair(APPLY, REPORT, new RepairResult(1, 1, 0, 0), 2));
        double first = parse(Files.readString(file)).get(success);
        assertEquals(Instant.now().getEpochSecond(), first, 60);

        write(file, Conclusion.ofRepair(APPLY, REPORT, new RepairResult(0, 0, 0, 1), 2));
        assertEquals(first, parse(Files.readString(file)).get(success));
    }

    @Test
    @DisplayName("A place where no metrics can be written is found before the run")
    void aPlaceWhereNoMetricsCanBeWrittenIsFoundBefore() {
        InputException error = Assertions.assertThrows(InputException.class,
                () -> MetricsFile.create(Optional.of(folder.resolve("not/there.prom"))));
        assertTrue(error.getMessage().contains("metrics file"), error.getMessage());
    }

    private static void write(Path file, Conclusion conclusion) {
        try (MetricsFile metrics = MetricsFile.create(Optional.of(file));
             Events events = new Events(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))) {
            metrics.tell(conclusion, events);
        }
    }

    private static String summary(Conclusion conclusion) {
        return String.join("\n", conclusion.summary(Duration.ofMillis(1500)));
    }

    /** From the line on that says what was repaired. */
    private static String end(String summary) {
        return summary.substring(summary.indexOf("Repaired"));
    }

    private static DriftSummary summaryOf(DriftSummary.Entity... oldest) {
        return new DriftSummary(Map.of("indicator", Map.of(Verdict.MISSING, 20L), "relation",
                Map.of(Verdict.MISSING, 35L, Verdict.OUTDATED, 65L),
                "ttp", Map.of(Verdict.STRANGE, 5L), "incident", Map.of(Verdict.STRANGE, 2L), "report",
                Map.of(Verdict.STRANGE, 1L)), null, null, List.of(oldest));
    }

    private static Report report(long missing, long notDeleted, long ok, long outdated, long strange,
            Map<String, Object> check) {
        return new Report(SortedIds.none(), SortedIds.none(), SortedIds.none(), missing, notDeleted, ok, outdated,
                strange, 0, Optional.empty(), new Provenance(Json.MAPPER.valueToTree(check)));
    }

    /**
     * Reads Prometheus's text format by its own rules: HELP and TYPE before the samples of each metric, samples of a
     * metric together, no sample twice.
     */
    private static Map<String, Double> parse(String text) {
        assertTrue(text.endsWith("\n"));
        Map<String, Double> samples = new TreeMap<>();
        List<String> metrics = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("# HELP ")) {
                String name = lines.get(i).split(" ")[2];
                assertTrue(lines.get(i).length() > "# HELP ".length() + name.length() + 1,
                        "a metric without help: " + name);
                assertEquals("# TYPE " + name + " gauge", lines.get(++i));
                assertFalse(metrics.contains(name), name);
                metrics.add(name);
                continue;
            }
            Matcher sample = SAMPLE.matcher(lines.get(i));
            assertTrue(sample.matches(), lines.get(i));
            assertEquals(metrics.get(metrics.size() - 1), sample.group(1));
            assertEquals(null, samples.put(sample.group(1) + "{" + sample.group(2) + "}",
                    Double.valueOf(sample.group(3))), lines.get(i));
        }
        return samples;
    }
}
