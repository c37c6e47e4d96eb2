package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Selection;
import syncdata.run.InputException;
import syncdata.store.EntityPage;
import syncdata.store.PageReader;

/** The walk over two ordered sides, without a database. */
class WalkTest {
    private record Row(UUID id, long micros, boolean selected, boolean relation) {
        Row(UUID id, long micros, boolean selected) {
            this(id, micros, selected, false);
        }
    }

    @Test
    @DisplayName("Two empty sides are in sync")
    void nothingOnEitherSideIsInSync() {
        assertEquals(List.of(0L, 0L), walk(List.of(), List.of(), Selection.ALL, new ArrayList<>()));
    }

    @ParameterizedTest(name = "from {0}")
    @ValueSource(longs = {0x0000000000000000L, 0x7fffffffffffffffL, 0x8000000000000000L, 0xffffffffffffffffL})
    @DisplayName("Ids are ordered as unsigned bytes")
    void idsAreOrderedAsUnsignedBytes(long high) {
        UUID below = new UUID(0x7000000000000000L, 1);
        UUID id = new UUID(high, 0x8000000000000000L);
        List<Row> both = new ArrayList<>(List.of(new Row(below, 1, true), new Row(id, 1, true)));
        both.sort(Comparator.comparing(row -> row.id().toString()));
        assertEquals(List.of(2L, 2L), walk(both, List.of(both), Selection.ALL, new ArrayList<>()));
    }

    @Test
    @DisplayName("A stream out of order stops the run and names the ids")
    void aStreamOutOfOrderStopsTheRunAndNamesTheIds() {
        UUID low = new UUID(1, 1);
        UUID high = new UUID(2, 2);
        List<Row> unordered = List.of(new Row(high, 1, true), new Row(low, 1, true));
        for (int pageSize : new int[] {1, 2}) {
            var inSource = assertThrows(OrderException.class,
                    () -> run(stream(unordered, false, pageSize), List.of(), Selection.ALL, id -> { }));
            assertTrue(inSource.getMessage().contains(low + " after " + high), inSource.getMessage());
            assertThrows(OrderException.class,
                    () -> run(stream(List.of(), false, pageSize), List.of(stream(unordered, true, pageSize)),
                            Selection.ALL, id -> { }));
        }
    }

    @Test
    @DisplayName("An id that PostgreSQL gives twice is out of order")
    void anIdTwiceInPostgresqlIsOutOfOrder() {
        List<Row> twice = List.of(new Row(new UUID(1, 1), 1, true), new Row(new UUID(1, 1), 1, true));
        assertThrows(OrderException.class, () -> run(stream(twice, false, 10), List.of(), Selection.ALL, id -> { }));
    }

    @Test
    @DisplayName("A failure of the reader reaches the caller")
    void aFailureOfTheReaderReachesTheCaller() {
        EntityStream failing = new EntityStream("failing", false, () -> {
            throw new InputException("no such table");
        }, Runnable::run);
        assertThrows(InputException.class, () -> run(failing, List.of(), Selection.ALL, id -> { }));
    }

    @Test
    @DisplayName("The next page is read before the last is unpacked")
    void theNextPageIsReadBeforeTheLastIsUnpacked() {
        CountDownLatch second = new CountDownLatch(1);
        Iterator<PageReader.Page> pages = List.of(new PageReader.Page(() -> {
            assertDoesNotThrow(() -> assertTrue(second.await(10, TimeUnit.SECONDS),
                    "the second page was not asked for"));
            EntityPage page = new EntityPage(1);
            page.add(1, 1, 1, true, false);
            return page;
        })).iterator();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            EntityStream stream = new EntityStream("Rows", false, () -> {
                if (pages.hasNext()) {
                    return pages.next();
                }
                second.countDown();
                return new PageReader.End();
            }, threads);
            assertEquals(new UUID(1, 1), run(stream, List.of(), Selection.ALL, id -> { }).upTo());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    @DisplayName("Agrees with a naive comparison on random sides")
    void agreesWithANaiveComparisonOnRandomSides() {
        for (int round = 0; round < 3000; round++) {
            long seed = 20240531L * 31 + round;
            Random random = new Random(seed);
            TreeMap<UUID, Row> source = new TreeMap<>(EntityId.ORDER);
            List<List<Row>> graph = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = random.nextInt(12); i > 0; i--) {
                UUID id = id(random);
                source.put(id, new Row(id, random.nextInt(3), random.nextInt(4) > 0, random.nextInt(4) == 0));
            }
            for (int i = random.nextInt(16); i > 0; i--) {
                int stream = random.nextInt(3);
                graph.get(stream).add(new Row(id(random), random.nextInt(3), true, stream == 2));
            }
            graph.forEach(rows -> rows.sort(Comparator.comparing(Row::id, EntityId.ORDER)));
            Selection selection = new Selection(java.util.Set.of(), random.nextBoolean() ? Selection.EVER : 1);

            List<UUID> differences = new ArrayList<>();
            int pageSize = 1 + random.nextInt(4);
            Walk walk = run(stream(List.copyOf(source.values()), false, pageSize),
                    graph.stream().map(rows -> stream(rows, true, pageSize)).toList(), selection, differences::add);

            List<UUID> expected = new ArrayList<>();
            int ok = naive(source, graph, selection, expected);
            assertEquals(expected, differences, "seed " + seed);
            assertEquals(ok, walk.ok(), "seed " + seed);
        }
    }

    private static int naive(Map<UUID, Row> source, List<List<Row>> graph, Selection selection,
            List<UUID> differences) {
        TreeSet<UUID> ids = new TreeSet<>(EntityId.ORDER);
        ids.addAll(source.keySet());
        graph.forEach(rows -> rows.forEach(row -> ids.add(row.id())));
        int ok = 0;
        for (UUID id : ids) {
            Row truth = source.get(id);
            List<Row> copies = graph.stream().flatMap(List::stream).filter(row -> row.id().equals(id)).toList();
            boolean changed = truth != null && truth.micros() > selection.changedAfter()
                    || copies.stream().anyMatch(row -> row.micros() > selection.changedAfter());
            if (truth != null && !truth.selected() || !changed) {
                continue;
            }
            if (truth != null && copies.size() == 1 && copies.get(0).micros() == truth.micros()
                    && copies.get(0).relation() == truth.relation()) {
                ok++;
            } else {
                differences.add(id);
            }
        }
        return ok;
    }

    private static UUID id(Random random) {
        long[] highs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1};
        return new UUID(highs[random.nextInt(highs.length)], highs[random.nextInt(highs.length)]);
    }

    /** How many are the same in both, and how many went by in the graph. */
    private static List<Long> walk(List<Row> source, List<List<Row>> graph, Selection selection,
            List<UUID> differences) {
        Walk walk = run(stream(source, false, 2), graph.stream().map(rows -> stream(rows, true, 2)).toList(),
                selection, differences::add);
        return List.of(walk.ok(), walk.inGraph());
    }

    /** Compares everything, a few at a time. */
    private static Walk run(EntityStream source, List<EntityStream> graph, Selection selection,
            Consumer<UUID> difference) {
        Walk walk = new Walk(source, graph, selection);
        while (walk.next(3, (id, gone) -> difference.accept(id)) > 0) {
            assertNotNull(walk.upTo());
        }
        return walk;
    }

    private static EntityStream stream(List<Row> rows, boolean repeats, int pageSize) {
        Iterator<Row> iterator = rows.iterator();
        return new EntityStream("Rows", repeats, () -> {
            EntityPage page = new EntityPage(0);
            while (iterator.hasNext() && page.size() < pageSize) {
                Row row = iterator.next();
                long high = row.id().getMostSignificantBits();
                long low = row.id().getLeastSignificantBits();
                if (repeats) {
                    page.add(high, low, new GraphTimestamp(row.micros(), Precision.MICROSECONDS), row.relation());
                } else {
                    page.add(high, low, row.micros(), row.selected(), row.relation());
                }
            }
            return page.size() == 0 ? new PageReader.End() : new PageReader.Page(() -> page);
        }, Runnable::run);
    }
}
