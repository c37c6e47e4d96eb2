package syncdata.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;

/**
 * What an interrupted check leaves beside its report, {@code .NAME.checkpoint}: how far it came, and the ids that seemed to differ.
 * Lines are only ever added; one that says how far counts only if the checksum that it holds, of all lines since the one before, is right.
 */
public final class Checkpoint implements AutoCloseable {
    /**
     * How far a check came.
     *
     * @param upTo the id compared last
     * @param ok   entities that are the same in both, so far
     */
    public record Position(UUID upTo, long ok, long inGraph, long withOtherId) {
    }

    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Path path;
    private final boolean resume;
    private FileChannel channel;
    private OutputStream out;
    private CRC32 sum = new CRC32();
    private long whole;
    private long saved = System.nanoTime();

    private Checkpoint(Path path, boolean resume) {
        this.path = path;
        this.resume = resume;
    }

    /** None is kept. */
    static Checkpoint none() {
        return new Checkpoint(null, false);
    }

    /**
     * The one beside a report.
     *
     * @param report {@code -} has none
     * @param resume whether to go on from it, where there is one
     * @throws InputException if there can be none to go on from
     */
    public static Checkpoint beside(Path report, boolean resume) {
        if (report.equals(Path.of("-")) || Files.exists(report) && !Files.isRegularFile(report)) {
            if (resume) {
                throw new InputException("--resume needs a report in a file: a check keeps its checkpoint beside it");
            }
            return none();
        }
        return new Checkpoint(report.resolveSibling("." + report.getFileName() + ".checkpoint"), resume);
    }

    /**
     * Begins.
     *
     * @param check what the check is of: a checkpoint of another is not gone on from
     * @return how far the interrupted check came; empty where this one begins anew
     * @throws RefusedException if the checkpoint is of other databases
     * @throws InputException if it is of other options
     */
    public Optional<Position> begin(Map<String, Object> check) {
        if (path == null) {
            return Optional.empty();
        }
        ObjectNode wanted = Json.MAPPER.valueToTree(check);
        try {
            Position position = resume && Files.exists(path) ? read(wanted) : null;
            channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            channel.truncate(position == null ? 0 : whole);
            channel.position(channel.size());
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            sum = new CRC32();
            if (position == null) {
                whole = 0;
                line(wanted.toString());
            }
            return Optional.ofNullable(position);
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be used: " + AtomicFile.reason(e) + "; name a report in a folder that you may write to");
        }
    }

    /** Gives every id that seemed to differ before the interruption, ascending. */
    public void forEachSuspect(Consumer<UUID> suspect) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (long read = 0; read < whole; ) {
                String line = next(in);
                read += line.getBytes(StandardCharsets.UTF_8).length + 1;
                if (!line.startsWith("{")) {
                    suspect.accept(UUID.fromString(line));
                }
            }
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be read: " + AtomicFile.reason(e) + "; check without --resume", e);
        }
    }

    /** Whether the operator asked to go on from it. */
    boolean isWanted() {
        return resume;
    }

    /** Adds an id that seems to differ. */
    public void suspect(UUID id) {
        line(id.toString());
    }

    /** Whether it is some seconds since the last. */
    boolean isDue() {
        return out != null && System.nanoTime() - saved > BETWEEN.toNanos();
    }

    /** Keeps how far the check came. */
    public void save(Position position) {
        if (out == null || position.upTo() == null) {
            return;
        }
        ObjectNode line = Json.MAPPER.createObjectNode().put("up_to", position.upTo().toString()).put("n_ok", position.ok())
                .put("n_in_graph", position.inGraph()).put("n_with_other_id", position.withOtherId()).put("checksum", sum.getValue());
        line(line.toString());
        try {
            out.flush();
            channel.force(false);
            whole = channel.position();
        } catch (IOException e) {
            abandon();
        }
        sum = new CRC32();
        saved = System.nanoTime();
    }

    /** Once the report is written: a check that is complete leaves nothing to go on from. */
    public void keepOnlyIf(boolean partial) {
        if (!partial) {
            whole = 0;
            out = null;
        }
    }

    /** Leaves the file, if there is something in it to go on from. */
    @Override
    public void close() {
        if (path == null || channel == null) {
            return;
        }
        try {
            channel.close();
            if (whole == 0) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("The checkpoint " + path + " could not be removed: " + AtomicFile.reason(e));
        }
    }

    /** A full disk, say: the check goes on without a later checkpoint. */
    private void abandon() {
        out = null;
    }

    private void line(String text) {
        if (out == null) {
            return;
        }
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
            sum.update(bytes);
        } catch (IOException e) {
            abandon();
        }
    }

    /** Finds the last position that is whole; null where there is none. */
    private Position read(JsonNode wanted) throws IOException {
        Position position = null;
        CRC32 since = new CRC32();
        long read = 0;
        whole = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (String line = next(in); line != null; line = next(in)) {
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                if (read == 0) {
                    compare(line, wanted);
                } else if (line.startsWith("{")) {
                    JsonNode kept = Json.MAPPER.readTree(line);
                    if (kept.path("checksum").asLong() != since.getValue()) {
                        return position;
                    }
                    position = new Position(UUID.fromString(kept.get("up_to").asText()), kept.get("n_ok").asLong(), kept.get("n_in_graph").asLong(),
                            kept.get("n_with_other_id").asLong());
                    whole = read + bytes.length;
                    since = new CRC32();
                    read += bytes.length;
                    continue;
                }
                since.update(bytes);
                read += bytes.length;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException tornLine) {
            return position;
        }
        return position;
    }

    private void compare(String header, JsonNode wanted) throws IOException {
        JsonNode kept = Json.MAPPER.readTree(header);
        for (String database : new String[] {"postgresql", "neo4j"}) {
            if (!kept.path(database).equals(wanted.get(database))) {
                throw new RefusedException("The checkpoint " + path + " is of another database (" + kept.path(database) + ", not " + wanted.get(database)
                        + "): connect to that one, or check without --resume");
            }
        }
        if (!kept.path("options").equals(wanted.get("options"))) {
            throw new InputException("The checkpoint " + path + " is of a check with other options (" + kept.path("options") + ", not " + wanted.get("options")
                    + "): give the same, or check without --resume");
        }
    }

    /** The next whole line; null where there is none. */
    private static String next(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        return null;
    }
}
