package syncdata.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a file that is only appended to. A torn line at the end, as a power cut leaves it, is not given. Needs
 * memory for the longest line.
 */
public final class WholeLines {
    /** More bytes than a line can have, for the memory that this Java has. */
    public static final int LONGEST =
            (int) Math.max(1 << 20, Math.min(Integer.MAX_VALUE / 4, Runtime.getRuntime().maxMemory() / 8));
    private static final int CHUNK = 1 << 13;

    private final FileChannel channel;
    private final int longest;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).flip();
    private long position;
    private boolean cutOff;

    /**
     * A line without its newline.
     *
     * @param start the position of its first byte in the file
     */
    public record Line(long start, byte[] bytes) {
        /** The position of the next line. */
        public long end() {
            return start + bytes.length + 1;
        }

        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * The lines from a position on. The channel's own position does not change.
     *
     * @param start   where a line starts, in bytes
     * @param longest the most bytes that a line may have
     */
    public WholeLines(FileChannel channel, long start, int longest) {
        this.channel = channel;
        this.position = start;
        this.longest = longest;
    }

    /**
     * The next line; empty at the end.
     *
     * @throws IOException if the file cannot be read, or the line is too long
     */
    public Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long start = position - chunk.remaining();
        while (chunk.hasRemaining() || fill()) {
            int length = untilNewline();
            line.write(chunk.array(), chunk.position(), length);
            chunk.position(chunk.position() + length);
            if (chunk.hasRemaining()) {
                chunk.get();
                return Optional.of(new Line(start, line.toByteArray()));
            }
            if (line.size() > longest) {
                throw new IOException("its line at byte " + start + " is longer than " + longest + " bytes");
            }
        }
        cutOff = line.size() > 0;
        return Optional.empty();
    }

    /** Whether the file ends in a torn line; known at its end. */
    public boolean isCutOff() {
        return cutOff;
    }

    private boolean fill() throws IOException {
        chunk.clear();
        int read = channel.read(chunk, position);
        chunk.flip();
        position += chunk.remaining();
        return read > 0;
    }

    /** The number of bytes in the chunk before the next newline, or before the end of the chunk. */
    private int untilNewline() {
        for (int i = chunk.position(); i < chunk.limit(); i++) {
            if (chunk.get(i) == '\n') {
                return i - chunk.position();
            }
        }
        return chunk.remaining();
    }
}
