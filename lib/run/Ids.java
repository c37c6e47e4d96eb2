package syncdata.run;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Ids in a temporary file, sixteen bytes each, so that they need no memory. The file has no name, and goes with the
 * process.
 */
public abstract class Ids implements AutoCloseable {
    private static final int SIZE = 16;
    private static final long SEGMENT = 1L << 30;

    private final TemporaryFile file = TemporaryFile.open(".ids");
    private final ByteBuffer buffer = ByteBuffer.allocate(4096 * SIZE);
    /** The file mapped up to its end; none where ids were added since. */
    private List<MappedByteBuffer> segments = List.of();
    private long count;

    /** Only classes of this package keep ids so. */
    Ids() {
    }

    /** The number of ids. */
    public final long count() {
        return count;
    }

    /** Hands out all ids in their order, at most {@code size} at a time. */
    public final void forEachBatch(int size, Consumer<List<UUID>> action) {
        forEachBatch(() -> size, action);
    }

    /** The same with a size that may change from batch to batch. */
    public final void forEachBatch(IntSupplier size, Consumer<List<UUID>> action) {
        for (long from = 0; from < count; ) {
            List<UUID> batch = batch(from, size.getAsInt());
            action.accept(batch);
            from += batch.size();
        }
    }

    /** At most {@code size} ids from an index on, which begins at 0; none where there are no more. */
    public final List<UUID> batch(long from, int size) {
        List<UUID> batch = new ArrayList<>();
        for (long i = from; i < Math.min(count, from + size); i++) {
            batch.add(get(i));
        }
        return batch;
    }

    /** All ids in their order. None may be added meanwhile. */
    public final Iterator<UUID> iterator() {
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

    /** Writes the number of ids, then the ids in their order. */
    public final void writeTo(DataOutput out) throws IOException {
        out.writeLong(count);
        for (long i = 0; i < count; i++) {
            UUID id = get(i);
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
        }
    }

    @Override
    public final void close() {
        file.close();
    }

    final void append(UUID id) {
        if (!buffer.hasRemaining()) {
            file.append(buffer);
        }
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        count++;
        segments = List.of();
    }

    /** The id at an index, which begins at 0. */
    final UUID get(long i) {
        if (segments.isEmpty()) {
            file.append(buffer);
            segments = file.segments(SEGMENT);
        }
        long position = i * SIZE;
        MappedByteBuffer segment = segments.get((int) (position / SEGMENT));
        int offset = (int) (position % SEGMENT);
        return new UUID(segment.getLong(offset), segment.getLong(offset + 8));
    }
}
