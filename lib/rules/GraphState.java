package syncdata.rules;

import java.util.Map;
import java.util.UUID;

/**
 * What Neo4j holds of one entity, as one node or one relationship.
 *
 * @param type       {@code relation} for a relationship; may be null
 * @param properties all of them, as the driver gives them; none of one that is only to be known again
 * @param source     the id at a relationship's start; null for a node, and where the start is no entity: it has no id,
 *                   or not the label
 * @param target     the id at a relationship's end, likewise
 * @param stored     the timestamp in its own encoding, whatever it is, as the driver gives it; null where there is none
 * @param digest     by which the content is known again; null where it plays no part
 */
public record GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
        Map<String, Object> properties, String source, String target, Object stored, String digest) {
    /** One with its properties. */
    public GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
            Map<String, Object> properties, String source, String target, Object stored) {
        this(id, relationship, type, timestamp, properties, source, target, stored, null);
    }

    /** One whose encoding of the timestamp plays no part. */
    public GraphState(UUID id, boolean relationship, String type, GraphTimestamp timestamp,
            Map<String, Object> properties, String source, String target) {
        this(id, relationship, type, timestamp, properties, source, target, null);
    }
}
