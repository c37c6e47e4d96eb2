package syncdata.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The lines of a file that is only ever added to, one after the other. A last line without its end, which a power cut
 * leaves, is none. Memory is that of the longest line.
 */
public final class WholeLines {
    /** A line of more bytes than this is no line of a file that was meant for this Java's memory. */
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
     * @param start its first byte's place in the file
     */
    public record Line(long start, byte[] bytes) {
        /** Where the next one starts. */
        public long end() {
            return start + bytes.length + 1;
        }

        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * The lines from a place on.
     *
     * @param start   where a line starts, in bytes; the channel's own position stays as it is
     * @param longest the most bytes that a line may have
     */
    public WholeLines(FileChannel channel, long start, int longest) {
        this.channel = channel;
        this.position = start;
        this.longest = longest;
    }

    /**
     * The next one; empty at the end.
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

    /** At the end: whether a line without its end follows the last. */
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

    /** How many bytes of the chunk stand before the next newline, or before its end. */
    private int untilNewline() {
        for (int i = chunk.position(); i < chunk.limit(); i++) {
            if (chunk.get(i) == '\n') {
                return i - chunk.position();
            }
        }
        return chunk.remaining();
    }
}
