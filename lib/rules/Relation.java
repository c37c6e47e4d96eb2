package syncdata.rules;

import java.util.Map;
import java.util.UUID;

/**
 * A relation as it should stand in the graph.
 *
 * @param from       the id of its source
 * @param to         the id of its target
 * @param properties of the relationship, its id among them
 */
public record Relation(UUID id, String from, String to, Map<String, Object> properties) {
}
