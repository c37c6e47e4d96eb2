package syncdata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
    @ParameterizedTest(name = "{0} ns took {1}")
    @CsvSource({"0, 0m", "259620, 4.327e-06m", "6000000, 0.0001m", "5999000, 9.998e-05m", "1000000000, 0.01667m", "60000000000, 1m",
            "90000000000, 1.5m", "740736000000, 12.35m", "599994000000000, 1e+04m", "7200000000000, 120m"})
    void tookIsMinutesInFourSignificantDigits(long nanoseconds, String expected) {
        assertEquals(expected, Events.took(Duration.ofNanos(nanoseconds)));
    }

    @Test
    void anEventIsOneLineWithItsKeysInAlphabeticalOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Events(new PrintStream(out, true, StandardCharsets.US_ASCII)).warning(Events.Logger.CHECK, "two\nlines, « quoted »", Map.of("z", 1, "a", "x"));
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(line.matches("\\{\"a\":\"x\",\"event\":\"two\\\\nlines, « quoted »\",\"level\":\"warning\",\"logger\":\"eiq.platform.scripts.sync_data_commons\","
                + "\"timestamp\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\",\"z\":1}\\R"), line);
    }
}
