package syncdata.store;

import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.stream.IntStream;
import syncdata.rules.EntityId;
import syncdata.run.InputException;
import syncdata.run.TemporaryFile;
import syncdata.run.Words;

/**
 * Entities that come in any order and are given in that of their ids, in the memory that some of them need: sorted
 * runs of 25 bytes an entity, in a temporary file without a name that goes with the process.
 */
final class SortedEntities implements AutoCloseable {
    static final int BYTES = 25;

    private static final int IN_MEMORY = 1 << 17;
    private static final int IN_A_PAGE = 10_000;
    /** A whole number of entities, below what can be mapped at once. */
    private static final long SEGMENT = (1L << 30) / BYTES * BYTES;
    private static final int SELECTED = 1;
    private static final int RELATION = 2;

    /** Entities of one run, from one to before another, counted in the file. */
    private record Run(long from, long to) {
    }

    private final TemporaryFile file = TemporaryFile.open(".entities");
    private final List<Run> runs = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096 * BYTES);
    private final EntityPage unsorted = new EntityPage(IN_MEMORY);
    private final long[] order = new long[IN_MEMORY];
    private List<MappedByteBuffer> segments = List.of();
    private long written;

    /**
     * Looks whether there is room for so many.
     *
     * @throws InputException if there is not
     */
    static void requireRoom(long entities) {
        Path folder = TemporaryFile.folder();
        try {
            long room = folder.toFile().getUsableSpace();
            if (room > 0 && room < entities * BYTES) {
                throw new InputException("The temporary folder " + folder + " has room for " + (room >> 20)
                        + " MiB, and the ids of about " + Words.count(entities) + " entities take "
                        + (entities * BYTES >> 20) + " MiB: name another with --temporary-folder");
            }
        } catch (SecurityException e) {
            return; // writing will tell
        }
    }

    /** Takes more of them. */
    void add(EntityPage page) {
        for (int i = 0; i < page.size(); i++) {
            if (unsorted.size() == IN_MEMORY) {
                write();
            }
            unsorted.add(page.high(i), page.low(i), page.micros(i), page.selected(i), page.relation(i));
        }
    }

    /** All are there; from now on they can be read. */
    void finish() {
        write();
        segments = file.segments(SEGMENT);
    }

    /**
     * All from an id on, page after page. Any number of readers may read at the same time. What came more than once
     * was changed while it was read, and is given once, so that it is looked up.
     */
    PageReader from(UUID first) {
        return new Merge(first);
    }

    @Override
    public void close() {
        file.close();
    }

    private void write() {
        int size = unsorted.size();
        for (int i : sorted()) {
            if (buffer.remaining() < BYTES) {
                file.append(buffer);
            }
            buffer.putLong(unsorted.high(i)).putLong(unsorted.low(i)).putLong(unsorted.micros(i))
                    .put((byte) ((unsorted.selected(i) ? SELECTED : 0) | (unsorted.relation(i) ? RELATION : 0)));
        }
        file.append(buffer);
        if (size > 0) {
            runs.add(new Run(written, written + size));
            written += size;
        }
        unsorted.clear();
    }

    /** The places in the order of ids: by the first 47 bits of each and its place, in one number; then by the rest. */
    private int[] sorted() {
        int size = unsorted.size();
        for (int i = 0; i < size; i++) {
            order[i] = (unsorted.high(i) >>> 17 << 17 ^ Long.MIN_VALUE) | i;
        }
        Arrays.sort(order, 0, size);
        int[] places = new int[size];
        for (int i = 0; i < size; i++) {
            places[i] = (int) (order[i] & IN_MEMORY - 1);
        }
        for (int from = 0; from < size; ) {
            int to = from + 1;
            while (to < size && order[to] >> 17 == order[from] >> 17) {
                to++;
            }
            if (to - from > 1) {
                int[] alike = IntStream.range(from, to).map(i -> places[i]).boxed().sorted((a, b) -> EntityId.compare(
                        unsorted.high(a), unsorted.low(a), unsorted.high(b), unsorted.low(b)))
                        .mapToInt(Integer::intValue).toArray();
                System.arraycopy(alike, 0, places, from, alike.length);
            }
            from = to;
        }
        return places;
    }

    private long number(long entity, int offset) {
        long position = entity * BYTES;
        return segments.get((int) (position / SEGMENT)).getLong((int) (position % SEGMENT) + offset);
    }

    private byte flags(long entity) {
        long position = entity * BYTES;
        return segments.get((int) (position / SEGMENT)).get((int) (position % SEGMENT) + 24);
    }

    /** Where a reader is in a run that has some left, ordered by the id there. */
    private final class Cursor implements Comparable<Cursor> {
        private final long end;
        private long next;
        private long high;
        private long low;

        /** @param next the first to read, below the end */
        Cursor(long next, long end) {
            this.next = next;
            this.end = end;
            stand();
        }

        /** Whether there was another to go on to. */
        boolean advance() {
            if (++next == end) {
                return false;
            }
            stand();
            return true;
        }

        private void stand() {
            high = number(next, 0);
            low = number(next, 8);
        }

        @Override
        public int compareTo(Cursor other) {
            return EntityId.compare(high, low, other.high, other.low);
        }
    }

    /** The runs as one. */
    private final class Merge implements PageReader {
        private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();

        Merge(UUID first) {
            for (Run run : runs) {
                long from = search(run, first);
                if (from < run.to()) {
                    cursors.add(new Cursor(from, run.to()));
                }
            }
        }

        @Override
        public Answer next() {
            if (cursors.isEmpty()) {
                return new End();
            }
            EntityPage page = new EntityPage(IN_A_PAGE);
            while (!cursors.isEmpty() && page.size() < IN_A_PAGE) {
                take(page);
            }
            return Page.of(page);
        }

        private void take(EntityPage page) {
            Cursor lowest = cursors.remove();
            long high = lowest.high;
            long low = lowest.low;
            long micros = number(lowest.next, 16);
            int flags = flags(lowest.next);
            boolean relation = (flags & RELATION) != 0;
            boolean again = false;
            advance(lowest);
            while (!cursors.isEmpty() && cursors.peek().high == high && cursors.peek().low == low) {
                again = true;
                advance(cursors.remove());
            }
            if (again) {
                page.addToBeLookedUp(high, low, true, relation);
            } else {
                page.add(high, low, micros, (flags & SELECTED) != 0, relation);
            }
        }

        private void advance(Cursor removed) {
            if (removed.advance()) {
                cursors.add(removed);
            }
        }

        /** The first entity of a run that is not below an id. */
        private long search(Run run, UUID first) {
            long from = run.from();
            long to = run.to();
            while (from < to) {
                long middle = (from + to) >>> 1;
                if (EntityId.compare(number(middle, 0), number(middle, 8), first.getMostSignificantBits(),
                        first.getLeastSignificantBits()) < 0) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }
}
