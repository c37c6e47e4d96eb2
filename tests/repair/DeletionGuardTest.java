package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.DeleteLimit;

/** How many deletions are too many. */
class DeletionGuardTest {
    @ParameterizedTest(name = "--max-deletes {0}, {1} in Neo4j, PostgreSQL empty: {2}; {3} more: refused {4}")
    @CsvSource({"10%, 100, false, 10, false", "10%, 100, false, 11, true", "100%, 100, true, 1, true",
            "5, 100, true, 5, false", "5, 100, false, 6, true", "0, 100, false, 0, false"})
    @DisplayName("A share is taken of what Neo4j holds, and allows nothing where PostgreSQL is empty")
    void aShareOrANumber(String limit, long inGraph, boolean sourceEmpty, long more, boolean refused) {
        assertEquals(refused, new DeletionGuard(DeleteLimit.of(limit), inGraph, sourceEmpty).refuses(more));
    }

    @Test
    @DisplayName("Those that were deleted before count, and after one refusal nothing is allowed any more")
    void whatWasDeletedCounts() {
        DeletionGuard guard = new DeletionGuard(DeleteLimit.of("3"), 10, false);
        assertEquals(false, guard.refuses(2));
        guard.deleted(2);
        assertEquals(Optional.empty(), guard.refusal());
        assertEquals(true, guard.refuses(2));
        assertEquals(true, guard.refuses(1));
        assertEquals(
                "4 of the 10 entities in Neo4j would be deleted, more than --max-deletes 3 allows: only 2 were. If "
                + "they are to go, run this again with --max-deletes 4",
                guard.refusal().orElseThrow().words());
    }
}
