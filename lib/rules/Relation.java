package syncdata.rules;

import java.util.Map;
import java.util.UUID;

/**
 * A relation as it should stand in the graph.
 *
 * @param properties the relationship's properties, its id among them
 */
public record Relation(UUID id, String source, String target, Map<String, Object> properties) {
}
