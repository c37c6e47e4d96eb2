package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.Settling.Decision;
import syncdata.run.TimeSpan;

/** When a difference is believed, without a database and without a clock. */
class SettlingTest {
    private static final UUID ID = new UUID(1, 1);

    /**
     * The check begins at second 1000, when transaction 100 is the next; the first look is at 1010, when 110 is the next and 105 is open.
     * PostgreSQL's timestamp, the transaction that wrote the row, Neo4j's timestamp; then the second look and the oldest open transaction.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an old difference, nothing open             |  500 |  50 |  400 | 1011 | 110 | FINAL
            a transaction is still open                 |  500 |  50 |  400 | 1011 | 105 | LOOK_AGAIN
            a later transaction is open                 |  500 |  50 |  400 | 1011 | 115 | FINAL
            changed just now in PostgreSQL              | 1005 |  50 |  400 | 1011 | 110 | LOOK_AGAIN
            changed just now in Neo4j                   |  500 |  50 | 1005 | 1011 | 110 | LOOK_AGAIN
            changed just now, and since aged            | 1005 |  50 |  400 | 1035 | 110 | FINAL
            not yet aged by a second                    | 1005 |  50 |  400 | 1034 | 110 | LOOK_AGAIN
            aged, but a transaction is open             | 1005 |  50 |  400 | 1035 | 105 | LOOK_AGAIN
            missing and old                             |  500 |  50 |      | 1011 | 110 | FINAL
            missing and new                             | 1005 |  50 |      | 1011 | 110 | LOOK_AGAIN
            not deleted and old                         |      |     |  400 | 1011 | 110 | FINAL
            not deleted and new                         |      |     | 1005 | 1011 | 110 | LOOK_AGAIN
            a little in the future                      | 1020 |  50 |  400 | 1011 | 110 | LOOK_AGAIN
            a little in the future, a while later       | 1045 |  50 |  400 | 1040 | 110 | FINAL
            far in the future                           | 9000 |  50 |  400 | 1011 | 110 | FINAL
            committed late, with an old timestamp       |  500 | 104 |  400 | 1011 | 110 | LOOK_AGAIN
            committed late, and since aged              |  500 | 104 |  400 | 1040 | 110 | FINAL
            committed after the first look              |  500 | 105 |  400 | 1040 | 110 | LOOK_AGAIN
            begun after the first look                  |  500 | 120 |  400 | 1040 | 125 | LOOK_AGAIN
            frozen long ago                             |  500 |   2 |  400 | 1011 | 110 | FINAL
            the same in both, and new                   | 1005 | 120 | 1005 | 1011 | 105 | FINAL
            in neither                                  |      |     |      | 1011 | 105 | FINAL
            """)
    void decides(String what, Long source, Long writtenBy, Long graph, long second, long oldestOpen, Decision expected) {
        Settling settling = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));
        Moment began = new Moment(1_000_000_000, 100, 100, 100, Set.of());
        Moment first = new Moment(1_010_000_000, 105, 108, 110, Set.of(105L));
        Moment now = new Moment(second * 1_000_000, oldestOpen, 130, 130, Set.of(oldestOpen));
        Difference difference = difference(source, writtenBy, graph);
        assertEquals(expected, settling.decide(difference, began, first, now, false));
        assertEquals(expected == Decision.LOOK_AGAIN ? Decision.UNCONFIRMED : expected, settling.decide(difference, began, first, now, true));
    }

    @Test
    void withoutSettlingOnlyTransactionsCount() {
        Settling settling = new Settling(Duration.ZERO, Duration.ZERO);
        Moment first = new Moment(1_010_000_000, 105, 108, 110, Set.of(105L));
        Difference young = difference(1010L, 120L, 400L);
        assertEquals(Decision.FINAL, settling.decide(young, first, first, new Moment(1_010_000_000, 110, 110, 110, Set.of()), true));
        assertEquals(Decision.UNCONFIRMED, settling.decide(young, first, first, first, true));
    }

    @Test
    void aTransactionIsKnownByTheBitsThatARowKeepsOfIt() {
        long circle = 1L << 32;
        Moment moment = Moment.of(0, (5 * circle + 10) + ":" + (5 * circle + 20) + ":" + (5 * circle + 10) + "," + (5 * circle + 15), 25);
        assertTrue(moment.hadEnded(9));
        assertFalse(moment.hadEnded(10));
        assertTrue(moment.hadEnded(12));
        assertFalse(moment.hadEnded(15));
        assertFalse(moment.hadEnded(20));
        assertTrue(moment.hadEnded(circle - 5), "of the circle before");
        assertFalse(Moment.of(0, (circle - 5) + ":" + (circle - 5) + ":", -6).hadEnded(7), "of the next circle");
        assertTrue(moment.allEndedSince(new Moment(0, 1, 5 * circle + 5, 5 * circle + 10, Set.of())));
        assertFalse(moment.allEndedSince(moment));
        assertEquals(5 * circle + 28, moment.next());
        assertFalse(Moment.of(0, "20:20:", 18).allEndedSince(Moment.of(0, "20:20:", 18)), "20 is running, and no later one has ended");
    }

    @ParameterizedTest
    @CsvSource({"30s,30000,30s", "5m,300000,5m", "2h,7200000,2h", "500ms,500,0.5s", "0.5s,500,0.5s", "90s,90000,90s", "1.5h,5400000,90m", "0s,0,0s"})
    void lengthsOfTimeAreWrittenWithAUnit(String written, long millis, String text) {
        assertEquals(Duration.ofMillis(millis), TimeSpan.parse(written));
        assertEquals(text, TimeSpan.text(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({"30", "s", "-1s", "1 s", "1d", "1e3s", "''", "9999999s"})
    void otherLengthsOfTimeAreRefused(String written) {
        assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(written));
    }

    private static Difference difference(Long source, Long writtenBy, Long graph) {
        SourceState truth = source == null ? null : new SourceState(ID, source * 1_000_000, "ttp", false, false, writtenBy);
        List<GraphState> copies = graph == null ? List.of()
                : List.of(new GraphState(ID, false, "ttp", new GraphTimestamp(graph * 1_000_000, Precision.MICROSECONDS), Map.of(), null, null));
        return new Difference(ID, Verdict.of(truth, copies, Selection.ALL), truth, copies);
    }
}
