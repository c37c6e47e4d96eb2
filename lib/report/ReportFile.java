package syncdata.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.Ids;
import syncdata.run.InputException;
import syncdata.run.Json;

/** The file of a report, written whole or not at all. */
public final class ReportFile implements AutoCloseable {
    private final Path path;
    private final AtomicFile file;

    private ReportFile(Path path, AtomicFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Prepares to write, before the check: a place where nothing can be written is found at once.
     *
     * @param path a file, or {@code -} for standard output
     * @throws InputException if no file can be written there
     */
    public static ReportFile create(Path path) {
        return new ReportFile(path, AtomicFile.create(path, "report file"));
    }

    /** Writes a report, and puts it in place. */
    public void write(Report report, Events events) {
        events.info(Events.Logger.CHECK, "Writing check_results file", Map.of("filename", path.toString()));
        try {
            write(report, file.out());
            file.out().write('\n');
            file.commit();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private InputException failure(IOException e) {
        return file.failure(e, AtomicFile.isReaderGone(e)
                ? "nothing was repaired; let the reader take all of it, or name a file"
                : "nothing was repaired, run again with room for all of it");
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(Report report, OutputStream out) throws IOException {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
        lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(out, JsonEncoding.UTF8)) {
            json.setPrettyPrinter(lines);
            json.writeStartObject();
            writeIds(json, "entity_ids_to_delete", report.toDelete());
            writeIds(json, "entity_ids_to_reindex", report.toReindex());
            json.writeNumberField("n_missing", report.missing());
            json.writeNumberField("n_not_deleted", report.notDeleted());
            json.writeNumberField("n_ok", report.ok());
            json.writeNumberField("n_outdated", report.outdated());
            json.writeNumberField("n_strange", report.strange());
            if (report.diffs().isPresent()) {
                json.writeFieldName("diffs");
                report.diffs().get().writeTo(json);
            }
            json.writeObjectFieldStart("check");
            for (Map.Entry<String, JsonNode> field : report.provenance().fields().properties()) {
                json.writePOJOField(field.getKey(), field.getValue());
            }
            writeIds(json, "unconfirmed", report.unconfirmed());
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void writeIds(JsonGenerator json, String name, Ids ids) throws IOException {
        json.writeArrayFieldStart(name);
        ids.forEachBatch(1000, batch -> {
            for (UUID id : batch) {
                try {
                    json.writeString(id.toString());
                } catch (IOException e) {
                    throw failure(e);
                }
            }
        });
        json.writeEndArray();
    }
}
