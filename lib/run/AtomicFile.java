package syncdata.run;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that is written whole or not at all, readable by its owner alone: a temporary one in the same folder, put in place at the end.
 * {@code -} is standard output, and a pipe or device is written as it is.
 */
public final class AtomicFile implements AutoCloseable {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    private final Path path;
    private final String what;
    private final Path target;
    private final Path temporary;
    private final Thread removal;
    private OutputStream out;
    private FileOutputStream file;

    private AtomicFile(Path path, String what, Path target, Path temporary) {
        this.path = path;
        this.what = what;
        this.target = target;
        this.temporary = temporary;
        this.removal = new Thread(this::discard);
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /** Whichever of standard output and standard error is left free by what is written to this path, which may be null. */
    public static PrintStream otherStream(Path path) {
        return STANDARD_OUTPUT.equals(path) ? System.err : System.out;
    }

    /**
     * Prepares to write, so that a place where nothing can be written is found out before the work.
     *
     * @param what what the file is, for errors, such as {@code report file}
     * @throws InputException if no file can be written there
     */
    public static AtomicFile create(Path path, String what) {
        return create(path, what, "rw-------");
    }

    /**
     * The same for a file that others may read too.
     *
     * @param permissions such as {@code rw-r--r--}
     */
    public static AtomicFile create(Path path, String what, String permissions) {
        if (path.equals(STANDARD_OUTPUT)) {
            return new AtomicFile(path, what, null, null);
        }
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            if (Files.isDirectory(target)) {
                throw new InputException("The " + what + " " + path + " is a folder: name a file in it");
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                return new AtomicFile(path, what, target, null);
            }
            Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName() + "-", ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions)); // whatever the umask
            return new AtomicFile(path, what, target, temporary);
        } catch (NoSuchFileException e) {
            throw new InputException("The " + what + " " + path + " cannot be written: its folder does not exist; create it or name another");
        } catch (IOException e) {
            throw new InputException("The " + what + " " + path + " cannot be written: " + reason(e) + "; name a file in a folder that you may write to");
        }
    }

    /** Where to write, buffered; the same each time. Need not be closed. */
    public OutputStream out() throws IOException {
        if (out == null) {
            file = target == null ? null : new FileOutputStream((temporary == null ? target : temporary).toFile());
            out = new BufferedOutputStream(file == null ? new FileOutputStream(FileDescriptor.out) : file, 1 << 16);
        }
        return out;
    }

    /** Puts what was written in place, once it is safe on the disk. */
    public void commit() throws IOException {
        out().flush();
        if (file == null) {
            return;
        }
        if (temporary != null) {
            file.getFD().sync();
        }
        file.close();
        if (temporary != null) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /**
     * What to tell the operator when writing failed.
     *
     * @param advice what that means, and what to do
     */
    public InputException failure(IOException e, String advice) {
        return new InputException("The " + what + " " + path + " could not be written: " + reason(e) + "; " + advice, e);
    }

    /** Leaves nothing behind, unless it was put in place. */
    @Override
    public void close() {
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException alreadyShuttingDown) {
            return;
        }
    }

    private void discard() {
        try {
            if (file != null) {
                file.close();
            }
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            System.err.println("The temporary file " + temporary + " could not be removed: " + reason(e));
        }
    }

    /** Why, in a few words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        return e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : String.valueOf(e.getMessage());
    }
}
