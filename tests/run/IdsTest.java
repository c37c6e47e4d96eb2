package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Ids in temporary files: a log to add to, and sorted ones to ask. */
class IdsTest {
    @Test
    @DisplayName("A log gives back every id in the order in which it was added")
    void keepsTheOrder() {
        try (IdLog ids = new IdLog()) {
            List<UUID> added = new ArrayList<>();
            for (long i = 0; i < 10_000; i++) {
                UUID id = new UUID(i * 0x9E3779B97F4A7C15L, i);
                added.add(id);
                ids.add(id);
            }
            List<UUID> read = new ArrayList<>();
            ids.forEachBatch(999, batch -> {
                assertTrue(batch.size() <= 999);
                read.addAll(batch);
            });
            assertEquals(added, read);
            assertEquals(10_000, ids.count());
            assertEquals(added.subList(9_998, 10_000), ids.batch(9_998, 5));
        }
    }

    @Test
    @DisplayName("Sorted ids ascend as unsigned numbers, also more than are sorted in memory at a time")
    void sorts() {
        int count = 300_000;
        List<UUID> ascending = LongStream.range(0, count).mapToObj(i -> new UUID(i << 45, i)).toList();
        List<UUID> shuffled = new ArrayList<>(ascending);
        Collections.shuffle(shuffled, new Random(1));
        try (IdLog log = new IdLog()) {
            log.addAll(shuffled);
            try (SortedIds ids = log.sorted()) {
                assertEquals(ascending, ids.batch(0, count));
                assertTrue(shuffled.subList(0, 1000).stream().allMatch(ids::contains));
                assertFalse(ids.contains(new UUID(1L << 45, 0)));
                assertEquals(Optional.empty(), ids.repeated());
            }
        }
    }

    @Test
    @DisplayName("What is added to a log later is not among those that were sorted before")
    void aLogGoesOn() {
        UUID low = new UUID(0, 1);
        UUID high = new UUID(0, 2);
        try (IdLog log = new IdLog()) {
            log.add(high);
            try (SortedIds before = log.sorted()) {
                log.add(low);
                assertFalse(before.contains(low));
                try (SortedIds after = log.sorted()) {
                    assertEquals(List.of(low, high), after.batch(0, 2));
                    assertEquals(List.of(high), before.batch(0, 2));
                }
            }
        }
    }

    @Test
    @DisplayName("None is none")
    void holdsNothing() {
        try (SortedIds none = SortedIds.none()) {
            assertFalse(none.contains(new UUID(0, 0)));
            none.forEachBatch(10, batch -> {
                throw new AssertionError("no batch expected");
            });
        }
    }

    @Test
    @DisplayName("Sorted ids are compared with others, and tell of repetitions")
    void compares() {
        List<UUID> many = LongStream.range(0, 9000).mapToObj(i -> new UUID(0, i)).toList();
        List<UUID> some = LongStream.range(0, 3000).mapToObj(i -> new UUID(0, i * 6 + 3)).toList();
        UUID first = new UUID(0, 3);
        try (SortedIds ids = SortedIds.of(many); SortedIds others = SortedIds.of(some); SortedIds both = ids.in(others);
                SortedIds none = SortedIds.none(); SortedIds twice = SortedIds.of(List.of(first, first));
                SortedIds once = twice.distinct()) {
            assertEquals(some.subList(0, 1500), both.batch(0, 9000));
            assertEquals(Optional.of(first), ids.inBoth(others));
            assertEquals(Optional.empty(), ids.inBoth(none));
            assertEquals(Optional.of(first), twice.repeated());
            assertEquals(List.of(first), once.batch(0, 2));
        }
    }
}
