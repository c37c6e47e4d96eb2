package syncdata.repair;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.neo4j.driver.Value;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.AtomicFile;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.Version;
import syncdata.store.Databases;

/**
 * What a repair changes, as it was before: a line of JSON for each node and relationship. The lines of a transaction
 * are on the disk before it is committed. The file is made with the first line, readable by its owner alone, and never
 * overwrites another. {@link JournalReader} reads it.
 */
public final class Journal implements AutoCloseable {

    private final Optional<Target> target;
    /** No channel: Java closes one whose thread is interrupted, as a thread is that waits too long for Neo4j. */
    private FileOutputStream out;
    private long batches;

    /**
     * Where a journal is written.
     *
     * @param events is told of the file when it is made
     * @param header its first line
     */
    private record Target(Path path, Events events, Map<String, Object> header) {
        private UncheckedIOException unwritable(IOException e) {
            return new UncheckedIOException("The journal " + path + " cannot be written (" + AtomicFile.reason(e)
                    + "), so the batch was not either: make room there, or name another with --journal", e);
        }
    }

    private Journal(Optional<Target> target) {
        this.target = target;
    }

    /**
     * A journal at a path where there is no file yet.
     *
     * @throws InputException if no file can be made there
     */
    public static Journal at(Path path, Databases databases, Events events) {
        Path folder = path.toAbsolutePath().getParent();
        if (Files.exists(path)) {
            throw new InputException("The journal " + path
                    + " exists already, and may be needed to undo what it tells of: name another with --journal");
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new InputException("The journal " + path + " cannot be written: " + folder
                    + " is no folder that you may write to; name another with --journal, or do without by "
                    + "--no-journal");
        }
        return new Journal(Optional.of(new Target(path, events,
                header(databases.source().identity(), databases.graph().identity()))));
    }

    /** A journal that keeps nothing. */
    public static Journal none() {
        return new Journal(Optional.empty());
    }

    /** Where it is; empty as long as nothing is in it. */
    synchronized Optional<Path> written() {
        return out == null ? Optional.empty() : target.map(Target::path);
    }

    /** Puts the changes of one transaction on the disk, and gives their number; 0 where none is kept. */
    synchronized long add(List<Change> changes) {
        if (target.isEmpty() || changes.isEmpty()) {
            return 0;
        }
        long batch = ++batches;
        write(json -> {
            for (Change change : changes) {
                json.writeStartObject();
                json.writeNumberField("batch", batch);
                writeChange(json, change);
                json.writeEndObject();
                json.writeRaw('\n');
            }
        });
        return batch;
    }

    /** Puts on the disk that a transaction was rolled back. */
    synchronized void voided(long batch) {
        if (batch == 0) {
            return;
        }
        write(json -> {
            json.writeStartObject();
            json.writeNumberField("void", batch);
            json.writeEndObject();
            json.writeRaw('\n');
        });
    }

    @Override
    public synchronized void close() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            throw target.orElseThrow().unwritable(e);
        }
    }

    private void write(Lines lines) {
        target.ifPresent(place -> write(place, lines));
    }

    private void write(Target place, Lines lines) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
            try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(bytes)) {
                json.setRootValueSeparator(null);
                if (out == null) {
                    json.writePOJO(place.header());
                    json.writeRaw('\n');
                }
                lines.write(json);
            }
            if (out == null) {
                create(place);
            }
            bytes.writeTo(out);
            out.getFD().sync();
        } catch (IOException e) {
            throw place.unwritable(e);
        }
    }

    private void create(Target place) throws IOException {
        Path path = place.path();
        place.events().info(Events.Logger.REPAIR, "Writing journal", Map.of("filename", path.toString()));
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        out = new FileOutputStream(path.toFile(), true);
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void writeChange(JsonGenerator json, Change change) throws IOException {
        if (change instanceof Change.Made made) {
            json.writeStringField(made.relationship() ? "relationship" : "node", made.id().toString());
            json.writeNullField("before");
            writeAfter(json, made.timestamp(), List.of());
        } else if (change instanceof Change.Changed changed) {
            writeBefore(json, Optional.of(changed.id()), changed.before());
            writeAfter(json, changed.timestamp(), changed.labels());
        } else if (change instanceof Change.Deleted deleted) {
            writeBefore(json, deleted.id(), deleted.before());
            json.writeNullField("after");
        } else if (change instanceof Change.Moved moved) {
            writeBefore(json, moved.id(), moved.before());
            json.writeObjectFieldStart("after");
            writeEnds(json, moved.from(), moved.to());
            json.writeEndObject();
        }
    }

    private static void writeAfter(JsonGenerator json, Value timestamp, List<String> labels) throws IOException {
        json.writeObjectFieldStart("after");
        json.writeFieldName("last_updated_at");
        JournalValue.write(json, timestamp);
        if (!labels.isEmpty()) {
            json.writePOJOField("labels", labels);
        }
        json.writeEndObject();
    }

    private static void writeBefore(JsonGenerator json, Optional<UUID> id, Copy copy) throws IOException {
        json.writeStringField(copy instanceof Copy.Relationship ? "relationship" : "node",
                id.map(UUID::toString).orElse(null));
        json.writeObjectFieldStart("before");
        json.writeStringField("element", copy.element());
        if (copy instanceof Copy.Node node) {
            json.writePOJOField("labels", node.labels());
        } else if (copy instanceof Copy.Relationship relationship) {
            json.writeStringField("type", relationship.type());
            writeEnds(json, relationship.from(), relationship.to());
        }
        json.writeObjectFieldStart("properties");
        for (Map.Entry<String, Value> property : copy.properties().entrySet()) {
            json.writeFieldName(property.getKey());
            JournalValue.write(json, property.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeEnds(JsonGenerator json, Copy.End source, Copy.End target) throws IOException {
        for (Map.Entry<String, Copy.End> end : List.of(Map.entry("source", source), Map.entry("target", target))) {
            json.writeObjectFieldStart(end.getKey());
            json.writeStringField("id", end.getValue().id().orElse(null));
            json.writeStringField("element", end.getValue().element());
            json.writeEndObject();
        }
    }

    private static Map<String, Object> header(DatabaseIdentity postgres, DatabaseIdentity neo4j) {
        return Map.of("journal", "graph-sync", "tool_version", Version.NUMBER, "started", Json.timestamp(Instant.now()),
                "postgresql", fields(postgres), "neo4j", fields(neo4j));
    }

    private static Map<String, Object> fields(DatabaseIdentity database) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("host", database.host());
        fields.put("name", database.name());
        fields.put("id", database.id().orElse(null));
        fields.put("version", database.version());
        return fields;
    }

    @FunctionalInterface
    private interface Lines {
        void write(JsonGenerator json) throws IOException;
    }
}
