package syncdata;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;

/** Where a report goes: whole or not at all, readable by its owner alone. */
public final class ReportFile implements AutoCloseable {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    private final Path path;
    private final Path target;
    private final Path temporary;
    private final Thread removal;

    private ReportFile(Path path, Path target, Path temporary) {
        this.path = path;
        this.target = target;
        this.temporary = temporary;
        this.removal = new Thread(this::removeTemporary);
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /** Where events go while a report goes to this path: whichever of standard output and standard error it leaves free. */
    public static PrintStream eventStream(Path path) {
        return path.equals(STANDARD_OUTPUT) ? System.err : System.out;
    }

    /**
     * Prepares to write a report, so that a place where none can be written is found out before the check.
     *
     * @param path a file, which is replaced once the report is whole, or {@code -} for standard output
     * @throws InputException if no file can be written there
     */
    public static ReportFile create(Path path) {
        if (path.equals(STANDARD_OUTPUT)) {
            return new ReportFile(path, null, null);
        }
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            if (Files.isDirectory(target)) {
                throw new InputException("The report file " + path + " is a folder: name a file in it");
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                return new ReportFile(path, target, null);
            }
            Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName() + "-", ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new ReportFile(path, target, temporary);
        } catch (NoSuchFileException e) {
            throw new InputException("The report file " + path + " cannot be written: its folder does not exist; create it or name another");
        } catch (IOException e) {
            throw new InputException("The report file " + path + " cannot be written: " + reason(e) + "; name a file in a folder that you may write to");
        }
    }

    /** Writes the report and puts it in place. */
    public void write(Report report, Events events) {
        events.info(Events.Logger.CHECK, "Writing check_results file", Map.of("filename", path.toString()));
        try {
            if (target == null) {
                write(report, System.out);
                System.out.println();
                return;
            }
            try (FileOutputStream file = new FileOutputStream((temporary == null ? target : temporary).toFile())) {
                write(report, file);
                file.write('\n');
                if (temporary != null) {
                    file.getFD().sync();
                }
            }
            if (temporary != null) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                    folder.force(true);
                }
            }
        } catch (IOException e) {
            throw new InputException("The report file " + path + " could not be written: " + reason(e) + "; nothing was repaired, run again with room for it", e);
        }
    }

    @Override
    public void close() {
        removeTemporary();
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException alreadyShuttingDown) {
            return;
        }
    }

    private void removeTemporary() {
        try {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            System.err.println("The temporary file " + temporary + " could not be removed: " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() != null ? f.getReason() : e.getClass().getSimpleName().equals("AccessDeniedException") ? "permission denied" : String.valueOf(e.getMessage());
    }

    private static void write(Report report, OutputStream out) throws IOException {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
        lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(new BufferedOutputStream(out, 1 << 16), JsonEncoding.UTF8)) {
            json.setPrettyPrinter(lines);
            json.writeStartObject();
            writeIds(json, "entity_ids_to_delete", report.toDelete());
            writeIds(json, "entity_ids_to_reindex", report.toReindex());
            json.writeNumberField("n_missing", report.missing());
            json.writeNumberField("n_not_deleted", report.notDeleted());
            json.writeNumberField("n_ok", report.ok());
            json.writeNumberField("n_outdated", report.outdated());
            json.writeNumberField("n_strange", report.strange());
            if (report.diffs() != null) {
                json.writeFieldName("diffs");
                report.diffs().writeTo(json);
            }
            json.writePOJOField("check", report.check());
            json.writeEndObject();
        }
    }

    private static void writeIds(JsonGenerator json, String name, IdFile ids) throws IOException {
        json.writeArrayFieldStart(name);
        ids.forEachBatch(1000, batch -> {
            for (UUID id : batch) {
                try {
                    json.writeString(id.toString());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        });
        json.writeEndArray();
    }
}
