package syncdata.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A file without a name in Java's temporary folder. It goes with the process. */
public final class TemporaryFile implements AutoCloseable {
    private static final String FOLDER = "java.io.tmpdir";

    private final FileChannel channel;

    private TemporaryFile(FileChannel channel) {
        this.channel = channel;
    }

    /** The folder in which temporary files are made. */
    public static Path folder() {
        return Path.of(System.getProperty(FOLDER));
    }

    /**
     * Makes temporary files in another folder from now on, in all of the process.
     *
     * @throws InputException if it is no folder that can be written to
     */
    public static void use(Path folder) {
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InputException("The temporary folder " + folder
                    + " cannot be used: name a folder that you may write to");
        }
        System.setProperty(FOLDER, folder.toString());
    }

    /**
     * Opens a new file to write and to read.
     *
     * @param suffix of the name that it has until it is open
     * @throws InputException if the folder takes no file
     */
    public static TemporaryFile open(String suffix) {
        try {
            Path file = Files.createTempFile(folder(), "sync-data-", suffix);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
            return new TemporaryFile(channel);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The channel of the file, for what the methods here cannot do. */
    public FileChannel channel() {
        return channel;
    }

    /** Appends what a buffer holds, and empties the buffer. */
    public void append(ByteBuffer buffer) {
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The file up to now, mapped in segments of so many bytes; the last one may be shorter. */
    public List<MappedByteBuffer> segments(long bytes) {
        try {
            List<MappedByteBuffer> segments = new ArrayList<>();
            for (long from = 0; from < channel.size(); from += bytes) {
                segments.add(channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(bytes, channel.size() - from)));
            }
            return segments;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The error for an operator when a temporary file could not be written or read. */
    public static RuntimeException failure(IOException e) {
        return e instanceof ClosedByInterruptException ? new UncheckedIOException(e)
                : new InputException("The temporary folder " + folder() + " cannot be used: " + AtomicFile.reason(e)
                        + "; make room there, or name another, with --temporary-folder where a check is run, else with"
                        + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER", e);
    }
}
