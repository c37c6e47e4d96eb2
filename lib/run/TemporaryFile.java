package syncdata.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files without a name in Java's temporary folder, which go with the process. */
public final class TemporaryFile {
    private static final String FOLDER = "java.io.tmpdir";

    private TemporaryFile() {
    }

    /** Where such files are made. */
    public static Path folder() {
        return Path.of(System.getProperty(FOLDER));
    }

    /**
     * Makes them in another folder, for all of the process.
     *
     * @throws InputException if it is none that can be written to
     */
    public static void use(Path folder) {
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InputException("The temporary folder " + folder
                    + " cannot be used: name a folder that you may write to");
        }
        System.setProperty(FOLDER, folder.toString());
    }

    /**
     * Opens a new one to write and to read.
     *
     * @param suffix of the name that it has for a moment
     * @throws InputException if the folder takes none
     */
    public static FileChannel open(String suffix) {
        try {
            Path file = Files.createTempFile(folder(), "sync-data-", suffix);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
            return channel;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** What to tell the operator when such a file could not be written or read. */
    public static RuntimeException failure(IOException e) {
        return e instanceof ClosedByInterruptException ? new UncheckedIOException(e)
                : new InputException("The temporary folder " + folder() + " cannot be used: " + AtomicFile.reason(e)
                        + "; make room there, or name another, with --temporary-folder where a check is run, else with"
                        + " JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER", e);
    }
}
