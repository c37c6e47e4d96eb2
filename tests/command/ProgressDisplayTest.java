package syncdata.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.run.Words;

class ProgressDisplayTest {
    private static final Map<Verdict, Long> NONE = Map.of();
    private static final Map<Verdict, Long> ALL = new EnumMap<>(Map.of(
            Verdict.OUTDATED, 3L, Verdict.STRANGE, 1L, Verdict.MISSING, 1234L, Verdict.NOT_DELETED, 4L));

    @ParameterizedTest(name = "{0} columns: {1}")
    @CsvSource(delimiter = '|', value = {
        "120|Checking 44%, 440k of 1.0M, 88k/s, 6s left, waiting for confirmation; 3 outdated, 1 strange, 1.2k "
                + "missing, 4 not deleted",
        "117|Checking 44% of 1.0M, 88k/s, 6s left, waiting for confirmation; 3 outdated, 1 strange, 1.2k missing, 4 "
        + "not deleted",
        "107|Checking 44% of 1.0M, 6s left, waiting for confirmation; 3 outdated, 1 strange, 1.2k missing, 4 not "
        + "deleted",
        "79|Checking 44%, 88k/s, 6s left, waiting for confirmation; 1.2k differ",
        "60|Checking 44%, 6s left, waiting for confirmation; 1.2k differ",
        "40|Checking 44%; 1.2k differ",
        "10|Checking 4",
        "0|''"})
    @DisplayName("What matters least is left out where there is no room")
    void whatMattersLeastIsLeftOutWhereThereIsNoRoom(int columns, String expected) {
        assertEquals(expected, ProgressDisplay.text(status(ALL, Optional.of("confirmation")), columns));
    }

    @Test
    @DisplayName("Every class is shown on a terminal of usual width")
    void everyClassIsShownOnAnUsualTerminal() {
        assertEquals("Checking 44%, 6s left; 3 outdated, 1 strange, 1.2k missing, 4 not deleted",
                ProgressDisplay.text(status(ALL, Optional.empty()), 79));
    }

    @Test
    @DisplayName("A bar fills the room that is left")
    void aBarFillsTheRoomThatIsLeft() {
        assertEquals("Checking 44%, 440k of 1.0M, 88k/s, 6s left [=============                 ]",
                ProgressDisplay.text(status(NONE, Optional.empty()), 79));
        assertEquals("Checking 44%, 440k of 1.0M, 88k/s, 6s left",
                ProgressDisplay.text(status(NONE, Optional.empty()), 50));
    }

    @Test
    @DisplayName("Without an estimate, no percentage is shown")
    void withoutAnEstimateNoShareIsInvented() {
        assertEquals("Checking 440k, 88k/s",
                ProgressDisplay.text(new Progress.Status(Progress.Phase.CHECK, 440_000, OptionalLong.empty(), 88_000,
                        OptionalLong.empty(), NONE, Optional.empty()), 79));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, 1.0k", "9949, 9.9k", "9950, 10k", "999499, 999k", "999500, 1.0M",
            "1234567890, 1.2G"})
    void countsAreShort(long count, String expected) {
        assertEquals(expected, Words.compact(count));
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m 00s", "3599, 59m 59s", "3600, 1h 00m", "90000, 25h 00m"})
    void timesAreShort(long seconds, String expected) {
        assertEquals(expected, Words.time(seconds));
    }

    @Test
    @DisplayName("The line makes room for what stays and follows the width of the terminal")
    void theLineMakesRoomForWhatStaysAndFollowsTheWidthOfTheTerminal() throws InterruptedException {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        AtomicInteger columns = new AtomicInteger(81);
        Terminal terminal = new Terminal(out, columns::get);
        try (Events events = Events.open(out, Events.Format.PLAIN, false, Optional.of(terminal),
                told -> ProgressDisplay.line(told.progress(), terminal))) {
            events.progress().begin(Progress.Phase.CHECK, 1000);
            events.progress().reached(500);
            await(screen, "Checking 50%, 500 of 1.0k");
            events.info(Events.Logger.CHECK, "Something to stay", Map.of());
            await(screen, "\r\u001b[K");
            columns.set(13);
            await(screen, "lChecking 50%\u001b[K");
        }
        List<String> kept = screen.toString(StandardCharsets.UTF_8).lines()
                .map(line -> line.replaceAll("^.*\u001b\\[(K|\\?7h)", "")).toList();
        assertTrue(kept.stream().anyMatch(line -> line.matches("\\d\\d:\\d\\d:\\d\\d Something to stay")),
                kept.toString());
        assertTrue(screen.toString(StandardCharsets.UTF_8).endsWith("\r\u001b[K"), "the line is taken away at the end");
    }

    @Test
    @DisplayName("Without a terminal an event says now and then how far the run is")
    void withoutATerminalAnEventSaysNowAndThenHowFarTheRunIs() throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Events events = Events.open(new PrintStream(said, true, StandardCharsets.UTF_8), Events.Format.JSON, false,
                Optional.empty(),
                told -> ProgressDisplay.events(told.progress(), told, Duration.ofMillis(50)))) {
            Thread.sleep(200);
            assertEquals("", said.toString(StandardCharsets.UTF_8), "nothing to say between phases");
            events.progress().begin(Progress.Phase.CHECK, 1000);
            events.progress().reached(500);
            events.progress().found(Map.of(Verdict.MISSING, 2L));
            try (Progress.Wait wait = events.progress().waitingFor("the governor")) {
                await(said, "waiting_for");
            }
        }
        String event = said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("waiting_for"))
                .findFirst().orElseThrow();
        assertTrue(
                event.matches(
                        "\\{\"entities_per_second\":\\d+,\"event\":\"Progress\",\"level\":\"info\","
                                + "\"logger\":\"eiq.platform.scripts.sync_data_commons\","
                + "\"n_entities\":500,\"n_entities_estimated\":1000,\"n_missing\":2,\"n_not_deleted\":0,"
                + "\"n_outdated\":0,\"n_strange\":0,"
                + "\"phase\":\"check\",\"seconds_left\":\\d+,\"timestamp\":\"[^\"]+\",\"waiting_for\":\"the "
                + "governor\"}"), event);
    }

    private static void await(ByteArrayOutputStream said, String text) throws InterruptedException {
        for (int i = 0; i < 1000 && !said.toString(StandardCharsets.UTF_8).contains(text); i++) {
            Thread.sleep(10);
        }
        assertTrue(said.toString(StandardCharsets.UTF_8).contains(text), () -> said.toString(StandardCharsets.UTF_8));
    }

    private static Progress.Status status(Map<Verdict, Long> found, Optional<String> waitingFor) {
        return new Progress.Status(Progress.Phase.CHECK, 440_000, OptionalLong.of(1_000_000), 88_000,
                OptionalLong.of(6), found, waitingFor);
    }
}
