package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.run.Events;
import syncdata.run.Stop;

@DisplayName("The pace of a run")
class PaceTest {
    private final Stop stop = new Stop();

    @Test
    @DisplayName("holds a rate from the second batch on")
    void holdsTheRate() {
        Pace pace = pace(40);
        long started = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertTrue(pace.beforeBatch(20));
        }
        assertTrue(System.nanoTime() - started >= 2_000_000_000L, "100 entities begun in less than 2 s");
    }

    @Test
    @DisplayName("ends a wait for its turn when the run is to stop")
    void stops() {
        Pace pace = pace(1);
        assertTrue(pace.beforeBatch(1000));
        stop.request(Stop.Reason.INTERRUPTED);
        assertFalse(pace.beforeBatch(1000));
    }

    @ParameterizedTest(name = "--rate {0} --batch-size {1}: {2}")
    @CsvSource({"0,1000,1000", "10,1000,10", "10,5,5", "5000,1000,1000", "1,1000,1"})
    @DisplayName("has batches of what the rate lets pass in a second")
    void batches(int rate, int wanted, int expected) {
        assertEquals(expected, pace(rate).batchSize(wanted));
    }

    private Pace pace(int rate) {
        Events events = new Events(new PrintStream(OutputStream.nullOutputStream()));
        return Pace.of(new RunTerms(new PaceLimits(Duration.ofSeconds(1), rate, MaxLoad.ANY, 1), Duration.ZERO, stop, events));
    }
}
