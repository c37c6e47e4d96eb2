package syncdata.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import syncdata.run.Json;
import syncdata.run.TemporaryFile;
import syncdata.run.WholeLines;
import syncdata.run.WholeLines.Line;

/** The {@code diffs} of a report, kept in a nameless temporary file until the report is written. */
public final class DiffFile implements AutoCloseable {
    private final FileChannel channel;
    private final BufferedWriter writer;

    public DiffFile() {
        channel = TemporaryFile.open(".diffs");
        writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
    }

    /** Adds what differs in one entity, as any value that can be written as JSON. */
    public void add(UUID id, Object diff) {
        try {
            writer.write(id + Json.MAPPER.writeValueAsString(diff) + "\n");
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    /** Gives all of them in the order in which they were added. */
    public void forEach(BiConsumer<UUID, JsonNode> action) {
        try {
            WholeLines lines = lines();
            for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                String text = line.get().text();
                action.accept(UUID.fromString(text.substring(0, 36)), Json.MAPPER.readTree(text.substring(36)));
            }
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    /** Writes all of them as one JSON object, by id, in the order in which they were added. */
    void writeTo(JsonGenerator json) throws IOException {
        WholeLines lines = lines();
        json.writeStartObject();
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            String text = line.get().text();
            json.writeFieldName(text.substring(0, 36));
            json.writeRawValue(text.substring(36));
        }
        json.writeEndObject();
    }

    private WholeLines lines() throws IOException {
        writer.flush();
        return new WholeLines(channel, 0, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }
}
