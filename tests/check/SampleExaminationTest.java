package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The doctor's sample")
class SampleExaminationTest {
    private static final Instant INSTANT = Instant.parse("2024-06-01T00:00:00Z");

    static Stream<Arguments> encodings() {
        return Stream.of(
                Arguments.of(INSTANT.atZone(ZoneId.of("UTC")), "DateTime in UTC"),
                Arguments.of(INSTANT.atZone(ZoneId.of("Europe/Berlin")), "DateTime at Europe/Berlin"),
                Arguments.of(LocalDateTime.of(2024, 6, 1, 0, 0), "LocalDateTime"),
                Arguments.of("2024-06-01T02:00:00+02:00", "text with a zone"),
                Arguments.of("2024-06-01T00:00:00Z", "text with a zone"),
                Arguments.of("2024-06-01T02:00:00", "text without a zone"),
                Arguments.of(1_717_200_000_000L, "integers of milliseconds"),
                Arguments.of("yesterday", "unreadable"),
                Arguments.of(1.5, "unreadable"));
    }

    @DisplayName("says how a timestamp is held")
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("encodings")
    void encoding(Object held, String name) {
        assertEquals(name, SampleExamination.encoding(held));
    }
}
