package syncdata.repair;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;
import syncdata.run.WholeLines;

/** A line of a journal, after the first. */
sealed interface JournalLine {
    /** The number of the transaction, from 1. */
    long batch();

    /** What a transaction changes. */
    record Entry(long batch, Change change) implements JournalLine {
    }

    /** A transaction was rolled back. */
    record Void(long batch) implements JournalLine {
    }

    /** Takes values as long as Neo4j holds them. The number of parts is bounded by the memory that they may take. */
    JsonMapper MAPPER = new JsonMapper(JsonFactory.builder().streamReadConstraints(StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE).maxNameLength(1 << 20)
            .maxTokenCount(Math.max(100_000, WholeLines.LONGEST / 64)).build()).build());

    static Optional<JsonNode> parse(byte[] line) {
        try {
            return Optional.ofNullable(MAPPER.readTree(line)).filter(JsonNode::isObject);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<JournalLine> of(JsonNode line) {
        try {
            return Optional.of(line.has("void")
                    ? new Void(number(line.get("void"))) : new Entry(number(line.get("batch")), change(line)));
        } catch (RuntimeException e) { // of any kind: the fields may be of any type, or not there
            return Optional.empty();
        }
    }

    private static Change change(JsonNode line) {
        boolean relationship = line.has("relationship");
        JsonNode name = line.get(relationship ? "relationship" : "node");
        Optional<UUID> id = name.isNull() ? Optional.empty() : Optional.of(id(name));
        JsonNode before = line.get("before");
        JsonNode after = line.get("after");
        if (before.isNull()) {
            return new Change.Made(relationship, id.orElseThrow(), JournalValue.read(after.get("last_updated_at")));
        }
        Copy copy = relationship ? relationship(before) : node(before);
        if (after.isNull()) {
            return new Change.Deleted(relationship ? id : Optional.of(id.orElseThrow()), copy);
        }
        return after.has("source")
                ? new Change.Moved(id, (Copy.Relationship) copy, end(after.get("source")), end(after.get("target")))
                : new Change.Changed(id.orElseThrow(), copy, JournalValue.read(after.get("last_updated_at")),
                        after.has("labels") ? texts(after.get("labels")) : List.of());
    }

    private static Copy.Node node(JsonNode json) {
        return new Copy.Node(text(json.get("element")), texts(json.get("labels")), properties(json.get("properties")));
    }

    private static Copy.Relationship relationship(JsonNode json) {
        return new Copy.Relationship(text(json.get("element")), text(json.get("type")), end(json.get("source")),
                end(json.get("target")),
                properties(json.get("properties")));
    }

    private static Copy.End end(JsonNode json) {
        JsonNode id = json.get("id");
        return new Copy.End(id.isNull() ? Optional.empty() : Optional.of(text(id)), text(json.get("element")));
    }

    private static Map<String, Value> properties(JsonNode json) {
        Map<String, Value> properties = new LinkedHashMap<>();
        json.properties()
                .forEach(property -> properties.put(property.getKey(), JournalValue.read(property.getValue())));
        return properties;
    }

    private static UUID id(JsonNode json) {
        String text = text(json);
        if (!EntityId.isCanonical(text)) {
            throw new IllegalArgumentException("no id");
        }
        return UUID.fromString(text);
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.elements().forEachRemaining(text -> texts.add(text(text)));
        return texts;
    }

    private static String text(JsonNode json) {
        if (!json.isTextual()) {
            throw new IllegalArgumentException("no text");
        }
        return json.textValue();
    }

    private static long number(JsonNode json) {
        if (!json.canConvertToExactIntegral() || !json.canConvertToLong()) {
            throw new IllegalArgumentException("no number");
        }
        return json.longValue();
    }
}
