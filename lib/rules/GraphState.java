package syncdata.rules;

import java.util.Map;
import java.util.UUID;

/**
 * What Neo4j holds of one entity in one node or one relationship: a copy of it.
 *
 * @param type       {@code relation} for a relationship; may be null
 * @param properties all of them, as the driver gives them; empty where the copy is only to be known again
 * @param from       the id of the entity where a relationship starts; null for a node, and where the start is no
 *                   entity: it has no id, or not the label
 * @param to         the id of the entity where a relationship ends, likewise
 * @param stored     the timestamp in its own encoding, as the driver gives it; null where there is none
 * @param digest     of the content, by which the copy is known again; null where content plays no part
 */
public record GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
        Map<String, Object> properties, String from, String to, Object stored, String digest) {
    /** A copy with its properties. */
    public GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
            Map<String, Object> properties, String from, String to, Object stored) {
        this(id, relationship, type, timestamp, properties, from, to, stored, null);
    }

    /** A copy whose encoding of the timestamp plays no part. */
    public GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
            Map<String, Object> properties, String from, String to) {
        this(id, relationship, type, timestamp, properties, from, to, null);
    }
}
