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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import syncdata.rules.EntityId;
import syncdata.rules.IdRange;
import syncdata.run.AtomicFile;
import syncdata.run.IdLog;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;
import syncdata.run.SortedIds;
import syncdata.run.WholeLines;
import syncdata.run.WholeLines.Line;
import syncdata.run.Words;

/**
 * The file of a checkpoint: a header, suspects, and positions. Lines are only ever added. A position holds a checksum
 * of all lines since the one before, and counts only if that is right; the first one's covers the header too.
 */
final class CheckpointFile implements AutoCloseable {
    /** In bytes: the header of a check of two thousand ranges fits. */
    private static final int LONGEST_LINE = 1 << 18;
    private static final String RANGES = "ranges";
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final FileChannel channel;
    private final OutputStream out;
    private List<IdRange> ranges = List.of();
    private final Map<Integer, RangePosition> positions = new HashMap<>();
    private CRC32 sum = new CRC32();
    /** The end of the last position, as far as all is whole. */
    private long whole;
    private boolean writable = true;

    private CheckpointFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    }

    /**
     * Makes a new one. Anybody can guess the name: whatever stands there is removed and never opened, such as a link,
     * or a file that others can read.
     *
     * @param check what the check is of
     */
    static CheckpointFile create(Path path, ObjectNode check, List<IdRange> ranges) throws IOException {
        Files.deleteIfExists(path);
        CheckpointFile file = new CheckpointFile(path, FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ALONE)));
        ObjectNode header = check.deepCopy();
        header.set(RANGES, Json.MAPPER.valueToTree(ranges));
        file.add(header.toString());
        return file;
    }

    /**
     * Opens one that a check has left.
     *
     * @param check what it has to be of
     * @throws RefusedException if it is of other databases
     * @throws InputException   if it is of other options
     */
    static CheckpointFile open(Path path, JsonNode check) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new InputException("The checkpoint " + path
                    + " is no file that a check has left: remove it, or check without --resume");
        }
        CheckpointFile file = new CheckpointFile(path, FileChannel.open(path,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)));
        try {
            Files.setPosixFilePermissions(path, OWNER_ALONE);
            file.read(check);
            return file;
        } catch (IOException | RuntimeException e) { // another check may need it
            file.channel.close();
            throw e;
        }
    }

    /** The positions of ranges, by their numbers; empty where there is nothing to resume from. */
    Map<Integer, RangePosition> positions() {
        return positions;
    }

    /** The ranges of the check that left it. */
    List<IdRange> ranges() {
        return ranges;
    }

    /** Whether nothing is in it at all. */
    boolean isEmpty() throws IOException {
        return channel.size() == 0;
    }

    /** Takes away what follows the last position: lines are added there. */
    void resume() throws IOException {
        channel.truncate(whole);
        channel.position(whole);
    }

    /** Whether what is added is still written. */
    synchronized boolean isWritable() {
        return writable;
    }

    /** Adds an id that seems to differ. */
    void add(UUID suspect) {
        add(suspect.toString());
    }

    /** Adds the position of a range, and puts all on the disk. */
    synchronized void add(int range, RangePosition position) {
        if (!writable || position.upTo().isEmpty()) {
            return;
        }
        ObjectNode line = Json.MAPPER.createObjectNode().put("range", range)
                .put("up_to", position.upTo().get().toString()).put("n_ok", position.ok())
                .put("n_in_graph", position.inGraph()).put("n_with_other_id", position.withOtherId())
                .put("checksum", sum.getValue());
        add(line.toString());
        try {
            out.flush();
            channel.force(false);
            whole = channel.position();
        } catch (IOException e) {
            writable = false;
        }
        sum = new CRC32();
    }

    /** After a full disk, for example, nothing more is written: the check goes on. */
    private synchronized void add(String line) {
        if (!writable) {
            return;
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            out.write(bytes);
            sum.update(bytes);
        } catch (IOException e) {
            writable = false;
        }
    }

    /** Gives the suspects of a range that were there when it was opened, ascending. */
    void forEachSuspect(IdRange range, Consumer<UUID> suspect) {
        try (IdLog suspects = new IdLog()) {
            WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
            for (Optional<Line> line = lines.next(); line.isPresent()
                    && line.get().start() < whole; line = lines.next()) {
                String text = line.get().text();
                if (!text.startsWith("{")) {
                    UUID id = EntityId.parse(text).orElseThrow(() -> new InputException("The checkpoint " + path
                            + " is damaged: " + Words.quoted(text) + " is no UUID; check without --resume"));
                    if (range.contains(id)) {
                        suspects.add(id);
                    }
                }
            }
            try (SortedIds all = suspects.sorted(); SortedIds each = all.distinct()) {
                each.iterator().forEachRemaining(suspect);
            }
        } catch (IOException e) {
            throw new InputException("The checkpoint " + path + " cannot be read: " + AtomicFile.reason(e)
                    + "; check without --resume", e);
        }
    }

    /** Lets {@link #close} remove it. */
    synchronized void discard() {
        whole = 0;
        writable = false;
    }

    /** Leaves the file only where it holds a position to resume from. */
    @Override
    public void close() {
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

    /** Finds the last position of each range, up to the first line that is damaged. */
    private void read(JsonNode check) throws IOException {
        CRC32 since = new CRC32();
        String header = "";
        WholeLines lines = new WholeLines(channel, 0, LONGEST_LINE);
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            String text = line.get().text();
            if (line.get().start() == 0) {
                header = text;
            } else if (text.startsWith("{")) {
                Optional<JsonNode> position = position(text, since.getValue());
                if (position.isEmpty()) {
                    return;
                }
                if (positions.isEmpty()) {
                    readHeader(header, check);
                }
                take(position.get());
                whole = line.get().end();
                since = new CRC32();
                continue;
            }
            since.update(line.get().bytes());
            since.update('\n');
        }
    }

    private void take(JsonNode position) {
        positions.put(position.path("range").asInt(), new RangePosition(
                EntityId.parse(position.path("up_to").asText()), position.path("n_ok").asLong(),
                position.path("n_in_graph").asLong(), position.path("n_with_other_id").asLong()));
    }

    /** Empty where a line is no position, or its checksum does not fit the lines before it. */
    private static Optional<JsonNode> position(String line, long checksum) {
        try {
            JsonNode kept = Json.MAPPER.readTree(line);
            return EntityId.parse(kept.path("up_to").asText()).filter(upTo -> kept.has("range")
                    && kept.path("checksum").asLong() == checksum).map(upTo -> kept);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private void readHeader(String header, JsonNode check) throws IOException {
        JsonNode kept = Json.MAPPER.readTree(header);
        for (String database : List.of("postgresql", "neo4j")) {
            if (!kept.path(database).equals(check.get(database))) {
                throw new RefusedException("The checkpoint " + path + " is of another database (" + kept.path(database)
                        + ", not " + check.get(database)
                        + "): connect to that one, or check without --resume");
            }
        }
        if (!kept.path("options").equals(check.get("options"))) {
            throw new InputException("The checkpoint " + path + " is of a check with other options ("
                    + kept.path("options") + ", not " + check.get("options")
                    + "): give the same, or check without --resume");
        }
        ranges = Json.MAPPER.readerForListOf(IdRange.class).readValue(kept.path(RANGES));
    }
}
