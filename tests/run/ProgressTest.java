package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.rules.Verdict;

class ProgressTest {
    private final Progress progress = new Progress();

    @Test
    @DisplayName("Between phases there is nothing to show")
    void betweenPhasesThereIsNothingToShow() {
        assertEquals(Optional.empty(), progress.now());
        progress.begin(Progress.Phase.CHECK, 10);
        assertEquals(OptionalLong.of(10), status().total());
        progress.end();
        assertEquals(Optional.empty(), progress.now());
    }

    @Test
    @DisplayName("The reader that is furthest counts, and a total too low is corrected")
    void theReaderThatIsFurthestCountsAndATotalTooLowIsCorrected() {
        progress.begin(Progress.Phase.CHECK, 10);
        progress.reached(8);
        progress.reached(5);
        assertEquals(8, status().entities());
        assertEquals(OptionalLong.of(10), status().total());
        progress.reached(12);
        assertEquals(OptionalLong.of(12), status().total());
        assertEquals(OptionalLong.of(0), status().secondsLeft());
    }

    @Test
    @DisplayName("Without an estimate, no time left is given")
    void withoutAnEstimateNoTimeLeftIsInvented() {
        progress.begin(Progress.Phase.CHECK, 0);
        progress.reached(12);
        assertEquals(OptionalLong.empty(), status().total());
        assertEquals(OptionalLong.empty(), status().secondsLeft());
    }

    @Test
    @DisplayName("What was done before does not count in the rate")
    void whatWasDoneBeforeDoesNotCountInTheRate() {
        progress.begin(Progress.Phase.CHECK, 2_000_000);
        progress.resumeAt(1_000_000);
        assertEquals(1_000_000, status().entities());
        assertEquals(0, status().perSecond());
        assertEquals(OptionalLong.empty(), status().secondsLeft());
        progress.reached(1_000_001);
        assertTrue(status().perSecond() > 0);
    }

    @Test
    @DisplayName("Only differences are shown as found")
    void onlyDifferencesAreShownAsFound() {
        progress.begin(Progress.Phase.CHECK, 10);
        progress.found(Map.of(Verdict.OK, 7L, Verdict.MISSING, 2L, Verdict.GONE, 1L));
        assertEquals(Map.of(Verdict.MISSING, 2L), status().found());
    }

    @Test
    @DisplayName("The latest wait is shown until it ends")
    void theLatestWaitIsTheOneToShowUntilItEnds() {
        progress.begin(Progress.Phase.CHECK, 10);
        try (Progress.Wait governor = progress.waitingFor("the governor")) {
            try (Progress.Wait confirmation = progress.waitingFor("confirmation")) {
                assertEquals(Optional.of("confirmation"), status().waitingFor());
            }
            assertEquals(Optional.of("the governor"), status().waitingFor());
        }
        assertEquals(Optional.empty(), status().waitingFor());
    }

    private Progress.Status status() {
        return progress.now().orElseThrow();
    }
}
