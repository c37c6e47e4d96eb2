package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.rules.Verdict;

class ProgressTest {
    private final Progress progress = new Progress();

    @Test
    void betweenPhasesThereIsNothingToShow() {
        assertNull(progress.now());
        progress.begin(Progress.Phase.CHECK, 10);
        assertEquals(10, progress.now().total());
        progress.end();
        assertNull(progress.now());
    }

    @Test
    @DisplayName("The reader that is furthest counts, and a total too low is corrected")
    void theReaderThatIsFurthestCountsAndATotalTooLowIsCorrected() {
        progress.begin(Progress.Phase.CHECK, 10);
        progress.reached(8);
        progress.reached(5);
        assertEquals(8, progress.now().entities());
        assertEquals(10, progress.now().total());
        progress.reached(12);
        assertEquals(12, progress.now().total());
        assertEquals(0, progress.now().secondsLeft());
    }

    @Test
    void withoutAnEstimateNoTimeLeftIsInvented() {
        progress.begin(Progress.Phase.CHECK, 0);
        progress.reached(12);
        assertEquals(0, progress.now().total());
        assertEquals(-1, progress.now().secondsLeft());
    }

    @Test
    void whatWasDoneBeforeDoesNotCountInTheRate() {
        progress.begin(Progress.Phase.CHECK, 2_000_000);
        progress.resumeAt(1_000_000);
        assertEquals(1_000_000, progress.now().entities());
        assertEquals(0, progress.now().perSecond());
        assertEquals(-1, progress.now().secondsLeft());
        progress.reached(1_000_001);
        assertTrue(progress.now().perSecond() > 0);
    }

    @Test
    void onlyDifferencesAreShownAsFound() {
        progress.begin(Progress.Phase.CHECK, 10);
        progress.found(Map.of(Verdict.OK, 7L, Verdict.MISSING, 2L, Verdict.GONE, 1L));
        assertEquals(Map.of(Verdict.MISSING, 2L), progress.now().found());
    }

    @Test
    void theLatestWaitIsTheOneToShowUntilItEnds() {
        progress.begin(Progress.Phase.CHECK, 10);
        try (Progress.Wait governor = progress.waitingFor("the governor")) {
            try (Progress.Wait confirmation = progress.waitingFor("confirmation")) {
                assertEquals("confirmation", progress.now().waitingFor());
            }
            assertEquals("the governor", progress.now().waitingFor());
        }
        assertNull(progress.now().waitingFor());
    }
}
