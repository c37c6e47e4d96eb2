package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.report.ComparedReports;
import syncdata.report.EntityGroup;
import syncdata.report.ReportComparison.Trend;
import syncdata.report.ReportComparison;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.store.Failure;

/** What a comparison of reports says, and the script compare-reports.java as a process. */
class CompareReportsTest {
    private static final String MONDAY = "2026-11-23T04:00:00.000000Z";
    private static final String TUESDAY = "2026-11-24T04:00:00.000000Z";

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"io, HEALED", "oi, APPEARED", "ii, STAYS", "iio, HEALED", "oio, HEALED", "ooi, APPEARED",
            "oii, APPEARED", "iii, STAYS",
            "ioi, FLAPPING", "ioio, FLAPPING", "oioi, FLAPPING", "iioii, FLAPPING", "ioooi, FLAPPING"})
    @DisplayName("What became of an entity that was in or out")
    void whatBecameOfAnEntityThatWasInOrOut(String history, Trend expected) {
        assertEquals(expected, ReportComparison.trend(history.chars().mapToObj(c -> c == 'i').toList()));
    }

    @Test
    @DisplayName("The class and type of an entity are those that the reports tell")
    void theClassAndTypeOfAnEntityAreThoseThatTheReportsTell() throws IOException {
        ObjectNode withDiffs = report(List.of(1), List.of(2, 3, 4), MONDAY).put("n_missing", 1).put("n_outdated", 1)
                .put("n_strange", 1);
        diff(withDiffs, 3, "outdated", "indicator");
        diff(withDiffs, 2, "strange", "ttp"); // not in the order of ids
        assertEquals(Map.of("not deleted unknown", "1", "strange ttp", "2", "outdated indicator", "3",
                "missing unknown", "4"), appeared(withDiffs));

        ObjectNode halfOfDiffs = withDiffs.deepCopy();
        halfOfDiffs.withObjectProperty("diffs").remove(id(3).toString());
        assertEquals(Map.of("not deleted unknown", "1", "strange ttp", "2", "unknown unknown", "3 4"),
                appeared(halfOfDiffs));

        ObjectNode oneClass = report(List.of(), List.of(2, 3), MONDAY).put("n_strange", 2);
        assertEquals(Map.of("strange unknown", "2 3"), appeared(oneClass));
        assertEquals(Map.of("missing unknown", "2 3"),
                appeared(report(List.of(), List.of(2, 3), MONDAY).put("n_missing", 2)));
        assertEquals(Map.of("unknown unknown", "2 3"),
                appeared(report(List.of(), List.of(2, 3), MONDAY).put("n_missing", 1).put("n_outdated", 1)));
        assertEquals(Map.of("unknown unknown", "2 3"),
                appeared(report(List.of(), List.of(2, 3), MONDAY).put("n_missing", 1)));

        ObjectNode oneType = report(List.of(1), List.of(2, 3), MONDAY).put("n_outdated", 2);
        oneType.withObjectProperty("check").putArray("entity_types").add("report");
        assertEquals(Map.of("not deleted report", "1", "outdated report", "2 3"), appeared(oneType));

        ObjectNode summed = report(List.of(1, 4), List.of(2, 3), MONDAY).put("n_outdated", 2);
        ObjectNode byType = summed.withObjectProperty("check").withObjectProperty("summary")
                .withObjectProperty("by_type");
        byType.putObject("ttp").put("outdated", 2).put("not deleted", 1);
        byType.putObject("report").put("not deleted", 1);
        assertEquals(Map.of("not deleted unknown", "1 4", "outdated ttp", "2 3"), appeared(summed));
    }

    @Test
    @DisplayName("A type that an earlier report tells is known, and a class is that of the latest")
    void aTypeThatAnEarlierReportTellsIsKnownAndAClassIsThatOfTheLatest() throws IOException {
        ObjectNode earlier = report(List.of(), List.of(1, 2), MONDAY).put("n_outdated", 2);
        diff(earlier, 1, "outdated", "indicator");
        diff(earlier, 2, "outdated", "report");
        ObjectNode later = report(List.of(1), List.of(), TUESDAY);

        try (ComparedReports reports = reports(earlier, later);
                ReportComparison comparison = ReportComparison.of(reports.reports())) {
            assertEquals(Map.of(new EntityGroup("not deleted", "indicator"), Map.of(Trend.STAYS, 1L),
                    new EntityGroup("outdated", "report"), Map.of(Trend.HEALED, 1L)),
                    comparison.counts());
            assertEquals(List.of(id(1)), comparison.toDelete(Trend.STAYS).batch(0, 10));
            assertEquals(List.of(id(2)), comparison.toReindex(Trend.HEALED).batch(0, 10));
        }
    }

    @Test
    @DisplayName("Random reports are compared as sets")
    void randomReportsAreComparedAsSetsAre() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<ObjectNode> nodes = new ArrayList<>();
            List<Set<Integer>> sets = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(4); i++) {
                Set<Integer> toDelete = some(random);
                Set<Integer> toReindex = some(random);
                toReindex.removeAll(toDelete);
                nodes.add(report(toDelete, toReindex, ""));
                toReindex.addAll(toDelete);
                sets.add(toReindex);
            }
            Map<Trend, Set<UUID>> expected = new HashMap<>();
            IntStream.range(0, 100).filter(n -> sets.stream().anyMatch(set -> set.contains(n)))
                    .forEach(n -> expected.computeIfAbsent(expected(sets, n), trend -> new TreeSet<>()).add(id(n)));
            try (ComparedReports reports = reports(nodes.toArray(ObjectNode[]::new));
                    ReportComparison comparison = ReportComparison.of(reports.reports())) {
                for (Trend trend : Trend.values()) {
                    Set<UUID> found = new TreeSet<>(comparison.toDelete(trend).batch(0, 1000));
                    found.addAll(comparison.toReindex(trend).batch(0, 1000));
                    assertEquals(expected.getOrDefault(trend, Set.of()), found, trend + ", seed " + seed);
                }
            }
        }
    }

    @Test
    @DisplayName("The script prints a table and ends with 10 where something is new")
    void theScriptPrintsATableAndEndsWith10WhereSomethingIsNew() throws IOException {
        ObjectNode monday = report(List.of(1), List.of(2, 3), MONDAY).put("n_outdated", 2);
        diff(monday, 2, "outdated", "indicator");
        diff(monday, 3, "outdated", "report");
        write("monday.json", monday);
        write("tuesday.json", report(List.of(1), List.of(), TUESDAY));
        write("wednesday.json", report(List.of(1), List.of(2, 4), "2026-11-25T04:00:00.000000Z").put("n_missing", 2));

        Script several = compare("monday.json tuesday.json wednesday.json");
        assertEquals("""
                report          finished                     to delete  to reindex  ok
                monday.json     2026-11-23T04:00:00.000000Z          1           2   7
                tuesday.json    2026-11-24T04:00:00.000000Z          1           0   7
                wednesday.json  2026-11-25T04:00:00.000000Z          1           2   7

                class        type       appeared  healed  stays  flapping
                missing      indicator         0       0      0         1
                missing      unknown           1       0      0         0
                not deleted  unknown           0       0      1         0
                outdated     report            0       1      0         0
                all                            1       1      1         1

                flapping:
                  %s  in, out, in
                """.formatted(id(2)), several.output());
        assertEquals("", several.errors());
        assertEquals(10, several.exitCode());

        Script nothingNew = compare("--format ids monday.json tuesday.json");
        assertEquals(new Script(0, "", ""), nothingNew);
        assertEquals(new Script(10, id(4) + "\n", ""), compare("--format ids monday.json - <wednesday.json"));
        assertEquals(id(1) + "\n", compare("--format ids --changes stays,healed --only delete monday.json tuesday.json")
                .output());
        JsonNode json = Json.MAPPER.readTree(compare("--format json monday.json tuesday.json").output());
        assertEquals(List.of("reports", "n_appeared", "n_healed", "n_stays", "n_flapping", "groups", "appeared",
                "healed", "stays", "flapping"),
                json.properties().stream().map(Map.Entry::getKey).toList());
        assertEquals("[\"" + id(2) + "\",\"" + id(3) + "\"]", json.at("/healed/entity_ids_to_reindex").toString());
        assertEquals(TUESDAY, json.at("/reports/1/finished").asText());
    }

    @Test
    @DisplayName("What cannot be compared is refused in one line")
    void whatCannotBeComparedIsRefusedInOneLine() throws IOException {
        write("all.json", report(List.of(), List.of(), MONDAY));
        ObjectNode filtered = report(List.of(), List.of(1), TUESDAY);
        filtered.withObjectProperty("check").putArray("entity_types").add("report");
        write("filtered.json", filtered);
        ObjectNode partial = report(List.of(), List.of(), TUESDAY);
        partial.withObjectProperty("check").put("partial", true).put("checked_up_to", id(5).toString());
        ObjectNode elsewhere = report(List.of(), List.of(), TUESDAY);
        elsewhere.withObjectProperty("check").putObject("neo4j").put("database_id", "another");
        write("elsewhere.json", elsewhere);
        ObjectNode sevenFields = report(List.of(), List.of(), "");
        sevenFields.remove("check");
        write("seven.json", sevenFields);

        assertEquals(new Script(12, "",
                "error: The checks did not look at the same entities: entity_types is none in all.json and [report] "
                + "in filtered.json;"
                + " compare reports with the same filters, or add --any-filter\n"), compare("all.json filtered.json"));
        assertEquals(12, refused(folder.resolve("all.json"), folder.resolve("seven.json"), write(partial)));
        assertEquals(new Script(12, "",
                "error: The reports are from different databases: neo4j's database_id is graph in all.json and "
                + "another in elsewhere.json;"
                + " compare reports of the same two databases, or add --any-database\n"),
                compare("all.json elsewhere.json"));
        Script told = compare("--any-filter --format ids all.json filtered.json seven.json");
        assertEquals(
                "note: seven.json has the seven fields alone: which databases and filters it is from, and when, is "
                + "not known\n", told.errors());
        assertEquals(0, told.exitCode());
        assertEquals(new Script(2, "",
                "error: The report nowhere.json does not exist: name a file that a check has written\n"),
                compare("all.json nowhere.json"));
    }

    /** Compares in this process, and gives the exit code of the refusal. */
    private static int refused(Path... files) {
        try (ComparedReports reports = new ComparedReports(List.of(files))) {
            reports.requireSameFilters();
            return 0;
        } catch (RefusedException e) {
            assertTrue(e.getMessage().contains("partial is none in "), e.getMessage());
            return Failure.of(e).exitCode().code();
        }
    }

    private Script compare(String arguments) {
        return Script.shell(Map.of("JBANG", TestDatabases.PROJECT.resolve("jbang").toString()),
                "cd '" + folder + "' && \"$JBANG\" compare-reports " + arguments);
    }

    /** What appeared since a report without differences: the numbers of the entities by class and type. */
    private Map<String, String> appeared(ObjectNode report) throws IOException {
        Map<String, String> appeared = new TreeMap<>();
        for (int n = 1; n < 10; n++) {
            // With one entity at a time in both reports, the group that it stays in is its own.
            ObjectNode alone = report(List.of(), List.of(n), "");
            alone.remove("check");
            try (ComparedReports reports = reports(alone, report);
                    ReportComparison comparison = ReportComparison.of(reports.reports())) {
                int number = n;
                comparison.counts().forEach((group, counts) -> {
                    if (counts.containsKey(Trend.STAYS)) {
                        appeared.merge(group.verdict() + " " + group.type(), String.valueOf(number),
                                (a, b) -> a + " " + b);
                    }
                });
            }
        }
        return appeared;
    }

    private static Trend expected(List<Set<Integer>> sets, int n) {
        String history = sets.stream().map(set -> set.contains(n) ? "i" : "o").collect(Collectors.joining());
        if (history.matches(".*io+i.*")) {
            return Trend.FLAPPING;
        }
        return history.endsWith("o") ? Trend.HEALED : history.startsWith("i") ? Trend.STAYS : Trend.APPEARED;
    }

    private static Set<Integer> some(Random random) {
        return random.ints(random.nextInt(60), 0, 100).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private ComparedReports reports(ObjectNode... reports) throws IOException {
        List<Path> files = new ArrayList<>();
        for (ObjectNode report : reports) {
            files.add(write(report));
        }
        return new ComparedReports(files);
    }

    private Path write(ObjectNode report) throws IOException {
        return Files.write(Files.createTempFile(folder, "report", ".json"), Json.MAPPER.writeValueAsBytes(report));
    }

    private void write(String name, ObjectNode report) throws IOException {
        Files.write(folder.resolve(name), Json.MAPPER.writeValueAsBytes(report));
    }

    private static ObjectNode report(Iterable<Integer> toDelete, Iterable<Integer> toReindex, String finished) {
        ObjectNode report = Json.MAPPER.createObjectNode();
        ids(report.putArray("entity_ids_to_delete"), toDelete);
        ids(report.putArray("entity_ids_to_reindex"), toReindex);
        Stream.of("n_missing", "n_not_deleted", "n_outdated", "n_strange").forEach(count -> report.put(count, 0));
        report.put("n_ok", 7);
        report.putObject("check").put("finished", finished).putNull("entity_types").putNull("changed_after")
                .putObject("neo4j").put("database_id", "graph");
        return report;
    }

    private static void ids(ArrayNode array, Iterable<Integer> ids) {
        ids.forEach(n -> array.add(id(n).toString()));
    }

    private static void diff(ObjectNode report, int n, String verdict, String type) {
        report.withObjectProperty("diffs").putObject(id(n).toString()).put("class", verdict).put("type", type);
    }

    /** Some of them are negative as Java's UUID sees it. */
    private static UUID id(int n) {
        return new UUID((long) n << 57, n);
    }
}
