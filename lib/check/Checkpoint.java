package syncdata.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import syncdata.rules.EntityId;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.run.WholeLines;
import syncdata.run.WholeLines.Line;
import syncdata.run.Words;

/**
 * What an interrupted check leaves beside its report, {@code .NAME.checkpoint}: how far it came, and the ids that
 * seemed to differ.
 * Lines are only ever added; one that says how far counts only if the checksum that it holds, of all lines since the
 * one before, is right.
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

    private static final int LONGEST_LINE = 1 << 16;
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private final Path path;
    private final boolean resume;
    private FileChannel channel;
    private OutputStream out;
    private CRC32 sum = new CRC32();
    private long whole;
    private boolean damaged;
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
        if (!AtomicFile.isFile(report)) {
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
            Optional<Position> position = resume
                    && Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? goOn(wanted) : Optional.empty();
            if (position.isEmpty()) {
                beginAnew();
            }
            channel.position(whole);
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            sum = new CRC32();
            if (position.isEmpty()) {
                line(wanted.toString());
            }
            return position;
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be used: " + AtomicFile.reason(e)
                    + "; name a report in a folder that you may write to");
        }
    }

    /** Whether there is one to go on from, of which nothing can be made. */
    public boolean isDamaged() {
        return damaged;
    }

    /**
     * Nothing else that stands at this name is opened, which anybody can guess: not a link, and not a file of other
     * eyes.
     */
    private void beginAnew() throws IOException {
        if (channel != null) {
            channel.close();
        }
        Files.deleteIfExists(path);
        channel = FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        whole = 0;
    }

    private Optional<Position> goOn(JsonNode wanted) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException("The checkpoint " + path
                    + " is no file that a check has left: remove it, or check without --resume");
        }
        channel = FileChannel.open(path,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        Files.setPosixFilePermissions(path, OWNER_ALONE);
        Optional<Position> position;
        try {
            position = read(wanted);
        } catch (RuntimeException e) { // it is of another check, and may be needed for that
            channel.close();
            channel = null;
            throw e;
        }
        damaged = position.isEmpty() && channel.size() > 0;
        if (position.isPresent()) {
            channel.truncate(whole);
        }
        return position;
    }

    /** Gives every id that seemed to differ before the interruption, ascending. */
    public void forEachSuspect(Consumer<UUID> suspect) {
        try {
            WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
            for (Optional<Line> line = lines.next(); line.isPresent()
                    && line.get().start() < whole; line = lines.next()) {
                String text = line.get().text();
                if (!text.startsWith("{")) {
                    suspect.accept(EntityId.parse(text).orElseThrow(() -> new InputException("The checkpoint " + path
                            + " is damaged: " + Words.quoted(text) + " is no UUID; check without --resume")));
                }
            }
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be read: " + AtomicFile.reason(e)
                    + "; check without --resume", e);
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
        ObjectNode line = Json.MAPPER.createObjectNode().put("up_to", position.upTo().toString())
                .put("n_ok", position.ok())
                .put("n_in_graph", position.inGraph()).put("n_with_other_id", position.withOtherId())
                .put("checksum", sum.getValue());
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
            System.err.println(Words.visible("The checkpoint " + path + " could not be removed: "
                    + AtomicFile.reason(e)));
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

    /**
     * Finds the last position that is whole. The checksum of the first covers the line that says what the check is of.
     */
    private Optional<Position> read(JsonNode wanted) throws IOException {
        Optional<Position> position = Optional.empty();
        CRC32 since = new CRC32();
        String header = "";
        WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            String text = line.get().text();
            if (line.get().start() == 0) {
                header = text;
            } else if (text.startsWith("{")) {
                Optional<Position> next = position(text, since.getValue());
                if (next.isEmpty()) {
                    break;
                }
                if (position.isEmpty()) {
                    compare(header, wanted);
                }
                position = next;
                whole = line.get().end();
                since = new CRC32();
                continue;
            }
            since.update(line.get().bytes());
            since.update('\n');
        }
        return position;
    }

    /** Empty where a line is none, or the lines before it are not those that it is about. */
    private static Optional<Position> position(String line, long checksum) {
        try {
            JsonNode kept = Json.MAPPER.readTree(line);
            return EntityId.parse(kept.path("up_to").asText())
                    .filter(upTo -> kept.path("checksum").asLong() == checksum)
                    .map(upTo -> new Position(upTo, kept.path("n_ok").asLong(), kept.path("n_in_graph").asLong(),
                            kept.path("n_with_other_id").asLong()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void compare(String header, JsonNode wanted) throws IOException {
        JsonNode kept = Json.MAPPER.readTree(header);
        for (String database : new String[] {"postgresql", "neo4j"}) {
            if (!kept.path(database).equals(wanted.get(database))) {
                throw new RefusedException("The checkpoint " + path + " is of another database (" + kept.path(database)
                        + ", not " + wanted.get(database)
                        + "): connect to that one, or check without --resume");
            }
        }
        if (!kept.path("options").equals(wanted.get("options"))) {
            throw new InputException("The checkpoint " + path + " is of a check with other options ("
                    + kept.path("options") + ", not " + wanted.get("options")
                    + "): give the same, or check without --resume");
        }
    }
}
