package syncdata.repair;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.AtomicFile;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.run.WholeLines.Line;
import syncdata.run.WholeLines;

/**
 * Reads a journal. A torn last line is left out: its transaction was not committed. A file that is no journal, or a
 * damaged one, is an {@link InputException}, whatever is in it.
 */
public final class JournalReader implements AutoCloseable {
    private static final String WHICH = ": name the file that an event \"Writing journal\" named";

    private final Path path;
    private final FileChannel channel;
    private final JsonNode header;
    private final long firstChange;
    private final BitSet voided = new BitSet();
    private long lastBatch;
    private boolean cutOff;

    private JournalReader(Path path, FileChannel channel, Line header) {
        this.path = path;
        this.channel = channel;
        this.header = JournalLine.parse(header.bytes())
                .filter(json -> json.path("journal").asText().equals("graph-sync"))
                .orElseThrow(() -> new InputException("The file " + path + " is no journal" + WHICH));
        this.firstChange = header.end();
    }

    /**
     * Opens a journal.
     *
     * @throws InputException if it cannot be read, or is none
     */
    public static JournalReader open(Path path) {
        if (!Files.exists(path)) {
            throw new InputException("The journal " + path + " does not exist" + WHICH);
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException("The journal " + path + " is no regular file" + WHICH);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            Line header = new WholeLines(channel, 0, WholeLines.LONGEST).next()
                    .orElseThrow(() -> new InputException("The file " + path + " is no journal" + WHICH));
            return new JournalReader(path, channel, header);
        } catch (IOException | InputException e) {
            close(channel);
            throw e instanceof InputException known ? known
                    : new InputException("The journal " + path + " cannot be read: "
                            + AtomicFile.reason((IOException) e) + WHICH, e);
        }
    }

    /**
     * The newest journal in a folder, by when its repair started. Files that are no journals do not count.
     *
     * @throws InputException if there is none
     */
    public static Path newest(Path folder) {
        return in(folder).stream().findFirst().orElseThrow(() ->
                new InputException("The folder " + folder
                        + " holds no journal: name the folder in which the repair's report was written"));
    }

    /**
     * The journals in a folder, the newest first.
     *
     * @throws InputException if the folder cannot be read
     */
    static List<Path> in(Path folder) {
        Map<Path, String> started = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".journal") && Files.isRegularFile(file))
                    .toList()) {
                try (JournalReader journal = open(file)) {
                    started.put(file.normalize(), journal.started());
                } catch (InputException notOne) {
                    continue;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new InputException("The folder " + folder + " cannot be read: name one that holds journals", e);
        }
        return started.keySet().stream()
                .sorted(Comparator.<Path, String>comparing(started::get).thenComparing(file -> file).reversed())
                .toList();
    }

    /**
     * Makes sure that it was written for this Neo4j.
     *
     * @throws RefusedException if it was another
     */
    public void refuseUnlessOf(DatabaseIdentity neo4j) {
        JsonNode written = header.path("neo4j");
        if (!neo4j.id().equals(Optional.of(written.path("id").asText()))) {
            throw new RefusedException("The journal " + path + " was written for another Neo4j, database "
                    + written.path("name").asText()
                    + " at " + written.path("host").asText()
                    + ": connect to that one, or give --any-database if this one is a copy of it");
        }
    }

    /** When the repair started, in ISO 8601. */
    public String started() {
        return header.path("started").asText();
    }

    /**
     * Gives every entry in order, those of transactions that were rolled back among them. After that {@link #isVoid}
     * knows those.
     */
    void forEach(Entries entries) {
        WholeLines lines = new WholeLines(channel, firstChange, WholeLines.LONGEST);
        long count = 0;
        try {
            for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
                count++;
                JournalLine line = line(next.get());
                if (line.batch() < 1 || line.batch() > count) { // a transaction has a line at least
                    throw damaged(next.get().start());
                }
                if (line instanceof JournalLine.Void) {
                    voided.set((int) Math.min(Integer.MAX_VALUE, line.batch()));
                } else if (line instanceof JournalLine.Entry entry) {
                    lastBatch = Math.max(lastBatch, entry.batch());
                    entries.take(next.get().start(), entry);
                }
            }
            cutOff = lines.isCutOff();
        } catch (IOException e) {
            throw new InputException("The journal " + path + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** An entry, and the bytes of its line. */
    record Located(JournalLine.Entry entry, int length) {
    }

    /** The entry that starts at a place. */
    Located at(long place) {
        try {
            Line line = new WholeLines(channel, place, WholeLines.LONGEST).next().orElseThrow(() -> damaged(place));
            if (line(line) instanceof JournalLine.Entry entry) {
                return new Located(entry, line.bytes().length);
            }
            throw damaged(place);
        } catch (IOException e) {
            throw new InputException("The journal " + path + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /** Whether a transaction was rolled back. */
    boolean isVoid(long batch) {
        return voided.get((int) Math.min(Integer.MAX_VALUE, batch));
    }

    /** The number of the last transaction. */
    long lastBatch() {
        return lastBatch;
    }

    /** Once it was read: whether the last line was cut off. */
    boolean isCutOff() {
        return cutOff;
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JournalLine line(Line line) {
        return JournalLine.parse(line.bytes()).flatMap(JournalLine::of).orElseThrow(() -> damaged(line.start()));
    }

    private InputException damaged(long place) {
        return new InputException("The journal " + path + " is damaged: nothing can be made of its line at byte "
                + place
                + "; nothing was changed. Without that line and the rest it may still be of use: keep a copy, and cut "
                + "it off there");
    }

    /** Says that there is more about one thing than any repair writes. */
    InputException tooMuch(long place) {
        return new InputException("The journal " + path + " is damaged: it tells more of one thing, at byte " + place
                + ", than this Java's memory can hold; it is no journal that a repair wrote, or Java needs more "
                + "memory (JAVA_TOOL_OPTIONS=-Xmx2g)");
    }

    interface Entries {
        void take(long place, JournalLine.Entry entry);
    }
}
