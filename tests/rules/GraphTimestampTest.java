package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTimestampTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            2024-05-31T22:00:00Z,                       2024-05-31T22:00:00Z
            2024-05-31T22:00:00.123456Z,                2024-05-31T22:00:00.123456Z
            '2024-05-31T22:00:00,123456Z',              2024-05-31T22:00:00.123456Z
            2024-05-31t22:00:00z,                       2024-05-31T22:00:00Z
            2024-05-31 22:00:00,                        2024-05-31T22:00:00Z
            2024-05-31T22:00,                           2024-05-31T22:00:00Z
            2024-05-31T22:00:00+02:00,                  2024-05-31T20:00:00Z
            2024-05-31T22:00:00+0200,                   2024-05-31T20:00:00Z
            2024-05-31T22:00:00-02,                     2024-06-01T00:00:00Z
            2024-05-31T22:00:00+02:00[Europe/Berlin],   2024-05-31T20:00:00Z
            2024-05-31,                                 2024-05-31T00:00:00Z
            """)
    void readsIsoDatesAndTimes(String text, Instant expected) {
        assertEquals(Optional.of(expected), GraphTimestamp.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"yesterday", "31.05.2024", "2024-13-01", "2024-02-30", "''", "2024-05-31T25:00:00Z", "1717192800000"})
    void readsNothingElse(String text) {
        assertEquals(Optional.empty(), GraphTimestamp.parse(text));
    }

    @Test
    @DisplayName("A date is no timestamp in the graph")
    void aDateIsNoTimestampInTheGraph() {
        assertEquals(GraphTimestamp.UNREADABLE, GraphTimestamp.of(LocalDate.of(2024, 5, 31)));
        assertEquals(GraphTimestamp.UNREADABLE, GraphTimestamp.of("2024-05-31"));
        assertEquals(GraphTimestamp.UNREADABLE, GraphTimestamp.of(1.5));
        assertEquals(GraphTimestamp.UNREADABLE, GraphTimestamp.of(null));
    }
}
