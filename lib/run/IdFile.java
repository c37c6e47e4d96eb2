package syncdata.run;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import syncdata.rules.EntityId;

/**
 * Ids kept in a temporary file, sixteen bytes each, so that their number costs no memory. The file is nameless and goes
 * with the process.
 */
public final class IdFile implements AutoCloseable {
    private static final int SIZE = 16;
    private static final long SEGMENT = 1L << 30;
    private static final int SORTED_IN_MEMORY = 1 << 17;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096 * SIZE);
    private List<MappedByteBuffer> segments;
    private long count;
    private UUID last;
    private boolean ascending = true;

    public IdFile() {
        channel = TemporaryFile.open(".ids");
    }

    /**
     * Reads ids from a file, one a line, into ascending order; blank lines, lines that begin with # and repetitions do
     * not count.
     *
     * @throws InputException if it cannot be read, or a line is no id
     */
    public static IdFile ofLines(Path file) {
        IdFile ids = new IdFile();
        try (InputStream in = Files.newInputStream(file)) {
            IdLines.read(in, "The file of ids " + file, ids::add);
            ids.sort();
            ids.dropRepetitions();
            return ids;
        } catch (IOException e) {
            ids.close();
            throw new InputException("The file of ids " + file + " cannot be read: " + AtomicFile.reason(e)
                    + "; name a text file that you may read");
        } catch (RuntimeException e) {
            ids.close();
            throw e;
        }
    }

    /** Writes how many there are, and all of them in their order. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeLong(count);
        for (Iterator<UUID> ids = iterator(); ids.hasNext(); ) {
            UUID id = ids.next();
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
        }
    }

    /** Adds what {@link #writeTo} has written. */
    public void addFrom(DataInput in) throws IOException {
        for (long left = in.readLong(); left > 0; left--) {
            add(new UUID(in.readLong(), in.readLong()));
        }
    }

    /** Adds an id behind the last. */
    public void add(UUID id) {
        ascending &= last == null || EntityId.ORDER.compare(last, id) < 0;
        last = id;
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        count++;
        segments = null;
    }

    /** How many ids there are. */
    public long count() {
        return count;
    }

    /** Gives all ids in the order in which they were added, at most {@code size} at a time. */
    public void forEachBatch(int size, Consumer<List<UUID>> action) {
        forEachBatch(() -> size, action);
    }

    /** The same with a size that may be another each time. */
    public void forEachBatch(IntSupplier size, Consumer<List<UUID>> action) {
        for (long from = 0; from < count; ) {
            List<UUID> batch = batch(from, size.getAsInt());
            action.accept(batch);
            from += batch.size();
        }
    }

    /**
     * At most {@code size} ids, from the one that was added {@code from}th, counted from 0; none where there are no
     * more.
     */
    public List<UUID> batch(long from, int size) {
        map();
        List<UUID> batch = new ArrayList<>();
        for (long i = from; i < Math.min(count, from + size); i++) {
            batch.add(get(i));
        }
        return batch;
    }

    /** Puts the ids into ascending order, with the memory that a hundred thousand of them need. */
    public void sort() {
        if (ascending) {
            return;
        }
        try (IdFile runs = new IdFile()) {
            forEachBatch(SORTED_IN_MEMORY, batch -> {
                batch.sort(EntityId.ORDER);
                batch.forEach(runs::add);
            });
            runs.map();
            clear();
            // from, to
            PriorityQueue<long[]> next = new PriorityQueue<>((a, b) ->
                    EntityId.ORDER.compare(runs.get(a[0]), runs.get(b[0])));
            for (long from = 0; from < runs.count; from += SORTED_IN_MEMORY) {
                next.add(new long[] {from, Math.min(runs.count, from + SORTED_IN_MEMORY)});
            }
            while (!next.isEmpty()) {
                long[] run = next.remove();
                add(runs.get(run[0]++));
                if (run[0] < run[1]) {
                    next.add(run);
                }
            }
        }
    }

    /** An id that is here more than once, of ids in ascending order. */
    public Optional<UUID> repeated() {
        map();
        for (long i = 1; !ascending && i < count; i++) {
            if (get(i).equals(get(i - 1))) {
                return Optional.of(get(i));
            }
        }
        return Optional.empty();
    }

    private void dropRepetitions() {
        if (ascending) {
            return;
        }
        try (IdFile all = new IdFile()) {
            forEachBatch(1000, batch -> batch.forEach(all::add));
            clear();
            all.forEachBatch(1000, batch -> batch.stream().filter(id -> !id.equals(last)).forEach(this::add));
        }
    }

    /** The first id that is also among others; both in ascending order. */
    public Optional<UUID> inBoth(IdFile others) {
        map();
        others.map();
        long theirs = 0;
        for (long i = 0; i < count; i++) {
            while (theirs < others.count && EntityId.ORDER.compare(others.get(theirs), get(i)) < 0) {
                theirs++;
            }
            if (theirs < others.count && others.get(theirs).equals(get(i))) {
                return Optional.of(get(i));
            }
        }
        return Optional.empty();
    }

    /** Keeps only those that are among others, too, and says how many those are. The others must be ascending. */
    public long retain(IdFile others) {
        try (IdFile all = new IdFile()) {
            forEachBatch(1000, batch -> batch.forEach(all::add));
            clear();
            all.forEachBatch(1000, batch -> batch.stream().filter(others::contains).forEach(this::add));
        }
        return count;
    }

    /** All ids in the order in which they were added, one after the other; none may be added meanwhile. */
    public Iterator<UUID> iterator() {
        map();
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public UUID next() {
                if (next >= count) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    /** Adds ids that are not among these, so that all are ascending again. Both must be ascending. */
    public void merge(IdFile others) {
        if (others.count == 0) {
            return;
        }
        try (IdFile mine = new IdFile()) {
            forEachBatch(1000, batch -> batch.forEach(mine::add));
            mine.map();
            others.map();
            clear();
            long theirs = 0;
            for (long i = 0; i < mine.count; i++) {
                for (; theirs < others.count && EntityId.ORDER.compare(others.get(theirs), mine.get(i)) < 0; theirs++) {
                    add(others.get(theirs));
                }
                add(mine.get(i));
            }
            for (; theirs < others.count; theirs++) {
                add(others.get(theirs));
            }
        }
    }

    /** Whether an id is among these, which must have been added in ascending order. */
    public boolean contains(UUID id) {
        map();
        long low = 0;
        long high = count - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            int order = EntityId.ORDER.compare(get(middle), id);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    private void clear() {
        try {
            buffer.clear();
            channel.truncate(0);
            count = 0;
            last = null;
            ascending = true;
            segments = null;
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    private UUID get(long i) {
        long position = i * SIZE;
        MappedByteBuffer segment = segments.get((int) (position / SEGMENT));
        int offset = (int) (position % SEGMENT);
        return new UUID(segment.getLong(offset), segment.getLong(offset + 8));
    }

    private void map() {
        if (segments != null) {
            return;
        }
        flush();
        try {
            List<MappedByteBuffer> mapped = new ArrayList<>();
            for (long from = 0; from < channel.size(); from += SEGMENT) {
                mapped.add(channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(SEGMENT, channel.size() - from)));
            }
            segments = mapped;
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    private void flush() {
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }
}
