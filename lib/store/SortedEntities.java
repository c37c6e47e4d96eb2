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
import syncdata.rules.ContentDigest;
import syncdata.rules.EntityId;
import syncdata.run.InputException;
import syncdata.run.TemporaryFile;
import syncdata.run.Words;

/**
 * An external merge sort: takes entities in any order, and gives them in the order of their ids. Sorted runs stand in a
 * temporary file, 25 bytes an entity. The file has no name, and goes with the process.
 */
final class SortedEntities implements AutoCloseable {
    private static final int BYTES = 25;
    private static final int BYTES_WITH_DIGEST = BYTES + Long.BYTES;

    private static final long LARGEST_SEGMENT = 1 << 30;
    private static final int IN_MEMORY = 1 << 17;
    private static final int IN_A_PAGE = 10_000;
    private static final int SELECTED = 1;
    private static final int RELATION = 2;

    /** A sorted run: the entities of the file from one index to before another. */
    private record SortedRun(long from, long to) {
    }

    private final int bytes;
    /** A whole number of entities, below what can be mapped at once. */
    private final long segment;
    private final TemporaryFile file = TemporaryFile.open(".entities");
    private final List<SortedRun> runs = new ArrayList<>();
    private final ByteBuffer buffer;
    private final EntityPage unsorted = new EntityPage(IN_MEMORY);
    private final long[] order = new long[IN_MEMORY];
    private List<MappedByteBuffer> segments = List.of();
    private long written;

    /** @param withDigests whether their contents are kept too, as 8 bytes more of each */
    SortedEntities(boolean withDigests) {
        this(withDigests, LARGEST_SEGMENT);
    }

    /** @param largestSegment the most bytes to map at once */
    SortedEntities(boolean withDigests, long largestSegment) {
        this.bytes = bytes(withDigests);
        this.segment = largestSegment / bytes * bytes;
        this.buffer = ByteBuffer.allocate(4096 * bytes);
    }

    private static int bytes(boolean withDigests) {
        return withDigests ? BYTES_WITH_DIGEST : BYTES;
    }

    /**
     * Makes sure that the temporary folder has room for so many.
     *
     * @throws InputException if it has not
     */
    static void requireRoom(long entities, boolean withDigests) {
        long wanted = entities * bytes(withDigests);
        Path folder = TemporaryFile.folder();
        try {
            long room = folder.toFile().getUsableSpace();
            if (room > 0 && room < wanted) {
                throw new InputException("The temporary folder " + folder + " has room for " + (room >> 20)
                        + " MiB, and the ids of about " + Words.count(entities) + " entities take "
                        + (wanted >> 20) + " MiB: name another with --temporary-folder");
            }
        } catch (SecurityException e) {
            return; // writing will tell
        }
    }

    void add(EntityPage page) {
        for (int i = 0; i < page.size(); i++) {
            if (unsorted.size() == IN_MEMORY) {
                write();
            }
            unsorted.add(page.high(i), page.low(i), page.micros(i), page.selected(i), page.relation(i));
            if (bytes == BYTES_WITH_DIGEST) {
                unsorted.digest(unsorted.size() - 1, page.digest(i));
            }
        }
    }

    /** Ends the adding. From now on they can be read. */
    void finish() {
        write();
        segments = file.segments(segment);
    }

    /**
     * Reads entities from an id on. Any number of readers may read at the same time. An entity that came more than once
     * was written meanwhile: it is given once, to be looked up.
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
            if (buffer.remaining() < bytes) {
                file.append(buffer);
            }
            buffer.putLong(unsorted.high(i)).putLong(unsorted.low(i)).putLong(unsorted.micros(i))
                    .put((byte) ((unsorted.selected(i) ? SELECTED : 0) | (unsorted.relation(i) ? RELATION : 0)));
            if (bytes == BYTES_WITH_DIGEST) {
                buffer.putLong(unsorted.digest(i));
            }
        }
        file.append(buffer);
        if (size > 0) {
            runs.add(new SortedRun(written, written + size));
            written += size;
        }
        unsorted.clear();
    }

    /**
     * The indexes in the order of ids. A number holds the first 47 bits of an id and its index; the numbers are sorted,
     * then ids that begin alike.
     */
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
        long position = entity * bytes;
        return segments.get((int) (position / segment)).getLong((int) (position % segment) + offset);
    }

    /** The position of a reader in a sorted run, ordered by the id there. */
    private final class Cursor implements Comparable<Cursor> {
        private final long end;
        private long next;
        private ByteBuffer buffer;
        private int offset;
        private long high;
        private long low;

        /** @param next the index of the first entity to read, below the end */
        Cursor(long next, long end) {
            this.next = next;
            this.end = end;
            seek();
        }

        /** Goes on to the next entity; false at the end. */
        boolean advance() {
            if (++next == end) {
                return false;
            }
            offset += bytes;
            if (offset == segment) {
                seek();
            } else {
                stand();
            }
            return true;
        }

        long micros() {
            return buffer.getLong(offset + 16);
        }

        int flags() {
            return buffer.get(offset + 24);
        }

        long digest() {
            return bytes == BYTES_WITH_DIGEST ? buffer.getLong(offset + BYTES) : ContentDigest.UNKNOWN;
        }

        private void seek() {
            long position = next * bytes;
            buffer = segments.get((int) (position / segment));
            offset = (int) (position % segment);
            stand();
        }

        private void stand() {
            high = buffer.getLong(offset);
            low = buffer.getLong(offset + 8);
        }

        @Override
        public int compareTo(Cursor other) {
            return EntityId.compare(high, low, other.high, other.low);
        }
    }

    /** Merges the sorted runs. */
    private final class Merge implements PageReader {
        private final PriorityQueue<Cursor> cursors = new PriorityQueue<>();

        Merge(UUID first) {
            for (SortedRun run : runs) {
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
            long micros = lowest.micros();
            int flags = lowest.flags();
            boolean relation = (flags & RELATION) != 0;
            boolean again = false;
            long digest = lowest.digest();
            advance(lowest);
            while (!cursors.isEmpty() && cursors.peek().high == high && cursors.peek().low == low) {
                again = true;
                advance(cursors.remove());
            }
            if (again) {
                page.addToBeLookedUp(high, low, true, relation);
            } else {
                page.add(high, low, micros, (flags & SELECTED) != 0, relation);
                page.digest(page.size() - 1, digest);
            }
        }

        private void advance(Cursor removed) {
            if (removed.advance()) {
                cursors.add(removed);
            }
        }

        /** The index of the first entity of a run that is not below an id. */
        private long search(SortedRun run, UUID first) {
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
