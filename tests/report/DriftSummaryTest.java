package syncdata.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.Difference;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.InputException;
import syncdata.run.Json;

/** What a report says of its differences as a whole. */
class DriftSummaryTest {
    private static final String NOW = "2024-06-01T00:00:00Z";

    private final DriftCollector collector = new DriftCollector();
    private long ids;

    @Test
    void countsByTypeAndClass() {
        add(outdated("indicator", NOW, "2024-05-31T00:00:00Z"));
        add(outdated("indicator", NOW, "2024-05-31T00:00:00Z"));
        add(missing("indicator", NOW));
        add(notDeleted("report", NOW, "old news"));
        add(missing(null, NOW));
        add(new Difference(id(), Verdict.OK, Optional.of(source("ttp", NOW)), List.of(copy("ttp", NOW, Map.of()))));
        add(new Difference(id(), Verdict.DANGLING, Optional.of(source("relation", NOW)), List.of()));

        assertEquals(Map.of("indicator", Map.of(Verdict.OUTDATED, 2L, Verdict.MISSING, 1L), "report",
                Map.of(Verdict.NOT_DELETED, 1L),
                "(no type)", Map.of(Verdict.MISSING, 1L)),
                summary().byType());
        assertEquals(5, summary().differences());
    }

    @Test
    @DisplayName("Types that only malformed data has are counted as one")
    void typesThatOnlyMalformedDataHasAreCountedAsOne() {
        for (int i = 0; i < 1000; i++) {
            add(missing("type " + i, NOW));
        }
        assertEquals(DriftCollector.MOST_TYPES + 1, summary().byType().size());
        assertEquals(Map.of(Verdict.MISSING, 1000L - DriftCollector.MOST_TYPES),
                summary().byType().get("(other types)"));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-06-01T00:00:00.000001Z, 2024-06-01T00:00:00Z,        0,         1",
        "2024-06-01T00:00:00.999999Z, 2024-06-01T00:00:00Z,        0,         1",
        "2024-06-01T00:00:01Z,        2024-06-01T00:00:00Z,        1,         10",
        "2024-06-01T01:00:00Z,        2024-06-01T00:00:00Z,        3600,      21600",
        "2024-06-02T00:00:00Z,        2024-06-01T00:00:00.000001Z, 21600,     86400",
        "2024-06-02T00:00:00Z,        2024-06-01T00:00:00Z,        86400,     604800",
        "2034-06-01T00:00:00Z,        2000-01-01T00:00:00Z,        315360000, ",
        "infinity,                    2024-06-01T00:00:00Z,        315360000, ",
        "2024-06-01T00:00:00Z,        -infinity,                   315360000, ",
        "-4712-01-01T00:00:00Z,       -infinity,                   315360000, "})
    @DisplayName("How far an entity is behind falls into one bin")
    void howFarBehindFallsIntoOneBin(String postgresql, String neo4j, long from, Long to) {
        add(outdated("indicator", postgresql, neo4j));
        assertEquals(List.of(new DriftSummary.Behind(from, to, 1)), summary().behind());
    }

    @Test
    @DisplayName("Missing entities of one night are counted minute by minute")
    void missingOnesOfOneNightStandMinuteByMinute() {
        add(missing("indicator", "2024-06-04T22:05:10Z"));
        add(missing("indicator", "2024-06-04T22:05:59.999999Z"));
        add(missing("indicator", "2024-06-04T22:06:00Z"));
        add(outdated("indicator", NOW, "2024-05-31T00:00:00Z"));
        assertEquals(new DriftSummary.Histogram(60, Map.of("2024-06-04T22:05:00Z", 2L, "2024-06-04T22:06:00Z", 1L),
                null), summary().missingLastChanged());
    }

    @Test
    @DisplayName("Missing ones of many years stand in longer bins, and none is lost")
    void missingOnesOfManyYearsStandInLongerBinsAndNoneIsLost() {
        long seed = 11;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            add(missing("indicator", Instant.parse("2005-01-01T00:00:00Z").plusSeconds(random.nextInt(600_000_000))
                    .toString()));
        }
        add(missing("indicator", "infinity"));
        DriftSummary.Histogram histogram = summary().missingLastChanged();
        assertTrue(histogram.bins().size() <= TimeBins.MOST_SHOWN + 1, "seed " + seed);
        assertEquals(28 * 86_400, histogram.secondsPerBin(), "seed " + seed);
        assertEquals(20_001, histogram.bins().values().stream().mapToLong(Long::longValue).sum(), "seed " + seed);
        assertEquals(1, histogram.bins().get("infinity"));
        assertEquals(histogram.bins().keySet().stream().sorted().toList(), new ArrayList<>(histogram.bins().keySet()));
    }

    @Test
    @DisplayName("A night in which most were changed is found among scattered ones")
    void aNightInWhichMostWereChangedIsFoundAmongScatteredOnes() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            long second = i % 10 == 0 ? random.nextInt(90_000_000) : 45_000_000 + random.nextInt(7_000);
            add(missing("indicator", Instant.parse("2022-12-31T22:00:00Z").plusSeconds(second).toString()));
        }
        DriftSummary.Most most = summary().missingLastChanged().most();
        assertTrue(most.n() >= 8_000 && most.n() <= 9_100, most.toString());
        Instant night = Instant.parse("2022-12-31T22:00:00Z").plusSeconds(45_000_000);
        assertTrue(!Instant.parse(most.from()).isBefore(night.minusSeconds(3_600))
                && !Instant.parse(most.to()).isAfter(night.plusSeconds(10_800)), most.toString());
        assertEquals(most.n(), most.bins().values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    @DisplayName("Every timestamp of PostgreSQL fits into the timeline")
    void everyTimestampOfPostgresqlFits() {
        for (long micros =
                -210_866_803_200_000_000L; micros < 9_200_000_000_000_000_000L; micros += 9_400_000_000_000_000L) {
            collector.add(new Difference(id(), Verdict.MISSING,
                    Optional.of(new SourceState(id(), micros, "ttp", false, false, 0)), List.of()));
        }
        DriftSummary.Histogram histogram = summary().missingLastChanged();
        assertTrue(histogram.bins().size() <= TimeBins.MOST_SHOWN);
        assertEquals(summary().differences(), histogram.bins().values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    @DisplayName("The oldest of each class are kept, the oldest of all first")
    void theOldestOfEachClassAreKeptTheOldestOfAllFirst() {
        Instant time = Instant.parse(NOW);
        List<Integer> order = new ArrayList<>(Stream.iterate(0, i -> i + 1).limit(1000).toList());
        Collections.shuffle(order, new Random(3));
        order.forEach(i -> add(missing("indicator", time.plusSeconds(i).toString())));
        add(notDeleted("report", "2025-01-01T00:00:00Z", "the only one of its class"));
        add(notDeleted("report", null, "nobody knows when"));

        List<DriftSummary.Entity> oldest = summary().oldest();
        assertEquals(DriftCollector.OLDEST_OF_CLASS + 2, oldest.size());
        assertEquals("2024-06-01T00:00:00.000000Z", oldest.get(0).lastUpdatedAt().postgresql());
        assertEquals("2024-06-01T00:04:09.000000Z", oldest.get(249).lastUpdatedAt().postgresql());
        assertEquals("the only one of its class", oldest.get(250).title());
        assertEquals("nobody knows when", oldest.get(251).title());
    }

    @Test
    @DisplayName("An entity goes by the title that PostgreSQL has, and one that it does not have by that of the graph")
    void anEntityGoesByTheTitleThatPostgresqlHasAndOneThatItDoesNotHaveByThatOfTheGraph() {
        Difference missing = missing("indicator", NOW);
        add(missing);
        add(notDeleted("report", NOW, "a".repeat(1000)));
        DriftSummary summary = collector.summary(ids -> {
            assertEquals(List.of(missing.id()), List.copyOf(ids));
            return Map.of(missing.id(), "from PostgreSQL");
        });
        assertEquals(List.of("from PostgreSQL", "a".repeat(199) + "…"),
                summary.oldest().stream().map(DriftSummary.Entity::title).toList());
    }

    @Test
    @DisplayName("Of several copies the latest timestamp that can be read is shown")
    void ofSeveralCopiesTheLatestTimestampThatCanBeReadIsShown() {
        add(new Difference(id(), Verdict.STRANGE, Optional.of(source("ttp", NOW)), List.of(
                new GraphState(id(), false, "ttp", GraphTimestamp.UNREADABLE, Map.of(), null, null),
                copy("ttp", "2020-01-01T00:00:00Z", Map.of()),
                copy("ttp", "2021-01-01T00:00:00Z", Map.of()))));
        DriftSummary.Entity entity = summary().oldest().get(0);
        assertEquals(new DriftSummary.Sides("2024-06-01T00:00:00.000000Z", "2021-01-01T00:00:00.000000Z"),
                entity.lastUpdatedAt());
        assertEquals(3, entity.nInNeo4j());
    }

    @Test
    @DisplayName("A summary is read from a report as it was written")
    void isReadFromAReportAsItWasWritten() {
        add(outdated("indicator", "infinity", "2024-05-31T00:00:00Z"));
        add(missing("relation", NOW));
        add(notDeleted(null, null, null));
        JsonNode check = Json.MAPPER.valueToTree(Map.of("summary", summary()));
        assertEquals(Optional.of(summary()), new Provenance((ObjectNode) check).summary());
        assertEquals("[\"class\",\"id\",\"last_updated_at\",\"n_in_neo4j\",\"title\",\"type\"]",
                Json.MAPPER.valueToTree(Stream.of(check.at("/summary/oldest/0"))
                        .flatMap(node -> node.properties().stream()).map(Map.Entry::getKey).sorted().toList())
                        .toString());
    }

    @Test
    @DisplayName("A report may have no summary, and one that is something else is refused")
    void aReportMayHaveNoneAndOneThatIsSomethingElseIsRefused() throws Exception {
        assertEquals(Optional.empty(), summary("{}"));
        assertEquals(Optional.empty(), summary("{\"summary\":null}"));
        assertEquals(0, summary("{\"summary\":{}}").orElseThrow().differences());
        assertThrows(InputException.class, () -> summary("{\"summary\":[1]}"));
    }

    private static Optional<DriftSummary> summary(String check) throws JsonProcessingException {
        return new Provenance((ObjectNode) Json.MAPPER.readTree(check)).summary();
    }

    private void add(Difference difference) {
        collector.add(difference);
    }

    private DriftSummary summary() {
        return collector.summary(titled -> Map.of());
    }

    private Difference outdated(String type, String postgresql, String neo4j) {
        return new Difference(id(), Verdict.OUTDATED, Optional.of(source(type, postgresql)),
                List.of(copy(type, neo4j, Map.of())));
    }

    private Difference missing(String type, String postgresql) {
        return new Difference(id(), Verdict.MISSING, Optional.of(source(type, postgresql)), List.of());
    }

    private Difference notDeleted(String type, String neo4j, String title) {
        return new Difference(id(), Verdict.NOT_DELETED, Optional.empty(),
                List.of(copy(type, neo4j, title == null ? Map.of() : Map.of("title", title))));
    }

    private UUID id() {
        return new UUID(0, ++ids);
    }

    private SourceState source(String type, String lastUpdatedAt) {
        return new SourceState(id(), micros(lastUpdatedAt, Long.MAX_VALUE, Long.MIN_VALUE), type,
                "relation".equals(type), false, 0);
    }

    private GraphState copy(String type, String lastUpdatedAt, Map<String, Object> properties) {
        GraphTimestamp timestamp = lastUpdatedAt == null ? GraphTimestamp.UNREADABLE
                : new GraphTimestamp(micros(lastUpdatedAt, Long.MAX_VALUE - 1, Long.MIN_VALUE + 1),
                        GraphTimestamp.Precision.MICROSECONDS);
        return new GraphState(id(), "relation".equals(type), type, timestamp, properties, null, null);
    }

    private static long micros(String time, long infinity, long minusInfinity) {
        return switch (time) {
            case "infinity" -> infinity;
            case "-infinity" -> minusInfinity;
            default -> GraphTimestamp.micros(Instant.parse(time));
        };
    }
}
