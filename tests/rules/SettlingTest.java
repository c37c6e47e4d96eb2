package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.Settling.Decision;
import syncdata.rules.Settling.Looks;
import syncdata.rules.Settling.Reason;
import syncdata.run.TimeSpan;

/** When a difference is believed, without a database and without a clock. */
class SettlingTest {
    private static final UUID ID = new UUID(1, 1);
    private static final Optional<Verdict> GONE = Optional.of(Verdict.NOT_DELETED);

    /**
     * The check begins at second 1000, when transaction 100 is the next; the first look is at 1010, when 110 is the
     * next and 105 is open.
     * PostgreSQL's timestamp, the transaction that wrote the row (- where PostgreSQL held it at the first look and does
     * not now),
     * Neo4j's timestamp; then the second look and the oldest open transaction.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an old difference, nothing open             |  500 |  50 |  400 | 1011 | 110 | BELIEVE
            a transaction is still open                 |  500 |  50 |  400 | 1011 | 105 | TRANSACTION
            a later transaction is open                 |  500 |  50 |  400 | 1011 | 115 | BELIEVE
            changed just now in PostgreSQL              | 1005 |  50 |  400 | 1011 | 110 | CHANGE
            changed just now in Neo4j                   |  500 |  50 | 1005 | 1011 | 110 | CHANGE
            changed just now, and since aged            | 1005 |  50 |  400 | 1035 | 110 | BELIEVE
            not yet aged by a second                    | 1005 |  50 |  400 | 1034 | 110 | CHANGE
            aged, but a transaction is open             | 1005 |  50 |  400 | 1035 | 105 | TRANSACTION
            missing and old                             |  500 |  50 |      | 1011 | 110 | BELIEVE
            missing and new                             | 1005 |  50 |      | 1011 | 110 | CHANGE
            not deleted, seen so just now               |      |     |  400 | 1011 | 110 | DELETION
            not deleted, seen so for long enough        |      |     |  400 | 1040 | 110 | BELIEVE
            not deleted, seen so not quite long enough  |      |     |  400 | 1039 | 110 | DELETION
            not deleted, seen so later                  |      |   - |  400 | 1040 | 110 | DELETION
            not deleted, but a transaction is open      |      |     |  400 | 1040 | 105 | DELETION
            not deleted, and written to Neo4j just now  |      |     | 1035 | 1040 | 110 | DELETION
            not deleted, without a timestamp            |      |     |    ? | 1011 | 110 | DELETION
            a little in the future                      | 1020 |  50 |  400 | 1011 | 110 | CHANGE
            a little in the future, a while later       | 1045 |  50 |  400 | 1040 | 110 | BELIEVE
            far in the future                           | 9000 |  50 |  400 | 1011 | 110 | BELIEVE
            committed late, with an old timestamp       |  500 | 104 |  400 | 1011 | 110 | CHANGE
            committed late, and since aged              |  500 | 104 |  400 | 1040 | 110 | BELIEVE
            committed after the first look              |  500 | 105 |  400 | 1040 | 110 | CHANGE
            begun after the first look                  |  500 | 120 |  400 | 1040 | 125 | CHANGE
            frozen long ago                             |  500 |   2 |  400 | 1011 | 110 | BELIEVE
            the same in both, and new                   | 1005 | 120 | 1005 | 1011 | 105 | BELIEVE
            in neither                                  |      |     |      | 1011 | 105 | BELIEVE
            """)
    void decides(String what, Long source, String writtenBy, String graph, long second, long oldestOpen,
            String expected) {
        Settling settling = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));
        Snapshot began = new Snapshot(1_000_000_000, 100, 100, 100, Set.of());
        Snapshot first = new Snapshot(1_010_000_000, 105, 108, 110, Set.of(105L));
        Snapshot now = new Snapshot(second * 1_000_000, oldestOpen, 130, 130, Set.of(oldestOpen));
        Difference difference = difference(source, writtenBy, graph);
        Looks looks = new Looks(began, first, now,
                Optional.of(Verdict.NOT_DELETED).filter(gone -> source == null && !"-".equals(writtenBy)));
        assertEquals(expected, word(settling.decide(difference, looks, false)));
        assertEquals(expected.equals("BELIEVE") ? "BELIEVE" : "UNCONFIRMED",
                word(settling.decide(difference, looks, true)));
    }

    @Test
    @DisplayName(
            "What is to be looked at again says when: a deletion once it has been seen for long enough, whoever saw "
            + "it first")
    void saysWhenToLookAgain() {
        Settling settling = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));
        Snapshot first = new Snapshot(1_010_000_000, 110, 110, 110, Set.of());
        Snapshot second = new Snapshot(1_011_000_000, 111, 111, 111, Set.of());
        Difference gone = difference(null, null, "400");
        assertEquals(new Decision.LookAgain(Reason.DELETION, first, 1_040_000_000),
                settling.decide(gone, new Looks(first, first, second, GONE), false));
        assertEquals(new Decision.LookAgain(Reason.DELETION, second, 1_041_000_000),
                settling.decide(gone, new Looks(first, first, second, Optional.empty()), false));
        assertEquals(new Decision.LookAgain(Reason.CHANGE, second, 1_041_000_000),
                settling.decide(difference(500L, "110", "400"), new Looks(first, first, second, Optional.empty()),
                        false), "written between the looks");
        assertEquals(new Decision.LookAgain(Reason.CHANGE, first, 1_035_000_000),
                settling.decide(difference(1005L, "50", "400"), new Looks(first, first, second, Optional.empty()),
                        false));
    }

    @Test
    @DisplayName("Another content is as old as the look that first saw it, whatever the timestamps say")
    void anotherContentSettlesFromWhenItWasFirstSeen() {
        Settling settling = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));
        Snapshot first = new Snapshot(1_010_000_000, 110, 110, 110, Set.of());
        Difference old = difference(400L, "50", "400");
        Difference altered = new Difference(ID, Verdict.ALTERED, old.source(), old.graph());
        for (long second : List.of(1_011_000_000L, 1_040_000_000L)) {
            Snapshot now = new Snapshot(second, 111, 111, 111, Set.of());
            assertEquals(second < 1_040_000_000 ? "CONTENT" : "BELIEVE",
                    word(settling.decide(altered, new Looks(first, first, now, Optional.of(Verdict.ALTERED)), false)));
            assertEquals("CONTENT",
                    word(settling.decide(altered, new Looks(first, first, now, Optional.empty()), false)),
                    "seen otherwise at first");
        }
    }

    @Test
    @DisplayName("A standby's own time is that of what it has seen: before it saw the first look, nothing is believed")
    void aStandbyHasToSeeTheFirstLook() {
        Settling settling = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));
        Snapshot first = new Snapshot(1_010_000_000, 110, 110, 110, Set.of());
        Snapshot later = new Snapshot(1_100_000_000, 111, 111, 111, Set.of());
        Difference old = difference(500L, "50", "400");
        Looks paused = new Looks(first, first, later.ofStandby(1_009_000_000), Optional.empty());
        assertEquals("STANDBY", word(settling.decide(old, paused, false)));
        assertEquals("UNCONFIRMED", word(settling.decide(old, paused, true)));
        Looks seen = new Looks(first, first, later.ofStandby(1_011_000_000), Optional.empty());
        assertEquals("BELIEVE", word(settling.decide(old, seen, false)));
        Difference young = difference(500L, "50", "1050");
        assertEquals("CHANGE", word(settling.decide(young, seen, false)), "younger than what it has seen");
    }

    @Test
    @DisplayName("Without settling, only open transactions count")
    void withoutSettlingOnlyTransactionsCount() {
        Settling settling = new Settling(Duration.ZERO, Duration.ZERO);
        Snapshot first = new Snapshot(1_010_000_000, 105, 108, 110, Set.of(105L));
        Snapshot ended = new Snapshot(1_010_000_000, 110, 110, 110, Set.of());
        for (Difference young : List.of(difference(1010L, "120", "400"), difference(null, null, "1010"))) {
            assertEquals("BELIEVE",
                    word(settling.decide(young, new Looks(first, first, ended, Optional.empty()), true)));
            assertEquals("UNCONFIRMED", word(settling.decide(young, new Looks(first, first, first, GONE), true)));
        }
    }

    private static String word(Decision decision) {
        if (decision instanceof Decision.LookAgain again) {
            return again.reason().name();
        }
        return decision instanceof Decision.Believe ? "BELIEVE" : "UNCONFIRMED";
    }

    @Test
    @DisplayName("A snapshot tells which transactions had ended, in the second circle of numbers too")
    void aSnapshotTellsWhichTransactionsHadEnded() {
        long circle = 1L << 32;
        Snapshot snapshot = Snapshot.of(0, (5 * circle + 10) + ":" + (5 * circle + 20) + ":" + (5 * circle + 10) + ","
                + (5 * circle + 15), 25);
        assertTrue(snapshot.hadEnded(5 * circle + 9));
        assertFalse(snapshot.hadEnded(5 * circle + 10));
        assertTrue(snapshot.hadEnded(5 * circle + 12));
        assertFalse(snapshot.hadEnded(5 * circle + 15));
        assertFalse(snapshot.hadEnded(5 * circle + 20));
        assertTrue(snapshot.hadEnded(2 * circle), "long ago");
        assertTrue(snapshot.hadEnded(-5), "before the first of all");
        assertTrue(snapshot.allEndedSince(new Snapshot(0, 1, 5 * circle + 5, 5 * circle + 10, Set.of())));
        assertFalse(snapshot.allEndedSince(snapshot));
        assertEquals(5 * circle + 28, snapshot.next());
        assertFalse(Snapshot.of(0, "20:20:", 18).allEndedSince(Snapshot.of(0, "20:20:", 18)),
                "20 is running, and no later one has ended");
    }

    @ParameterizedTest
    @CsvSource({"30s,30000,30s", "5m,300000,5m", "2h,7200000,2h", "500ms,500,0.5s", "0.5s,500,0.5s", "90s,90000,90s",
            "1.5h,5400000,90m", "0s,0,0s"})
    @DisplayName("Lengths of time are written with a unit")
    void lengthsOfTimeAreWrittenWithAUnit(String written, long millis, String text) {
        assertEquals(Duration.ofMillis(millis), TimeSpan.parse(written));
        assertEquals(text, TimeSpan.text(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({"30", "s", "-1s", "1 s", "1d", "1e3s", "''", "9999999s"})
    @DisplayName("Other lengths of time are refused")
    void otherLengthsOfTimeAreRefused(String written) {
        assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(written));
    }

    private static Difference difference(Long source, String writtenBy, String graph) {
        Optional<SourceState> truth = Optional.ofNullable(source).map(seconds ->
                new SourceState(ID, seconds * 1_000_000, "ttp", false, false, Long.parseLong(writtenBy)));
        List<GraphState> copies = graph == null
                ? List.of() : List.of(new GraphState(ID, false, "ttp", timestamp(graph), Map.of(), null, null));
        return new Difference(ID, Verdict.of(truth, copies, Selection.ALL), truth, copies);
    }

    private static GraphTimestamp timestamp(String seconds) {
        return seconds.equals("?") ? GraphTimestamp.UNREADABLE
                : new GraphTimestamp(Long.parseLong(seconds) * 1_000_000, Precision.MICROSECONDS);
    }
}
