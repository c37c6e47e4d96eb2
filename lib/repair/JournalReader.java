package syncdata.repair;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.neo4j.driver.Value;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.RefusedException;

/** Reads a journal from its end to its beginning, a transaction at a time. A last line that was cut off is left out: what it told of was not committed. */
public final class JournalReader implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    record Standing(String element, List<String> labels, String type, End source, End target, Map<String, Value> properties) {
    }

    record End(String id, String element) {
    }

    record Line(boolean relationship, String id, Standing before, boolean kept, Value timestamp) {
    }

    private final Path path;
    private final FileChannel channel;
    private final JsonNode header;
    private final long size;
    private final boolean cut;

    private JournalReader(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        Lines lines = new Lines(channel.size());
        this.cut = lines.endsWithoutNewline();
        this.size = cut ? lines.startOfLastLine() : channel.size();
        this.header = header();
    }

    /**
     * Opens a journal.
     *
     * @throws InputException if it cannot be read, or is none
     */
    public static JournalReader open(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new InputException("The journal " + path + " is a folder: name the file that an event \"Writing journal\" named");
            }
            return new JournalReader(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
            throw new InputException("The journal " + path + " does not exist: name the file that an event \"Writing journal\" named");
        } catch (IOException e) {
            throw new InputException("The journal " + path + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Makes sure that it was written for this Neo4j.
     *
     * @throws RefusedException if it was another
     */
    public void refuseUnlessOf(DatabaseIdentity neo4j) {
        JsonNode written = header.path("neo4j");
        if (!written.path("id").asText().equals(neo4j.id())) {
            throw new RefusedException("The journal " + path + " was written for another Neo4j, database " + written.path("name").asText() + " at " + written.path("host").asText()
                    + ": connect to that one, or give --any-database if this one is a copy of it");
        }
    }

    /** When the repair started, in ISO 8601. */
    public String started() {
        return header.path("started").asText();
    }

    /** Whether the last line was cut off. */
    public boolean cut() {
        return cut;
    }

    /**
     * Gives the changes of each transaction, the last first; those of one in their order.
     *
     * @throws InputException at a line that cannot be read
     */
    void forEachTransaction(Consumer<List<Line>> action) {
        Set<Long> voided = new HashSet<>();
        Deque<Line> changes = new ArrayDeque<>();
        long batch = 0;
        Lines lines = new Lines(size);
        for (String text = lines.previous(); text != null && !lines.atStart(); text = lines.previous()) {
            JsonNode line = parse(text);
            if (line.has("void")) {
                voided.add(line.get("void").longValue());
                continue;
            }
            long number = line.path("batch").asLong();
            if (number != batch && !changes.isEmpty()) {
                action.accept(List.copyOf(changes));
                changes.clear();
            }
            batch = number;
            if (!voided.contains(number)) {
                changes.addFirst(change(line));
            }
        }
        if (!changes.isEmpty()) {
            action.accept(List.copyOf(changes));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode header() throws IOException {
        ByteBuffer start = ByteBuffer.allocate(CHUNK);
        channel.read(start, 0);
        String text = new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
        int end = text.indexOf('\n');
        JsonNode line;
        try {
            line = end < 0 ? null : Json.MAPPER.readTree(text.substring(0, end));
        } catch (JsonProcessingException e) {
            line = null;
        }
        if (line == null || !line.path("journal").asText().equals("graph-sync")) {
            throw new InputException("The file " + path + " is no journal: name the file that an event \"Writing journal\" named");
        }
        return line;
    }

    private JsonNode parse(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw damaged(line);
        }
    }

    private Line change(JsonNode line) {
        try {
            boolean relationship = line.has("relationship");
            JsonNode id = line.get(relationship ? "relationship" : "node");
            JsonNode after = line.get("after");
            return new Line(relationship, id.textValue(), copy(line.get("before")), !after.isNull(),
                    after.isNull() ? null : JournalValue.read(after.get("last_updated_at")));
        } catch (RuntimeException e) {
            throw damaged(line.toString());
        }
    }

    private InputException damaged(String line) {
        return new InputException("The journal " + path + " is damaged: nothing can be made of the line " + line.substring(0, Math.min(line.length(), 100)));
    }

    private static Standing copy(JsonNode json) {
        if (json.isNull()) {
            return null;
        }
        Map<String, Value> properties = new LinkedHashMap<>();
        json.get("properties").properties().forEach(property -> properties.put(property.getKey(), JournalValue.read(property.getValue())));
        if (!json.has("labels")) {
            return new Standing(json.get("element").textValue(), null, json.get("type").textValue(), end(json.get("source")), end(json.get("target")), properties);
        }
        List<String> labels = new ArrayList<>();
        json.get("labels").forEach(label -> labels.add(label.textValue()));
        return new Standing(json.get("element").textValue(), labels, null, null, null, properties);
    }

    private static End end(JsonNode json) {
        return new End(json.get("id").textValue(), json.get("element").textValue());
    }

    /** The lines of the file, backwards. */
    private final class Lines {
        private long from;
        private byte[] held = new byte[0];
        private int length;

        Lines(long end) {
            this.from = end;
        }

        boolean endsWithoutNewline() throws IOException {
            ByteBuffer last = ByteBuffer.allocate(1);
            return from > 0 && channel.read(last, from - 1) == 1 && last.get(0) != '\n';
        }

        long startOfLastLine() {
            bytes();
            return from + length;
        }

        /** Whether what was given last is the first line. */
        boolean atStart() {
            return from == 0 && length == 0;
        }

        /** Null at the beginning. */
        String previous() {
            if (atStart()) {
                return null;
            }
            byte[] line = bytes();
            boolean whole = line.length > 0 && line[line.length - 1] == '\n';
            return new String(line, 0, whole ? line.length - 1 : line.length, StandardCharsets.UTF_8);
        }

        private byte[] bytes() {
            int start = startOfLine();
            while (start == 0 && from > 0) {
                int more = (int) Math.min(Math.max(CHUNK, length), from);
                byte[] longer = new byte[more + length];
                System.arraycopy(held, 0, longer, more, length);
                read(longer, more);
                held = longer;
                length = longer.length;
                from -= more;
                start = startOfLine();
            }
            byte[] line = Arrays.copyOfRange(held, start, length);
            length = start;
            return line;
        }

        /** Behind the last newline that does not end the held bytes; 0 where there is none. */
        private int startOfLine() {
            for (int i = length - 2; i >= 0; i--) {
                if (held[i] == '\n') {
                    return i + 1;
                }
            }
            return 0;
        }

        private void read(byte[] into, int count) {
            try {
                ByteBuffer buffer = ByteBuffer.wrap(into, 0, count);
                while (buffer.hasRemaining() && channel.read(buffer, from - count + buffer.position()) >= 0) {
                    continue;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
