package syncdata.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.check.Check;
import syncdata.fixture.Heard;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.store.Databases;

/** When a check speaks of a systematic offset. */
class SystematicOffsetTest {
    private static final Instant BEGINNING = Instant.parse("2024-02-01T12:34:56.123456Z");

    // how many differ by the first offset, how many by the second, how many by no whole quarter of an hour; what is
    // found
    @ParameterizedTest(name = "{0} by {1}, {2} by {3}, {4} by chance: {5}")
    @CsvSource({
        "97, 7200,     0, 0,       3, PT2H 0.97 of 100",
        "97, -7200,    0, 0,       3, PT-2H 0.97 of 100",
        "20, 20700,    0, 0,       0, PT5H45M 1.0 of 20",
        "20, 50400,    0, 0,       0, PT14H 1.0 of 20",
        "80, 900,      0, 0,      20, PT15M 0.8 of 100",
        "50, 7200,    40, 3600,   10, PT2H or PT1H 0.9 of 100",
        "50, -3600,   40, -7200,  10, PT-1H or PT-2H 0.9 of 100",
        // too few, too many others, no whole quarter, further than any zone, summer time that is none
        "19, 7200,     0, 0,       0, nothing",
        "79, 7200,     0, 0,      21, nothing",
        "99, 7201,     0, 0,       1, nothing",
        "99, 86400,    0, 0,       1, nothing",
        "50, 7200,    40, 10000,  10, nothing",
        "50, 7200,    40, 21600,  10, nothing",
        "75, 7200,     9, 3600,   16, nothing",
        "50, 3600,    40, -3600,  10, nothing",
        "0, 0,         0, 0,       0, nothing"})
    @DisplayName("An offset that most timestamps share is found")
    void speaksOfAnOffsetThatMostShare(int first, long offset, int second, long other, int byChance, String expected) {
        SystematicOffset offsets = new SystematicOffset();
        Random random = new Random(1);
        add(offsets, first, offset);
        add(offsets, second, other);
        for (int i = 0; i < byChance; i++) {
            add(offsets, 1, 1 + random.nextInt(890));
        }
        assertEquals(expected, offsets.shared()
                .map(shared -> shared.offset() + shared.second().map(hour -> " or " + hour).orElse("")
                + " " + shared.share() + " of " + shared.n()).orElse("nothing"));
    }

    @Test
    @DisplayName("Every encoding is read at its precision, and what cannot be read tells nothing")
    void everyEncodingIsReadAtItsPrecisionAndWhatCannotBeReadTellsNothing() {
        SystematicOffset offsets = new SystematicOffset();
        for (int i = 0; i < 30; i++) {
            Instant held = BEGINNING.plusSeconds(i).minusSeconds(7200);
            long source = GraphTimestamp.micros(BEGINNING.plusSeconds(i));
            offsets.add(source, GraphTimestamp.of(held.toEpochMilli()));
            offsets.add(source, GraphTimestamp.of(held.truncatedTo(ChronoUnit.MILLIS).toString()));
            offsets.add(source, GraphTimestamp.of(LocalDateTime.ofInstant(held, ZoneOffset.UTC)));
            offsets.add(source, GraphTimestamp.of("nonsense"));
        }
        offsets.add(Long.MAX_VALUE, GraphTimestamp.of(BEGINNING.toString()));
        offsets.add(Long.MIN_VALUE, GraphTimestamp.of(BEGINNING.toString()));
        SharedOffset shared = offsets.shared().orElseThrow();
        assertEquals("{offset=PT2H, share=0.978, n=92}", shared.json().toString());
        assertEquals(
                "97 % of the 92 timestamps that differ are exactly 2 hours behind in Neo4j: that is a mistake with a "
                + "time "
                + "zone, not drift", shared.words());
    }

    @Test
    @DisplayName("Local time taken for UTC is one mistake in summer and winter")
    void localTimeTakenForUtcIsOneMistakeInSummerAndWinter() {
        SystematicOffset offsets = new SystematicOffset();
        for (int i = 0; i < 365; i++) {
            Instant time = BEGINNING.plus(i, ChronoUnit.DAYS);
            offsets.add(GraphTimestamp.micros(time),
                    GraphTimestamp.of(LocalDateTime.ofInstant(time, ZoneId.of("Europe/Berlin"))));
        }
        assertEquals(
                "100 % of the 365 timestamps that differ are exactly 2 hours or 1 hour ahead in Neo4j: that is a "
                + "mistake "
                + "with a time zone that has summer time, not drift",
                offsets.shared().orElseThrow().words());
    }

    @Test
    @DisplayName("A check says an offset once, and puts it into the report")
    void aCheckSaysItOnceAndPutsItIntoTheReport() {
        TestDatabases test = TestDatabases.empty();
        for (int i = 0; i < 30; i++) {
            test.entity(new UUID(1, i), "{\"type\":\"ttp\"}", "2024-06-01Z");
            test.cypher("CREATE (:Entity {id: $id, type: 'ttp', last_updated_at: datetime('2024-05-31T22:00:00Z')})",
                    Map.of("id", new UUID(1, i).toString()));
        }
        Heard said = new Heard();
        try (Databases databases = test.open()) {
            Events events = said.events();
            try (Report report = new Check(databases, events, Selection.ALL, 10, false).settling(WholeJob.AT_ONCE)
                    .run()) {
                assertEquals("{\"offset\":\"PT2H\",\"share\":1.0,\"n\":30}",
                        report.provenance().fields().get("systematic_offset").toString());
            }
        }
        String line = said.text().lines()
                .filter(event -> event.contains("A systematic offset")).findFirst().orElse("");
        assertTrue(line.contains("\"level\":\"warning\"")
                && line.contains(
                        "\"finding\":\"100 % of the 30 timestamps that differ are exactly 2 hours behind in Neo4j"),
                        line);
    }

    private static void add(SystematicOffset offsets, int times, long seconds) {
        for (int i = 0; i < times; i++) {
            Instant source = BEGINNING.plusSeconds(i * 61L);
            offsets.add(GraphTimestamp.micros(source),
                    GraphTimestamp.of(source.minusSeconds(seconds).atZone(ZoneOffset.UTC)));
        }
    }
}
