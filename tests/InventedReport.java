package syncdata;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** A report of differences that nobody's database has, written by what writes those of a check. */
final class InventedReport {
    private final Map<UUID, Difference> differences = new TreeMap<>(EntityId.ORDER);
    private final Map<UUID, String> titles = new LinkedHashMap<>();
    private final Map<String, Object> check = new LinkedHashMap<>();
    private final long seed;
    private boolean withDiffs;
    private long ids;

    /** @param seed ids that differ from those of another report */
    InventedReport(long seed) {
        this.seed = seed;
        check.put("tool_version", ScriptCommand.VERSION);
        check.put("started", "2024-06-05T02:00:00.000000Z");
        check.put("finished", "2024-06-05T02:00:41.500000Z");
        check.put("postgresql", Map.of("host", "db.example.com:5432", "name", "platform"));
        check.put("neo4j", Map.of("host", "graph.example.com:7687", "name", "neo4j"));
    }

    InventedReport withDiffs() {
        withDiffs = true;
        return this;
    }

    InventedReport saying(String name, Object value) {
        check.put(name, value);
        return this;
    }

    InventedReport missing(String type, String title, String postgresql) {
        return add(Verdict.MISSING, type, title, postgresql);
    }

    InventedReport outdated(String type, String title, String postgresql, String neo4j) {
        return add(Verdict.OUTDATED, type, title, postgresql, neo4j);
    }

    InventedReport strange(String type, String title, String postgresql, String... neo4j) {
        return add(Verdict.STRANGE, type, title, postgresql, neo4j);
    }

    InventedReport notDeleted(String type, String title, String neo4j) {
        return add(Verdict.NOT_DELETED, type, title, null, neo4j);
    }

    /** The report, to be closed. */
    Report report() {
        DriftCollector drift = new DriftCollector();
        IdFile toDelete = new IdFile();
        IdFile toReindex = new IdFile();
        DiffFile diffs = withDiffs ? new DiffFile() : null;
        Map<Verdict, Long> counts = new TreeMap<>();
        for (Difference difference : differences.values()) {
            drift.add(difference);
            counts.merge(difference.verdict(), 1L, Long::sum);
            (difference.verdict() == Verdict.NOT_DELETED ? toDelete : toReindex).add(difference.id());
            if (withDiffs && (difference.verdict() == Verdict.OUTDATED || difference.verdict() == Verdict.STRANGE)) {
                diffs.add(difference.id(), Map.of("class", difference.verdict().label(), "type", difference.source().type(), "n_in_neo4j", difference.graph().size(),
                        "properties", PropertyDifference.between(Map.of("title", titles.get(difference.id())), difference.graph())));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>(check);
        all.put("summary", drift.summary(wanted -> titles));
        return new Report(toDelete, toReindex, new IdFile(), counts.getOrDefault(Verdict.MISSING, 0L), counts.getOrDefault(Verdict.NOT_DELETED, 0L), 2000,
                counts.getOrDefault(Verdict.OUTDATED, 0L), counts.getOrDefault(Verdict.STRANGE, 0L), diffs, all);
    }

    /** Writes the page of these reports into a folder. */
    static Path page(Path folder, String name, InventedReport... invented) {
        Path page = folder.resolve(name + ".html");
        List<Report> reports = Arrays.stream(invented).map(InventedReport::report).toList();
        try (ReportPage out = ReportPage.create(page)) {
            out.write(IntStream.range(0, reports.size()).mapToObj(i -> Path.of(name + (reports.size() == 1 ? "" : "-" + (i + 1)) + ".json")).toList(), reports);
        } finally {
            reports.forEach(Report::close);
        }
        return page;
    }

    /** Leaves out one id, so that the next is not that of the entity which another report has there. */
    InventedReport skip() {
        ids++;
        return this;
    }

    private InventedReport add(Verdict verdict, String type, String title, String postgresql, String... neo4j) {
        UUID id = new UUID(seed << 32 | 0x4000, ++ids * 0x9E3779B97F4A7C15L >>> 2 | Long.MIN_VALUE);
        SourceState source = postgresql == null ? null : new SourceState(id, GraphTimestamp.micros(Instant.parse(postgresql)), type, "relation".equals(type), false, 0);
        List<GraphState> copies = Arrays.stream(neo4j).map(time -> new GraphState(id, "relation".equals(type), type,
                time == null ? GraphTimestamp.UNREADABLE : new GraphTimestamp(GraphTimestamp.micros(Instant.parse(time)), GraphTimestamp.Precision.MICROSECONDS),
                title == null ? Map.of() : Map.of("title", source == null ? title : title + ", as it was"), null, null)).toList();
        if (source != null && title != null) {
            titles.put(id, title);
        }
        differences.put(id, new Difference(id, verdict, source, copies));
        return this;
    }
}
