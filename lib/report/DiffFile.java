package syncdata.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.BiConsumer;
import syncdata.run.Json;
import syncdata.run.TemporaryFile;

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
            BufferedReader lines = lines();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                action.accept(UUID.fromString(line.substring(0, 36)), Json.MAPPER.readTree(line.substring(36)));
            }
        } catch (IOException e) {
            throw TemporaryFile.failure(e);
        }
    }

    /** Writes all of them as one JSON object, by id, in the order in which they were added. */
    void writeTo(JsonGenerator json) throws IOException {
        BufferedReader lines = lines();
        json.writeStartObject();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            json.writeFieldName(line.substring(0, 36));
            json.writeRawValue(line.substring(36));
        }
        json.writeEndObject();
    }

    private BufferedReader lines() throws IOException {
        writer.flush();
        channel.position(0);
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
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
