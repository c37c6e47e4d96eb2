package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
    @ParameterizedTest(name = "{0} ns took {1}")
    @CsvSource({"0, 0m", "259620, 4.327e-06m", "6000000, 0.0001m", "5999000, 9.998e-05m", "1000000000, 0.01667m",
            "60000000000, 1m",
            "90000000000, 1.5m", "740736000000, 12.35m", "599994000000000, 1e+04m", "7200000000000, 120m"})
    @DisplayName("took is in minutes, with four significant digits")
    void tookIsMinutesInFourSignificantDigits(long nanoseconds, String expected) {
        assertEquals(expected, Events.took(Duration.ofNanos(nanoseconds)));
    }

    @Test
    @DisplayName("An event is one line with its keys in alphabetical order")
    void anEventIsOneLineWithItsKeysInAlphabeticalOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Events(new PrintStream(out, true, StandardCharsets.US_ASCII))
                .warning(Events.Logger.CHECK, "two\nlines, « quoted »", Map.of("z", 1, "a", "x"));
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                line.matches(
                        "\\{\"a\":\"x\",\"event\":\"two\\\\nlines, « quoted "
                        + "»\",\"level\":\"warning\",\"logger\":\"eiq.platform.scripts.sync_data_commons\","
                + "\"timestamp\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\",\"z\":1}\\R"), line);
    }

    @Test
    @DisplayName("A plain event is one short line that a terminal cannot mistake")
    void aPlainEventIsOneShortLineThatATerminalCannotMistake() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Events events = Events.open(new PrintStream(out, true, StandardCharsets.UTF_8), Events.Format.PLAIN, false,
                Optional.empty(), unseen -> () -> { })) {
            events.info(Events.Logger.CHECK, "Data check finished", Map.of("n_ok", 7, "n_missing", 2));
            events.warning(Events.Logger.CHECK, "Look",
                    Map.of("statement", "CREATE INDEX \u001b[2J\u009b2J", "file", "/tmp/a.json", "list", List.of("a")));
            events.error(Events.Logger.CHECK, "name\u202e", Map.of("\u009b", "\u202ea"));
        }
        String expected =
                "TIME Data check finished n_missing=2 n_ok=7\nTIME warning: Look file=/tmp/a.json list=[\"a\"] "
                + "statement=\"CREATE INDEX \\u001B[2J\\u009b2J\"\n"
                + "TIME error: name\\u202e \\u009b=\"\\u202ea\"\n";
        assertEquals(expected, out.toString(StandardCharsets.UTF_8).replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d", "TIME"));
    }

    @Test
    @DisplayName("JSON events hold C1 controls and bidirectional overrides as escapes, and other text as it is")
    void jsonEventsAreHarmlessToo() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String hostile = "a\u0000\u001b[2J\u007f\u009b2J\u202e\u2066é😀";
        new Events(new PrintStream(out, true, StandardCharsets.UTF_8))
                .info(Events.Logger.CHECK, "x", Map.of("title", hostile));
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(line.strip().codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT), line);
        assertTrue(line.contains("é😀"), line);
        assertEquals(hostile, Json.MAPPER.readTree(line).get("title").asText());
    }

    @Test
    @DisplayName("what is told on a terminal has its control characters visible")
    void whatIsToldIsVisible() {
        List<String> shown = new ArrayList<>();
        Events.Screen screen = new Events.Screen() {
            @Override
            public void print(Runnable printing) {
                printing.run();
            }

            @Override
            public void println(String line) {
                shown.add(line);
            }
        };
        try (Events events = Events.open(new PrintStream(OutputStream.nullOutputStream()), Events.Format.PLAIN, true,
                Optional.of(screen), unseen -> () -> { })) {
            events.tell(List.of("Report   a\u001b[2J.json"));
        }
        assertEquals(List.of("Report   a\\u001b[2J.json"), shown);
    }

    @Test
    @DisplayName("With --quiet, only warnings and errors are said")
    void quietLeavesWarningsAndErrors() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Events events = Events.open(new PrintStream(out, true, StandardCharsets.UTF_8), Events.Format.PLAIN, true,
                Optional.empty(), unseen -> () -> { })) {
            events.progress().begin(Progress.Phase.CHECK, 10);
            events.info(Events.Logger.CHECK, "an information", Map.of());
            events.warning(Events.Logger.CHECK, "a warning", Map.of());
            events.error(Events.Logger.CHECK, "an error", Map.of());
        }
        assertEquals(List.of("warning: a warning", "error: an error"),
                out.toString(StandardCharsets.UTF_8).lines().map(line -> line.substring(9)).toList());
    }
}
