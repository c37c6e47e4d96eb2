package syncdata.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.BiConsumer;
import syncdata.rules.EntityId;
import syncdata.run.Json;
import syncdata.run.TemporaryFile;
import syncdata.run.WholeLines;

/** The {@code diffs} of a report, in a temporary file. */
public final class DiffFile implements AutoCloseable {
    private static final int ID = 36;

    private final TemporaryFile file = TemporaryFile.open(".diffs");
    private final BufferedWriter writer =
            new BufferedWriter(Channels.newWriter(file.channel(), StandardCharsets.UTF_8));

    /** A line of the file. */
    private record Diff(UUID id, String json) {
        static Diff of(String line) {
            return new Diff(UUID.fromString(line.substring(0, ID)), line.substring(ID));
        }
    }

    /** The next diff of a file. */
    private static final class Cursor {
        private final WholeLines lines;
        private Optional<Diff> next;

        Cursor(WholeLines lines) throws IOException {
            this.lines = lines;
            advance();
        }

        void advance() throws IOException {
            next = lines.next().map(line -> Diff.of(line.text()));
        }

        UUID id() {
            return next.orElseThrow().id();
        }
    }

    /** Merges files whose diffs ascend by id. Those files stay open. */
    public static DiffFile merged(List<DiffFile> files) {
        DiffFile merged = new DiffFile();
        try {
            PriorityQueue<Cursor> cursors = new PriorityQueue<>(Comparator.comparing(Cursor::id, EntityId.ORDER));
            for (DiffFile file : files) {
                Cursor cursor = new Cursor(file.lines());
                if (cursor.next.isPresent()) {
                    cursors.add(cursor);
                }
            }
            while (!cursors.isEmpty()) {
                Cursor lowest = cursors.remove();
                merged.addLine(lowest.id(), lowest.next.orElseThrow().json());
                lowest.advance();
                if (lowest.next.isPresent()) {
                    cursors.add(lowest);
                }
            }
            return merged;
        } catch (IOException e) {
            merged.close();
            throw TemporaryFile.failure(e);
        }
    }

    /** Adds what differs in one entity, as any value that can be written as JSON. */
    public void add(UUID id, Object diff) {
        try {
            addLine(id, Json.MAPPER.writeValueAsString(diff));
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    /** Writes all diffs in a binary form. */
    public void writeTo(DataOutput out) throws IOException {
        for (Cursor cursor = new Cursor(lines()); cursor.next.isPresent(); cursor.advance()) {
            byte[] line = (cursor.id() + cursor.next.get().json()).getBytes(StandardCharsets.UTF_8);
            out.writeInt(line.length);
            out.write(line);
        }
        out.writeInt(0);
    }

    /** Adds what {@link #writeTo(DataOutput)} wrote. */
    public void addFrom(DataInput in) throws IOException {
        for (int length = in.readInt(); length > 0; length = in.readInt()) {
            byte[] line = new byte[length];
            in.readFully(line);
            Diff diff = Diff.of(new String(line, StandardCharsets.UTF_8));
            addLine(diff.id(), diff.json());
        }
    }

    /** Hands out all diffs in the order in which they were added. */
    public void forEach(BiConsumer<UUID, JsonNode> action) {
        try {
            for (Cursor cursor = new Cursor(lines()); cursor.next.isPresent(); cursor.advance()) {
                action.accept(cursor.id(), Json.MAPPER.readTree(cursor.next.get().json()));
            }
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    /** Writes all diffs as one JSON object, by id, in the order in which they were added. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (Cursor cursor = new Cursor(lines()); cursor.next.isPresent(); cursor.advance()) {
            json.writeFieldName(cursor.id().toString());
            json.writeRawValue(cursor.next.get().json());
        }
        json.writeEndObject();
    }

    @Override
    public void close() {
        file.close();
    }

    private void addLine(UUID id, String json) throws IOException {
        writer.write(id + json + "\n");
    }

    private WholeLines lines() throws IOException {
        writer.flush();
        return new WholeLines(file.channel(), 0, Integer.MAX_VALUE);
    }
}
