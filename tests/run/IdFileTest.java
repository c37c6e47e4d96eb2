package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdFileTest {
    @Test
    @DisplayName("A file of ids gives back every id in order, and knows which it holds")
    void givesBackEveryIdInOrderAndKnowsWhichItHolds() {
        try (IdFile ids = new IdFile()) {
            List<UUID> added = new ArrayList<>();
            for (long i = 0; i < 10_000; i++) {
                UUID id = new UUID(i << 50, i); // goes on past the largest signed number
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
            assertTrue(added.stream().allMatch(ids::contains));
            assertFalse(ids.contains(new UUID(1L << 50, 0)));
        }
    }

    @Test
    void holdsNothingAtFirst() {
        try (IdFile ids = new IdFile()) {
            assertFalse(ids.contains(new UUID(0, 0)));
            ids.forEachBatch(10, batch -> {
                throw new AssertionError("no batch expected");
            });
        }
    }

    @Test
    void mergesOthersSoThatAllAreAscending() {
        try (IdFile ids = new IdFile(); IdFile others = new IdFile()) {
            for (long i = 0; i < 9000; i++) {
                (i % 3 == 0 ? others : ids).add(new UUID(0, i));
            }
            ids.merge(others);
            List<UUID> read = new ArrayList<>();
            ids.forEachBatch(1000, read::addAll);
            assertEquals(LongStream.range(0, 9000).mapToObj(i -> new UUID(0, i)).toList(), read);
        }
    }

    @Test
    void keepsThoseThatAreAmongOthers() {
        try (IdFile ids = new IdFile(); IdFile others = new IdFile()) {
            for (long i = 0; i < 9000; i++) {
                ids.add(new UUID(0, i));
                if (i % 3 == 0) {
                    others.add(new UUID(0, i * 2));
                }
            }
            ids.retain(others);
            assertEquals(LongStream.range(0, 1500).mapToObj(i -> new UUID(0, i * 6)).toList(), ids.batch(0, 9000));
        }
    }

    @Test
    void takesMoreAfterItWasRead() {
        try (IdFile ids = new IdFile()) {
            ids.add(new UUID(0, 1));
            assertTrue(ids.contains(new UUID(0, 1)));
            ids.add(new UUID(0, 2));
            assertTrue(ids.contains(new UUID(0, 2)));
        }
    }
}
