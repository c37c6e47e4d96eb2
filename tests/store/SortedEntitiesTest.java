package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.EntityId;
import syncdata.run.InputException;

@DisplayName("Entities that are sorted in temporary files")
class SortedEntitiesTest {
    /** More than one run. */
    private static final int MANY = 300_000;

    private final Random random = new Random(20240531);

    @DisplayName("come in the order of their ids, from any of them on")
    @ParameterizedTest(name = "{1} entities, {0}")
    @CsvSource({"any,0", "any,1", "any,300000", "of one millisecond,140000", "of one node,140000"})
    void inOrder(String ids, int count) {
        List<UUID> all = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> switch (ids) {
            case "of one millisecond" -> new UUID(0x018F_0000_0000_7000L | random.nextInt(4096), random.nextLong());
            case "of one node" -> new UUID(0, i);
            default -> new UUID(random.nextLong(), random.nextLong());
        }).toList());
        Collections.shuffle(all, random);
        try (SortedEntities sorted = new SortedEntities(random.nextBoolean(), 70_000 * 25)) { // some to map
            sorted.add(page(all));
            sorted.finish();
            all.sort(EntityId.ORDER);
            assertEquals(all, ids(sorted.from(new UUID(0, 0))));
            int some = count / 3;
            assertEquals(all.subList(some, count), ids(sorted.from(count == 0 ? new UUID(0, 0) : all.get(some))));
        }
    }

    @DisplayName("keep what is known of them; what came twice is newer than all, so that it is looked up")
    @Test
    void whatCameTwice() {
        UUID once = new UUID(-1, 1);
        UUID twice = new UUID(7, -1);
        try (SortedEntities sorted = new SortedEntities(false)) {
            EntityPage page = new EntityPage(MANY);
            page.add(twice.getMostSignificantBits(), twice.getLeastSignificantBits(), 5, false, false);
            for (int i = 0; i < MANY; i++) { // so that the second comes in another run
                page.add(random.nextLong() >>> 1 | 1L << 62, i, 3, false, false);
            }
            page.add(once.getMostSignificantBits(), once.getLeastSignificantBits(), -9, true, true);
            page.add(twice.getMostSignificantBits(), twice.getLeastSignificantBits(), 6, false, false);
            sorted.add(page);
            sorted.finish();
            EntityPage first = first(sorted.from(new UUID(0, 0)));
            assertEquals(twice, first.id(0));
            assertEquals(List.of(Long.MAX_VALUE, true), List.of(first.micros(0), first.selected(0)));
            EntityPage last = first(sorted.from(once));
            assertEquals(1, last.size());
            assertEquals(List.of(-9L, true, true), List.of(last.micros(0), last.selected(0), last.relation(0)));
            assertEquals(MANY + 2, ids(sorted.from(new UUID(0, 0))).size());
        }
    }

    @DisplayName("need room, which is looked for before")
    @Test
    void room() {
        SortedEntities.requireRoom(1000, false);
        String said = assertThrows(InputException.class,
                () -> SortedEntities.requireRoom(1L << 50, false)).getMessage();
        assertEquals(1, said.lines().count());
    }

    private static EntityPage page(List<UUID> ids) {
        EntityPage page = new EntityPage(ids.size());
        ids.forEach(id -> page.add(id.getMostSignificantBits(), id.getLeastSignificantBits(), 0, true, false));
        return page;
    }

    private static EntityPage first(PageReader reader) {
        return ((PageReader.Page) reader.next()).unpacked();
    }

    private static List<UUID> ids(PageReader reader) {
        List<UUID> ids = new ArrayList<>();
        reader.forEach(page -> {
            IntStream.range(0, page.size()).forEach(i -> ids.add(page.id(i)));
            return true;
        });
        return ids;
    }
}
