package syncdata.run;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is written whole or not at all, readable by its owner alone. It is written under a temporary name in the
 * same folder, and renamed at the end. {@code -} is standard output. A pipe, a device or an open stream such as
 * /dev/fd/3 is written to as it is. Temporary files that a killed run left behind are removed by the next one.
 */
public final class AtomicFile implements AutoCloseable {
    private static final Path STANDARD_OUTPUT = Path.of("-");
    private static final Set<Path> NAMES_OF_STANDARD_OUTPUT = Set.of(STANDARD_OUTPUT,
            Path.of("/dev/stdout"), Path.of("/dev/fd/1"), Path.of("/proc/self/fd/1"));
    private static final List<Path> STREAMS =
            List.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"), Path.of("/dev/fd"), Path.of("/proc"));
    private static final int MOST_LINKS = 40;

    /** Temporary files of this process. Opening and closing one again would give up its lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final String what;
    private final Path target;
    private final Optional<Path> temporary;
    private final Thread removal;
    /** Open once something is written: opening a pipe waits for its reader. */
    private OutputStream out;
    private FileOutputStream file;

    /** A target that is written to as it is. */
    private AtomicFile(Path target, String what) {
        this(target, what, target, Optional.empty(), null);
    }

    private AtomicFile(Path path, String what, Path target, Optional<Path> temporary, FileOutputStream file) {
        this.path = path;
        this.what = what;
        this.target = target;
        this.temporary = temporary;
        this.file = file;
        this.removal = new Thread(this::discard);
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /** Whether a path is standard output, by any of its names. */
    public static boolean isStandardOutput(Path path) {
        return NAMES_OF_STANDARD_OUTPUT.contains(path);
    }

    /** Whether a path leads to a regular file, present or to be made: no pipe, device or open stream. */
    public static boolean isFile(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        return !path.equals(STANDARD_OUTPUT) && STREAMS.stream().noneMatch(whole::startsWith)
                && (!Files.exists(path) || Files.isRegularFile(path));
    }

    /**
     * The file at the end of all links. It need not exist; its folder has to.
     *
     * @throws IOException if the folder does not exist, or links lead in a circle
     */
    public static Path target(Path path) throws IOException {
        Path file = path.toAbsolutePath();
        for (int i = 0; Files.isSymbolicLink(file); i++) {
            if (i == MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
        }
        return file.getParent().toRealPath().resolve(file.getFileName());
    }

    /**
     * Prepares to write, before the work: a place where nothing can be written is found at once.
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
        if (Files.isDirectory(path)) {
            throw new InputException("The " + what + " " + path + " is a folder: name a file in it");
        }
        if (!isFile(path)) {
            return new AtomicFile(path, what);
        }
        try {
            Path target = target(path);
            removeLeftBehind(target);
            while (true) {
                Path temporary = Files.createTempFile(target.getParent(), prefix(target), ".tmp",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OWN.add(temporary);
                FileOutputStream file = new FileOutputStream(temporary.toFile());
                if (isKept(temporary, file)) {
                    // whatever the umask
                    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
                    return new AtomicFile(path, what, target, Optional.of(temporary), file);
                }
                OWN.remove(temporary);
                file.close();
            }
        } catch (NoSuchFileException e) {
            throw new InputException("The " + what + " " + path
                    + " cannot be written: its folder does not exist; create it or name another");
        } catch (IOException e) {
            throw new InputException("The " + what + " " + path + " cannot be written: " + reason(e)
                    + "; name a file in a folder that you may write to");
        }
    }

    /** The stream to write to, buffered, the same each time. It need not be closed. */
    public OutputStream out() throws IOException {
        if (out == null) {
            if (file == null && !NAMES_OF_STANDARD_OUTPUT.contains(target)) {
                file = new FileOutputStream(target.toFile(), true); // appends: others may write there too
            }
            out = new BufferedOutputStream(file == null ? new FileOutputStream(FileDescriptor.out) : file, 1 << 16);
        }
        return out;
    }

    /** Flushes to the disk, and renames into place. */
    public void commit() throws IOException {
        out().flush();
        if (temporary.isPresent()) {
            file.getFD().sync();
            Files.move(temporary.get(), target, StandardCopyOption.ATOMIC_MOVE);
            OWN.remove(temporary.get());
            try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
        if (file != null) {
            file.close();
        }
    }

    /**
     * The error for an operator when writing failed.
     *
     * @param advice what follows from it, and what to do
     */
    public InputException failure(IOException e, String advice) {
        return new InputException("The " + what + " " + path + " could not be written: " + reason(e) + "; " + advice,
                e);
    }

    /** Removes the temporary file, unless it was renamed into place. */
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
            if (temporary.isPresent()) {
                Files.deleteIfExists(temporary.get());
                OWN.remove(temporary.get());
            }
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            System.err.println(Words.visible("The temporary file " + temporary.orElse(target)
                    + " could not be removed: " + reason(e)));
        }
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + "-";
    }

    /** Removes temporary files for this target that no process has locked: the run that made them was killed. */
    private static void removeLeftBehind(Path target) throws IOException {
        DirectoryStream.Filter<Path> temporary = file -> {
            String name = file.getFileName().toString();
            return name.startsWith(prefix(target)) && name.substring(prefix(target).length()).matches("\\d+\\.tmp");
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target.getParent(), temporary)) {
            for (Path file : files) {
                if (!OWN.contains(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    removeUnlessLocked(file);
                }
            }
        }
    }

    private static void removeUnlessLocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | OverlappingFileLockException somebodyElses) {
            return;
        }
    }

    /** Locks a new file; false where another run removed it before, since it was not locked yet. */
    private static boolean isKept(Path temporary, FileOutputStream file) {
        try {
            FileLock lock = file.getChannel().lock();
            return lock.isValid() && Files.exists(temporary);
        } catch (IOException | OverlappingFileLockException noLocksHere) {
            return Files.exists(temporary);
        }
    }

    /** Whether the reader of a pipe has ended. */
    public static boolean isReaderGone(IOException e) {
        return "Broken pipe".equals(e.getMessage());
    }

    /** The reason of a failure, in a few words. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof FileSystemLoopException) {
            return "its links lead in a circle";
        }
        if (isReaderGone(e)) {
            return "its reader left before the end";
        }
        return e instanceof FileSystemException f
                && f.getReason() != null ? f.getReason() : String.valueOf(e.getMessage());
    }
}
