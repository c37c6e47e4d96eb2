package syncdata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Ids kept in a temporary file, sixteen bytes each, so that their number costs no memory. The file is nameless and goes with the process. */
public final class IdFile implements AutoCloseable {
    private static final int SIZE = 16;
    private static final long SEGMENT = 1L << 30;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096 * SIZE);
    private List<MappedByteBuffer> segments;
    private long count;

    public IdFile() {
        try {
            Path file = Files.createTempFile("sync-data-", ".ids");
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds an id behind the last. */
    public void add(UUID id) {
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
        map();
        for (long from = 0; from < count; from += size) {
            List<UUID> batch = new ArrayList<>();
            for (long i = from; i < Math.min(count, from + size); i++) {
                batch.add(get(i));
            }
            action.accept(batch);
        }
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
            throw new UncheckedIOException(e);
        }
    }

    private void clear() {
        try {
            buffer.clear();
            channel.truncate(0);
            count = 0;
            segments = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
            throw new UncheckedIOException(e);
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
            throw new UncheckedIOException("The temporary folder " + System.getProperty("java.io.tmpdir") + " cannot take the ids", e);
        }
    }
}
