package syncdata.repair;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.neo4j.driver.Value;
import syncdata.rules.KeptProperties;

/** A node or a relationship as it stood in Neo4j. */
public sealed interface Copy {
    /** Neo4j's own id of it, to tell copies of one entity apart; empty where it is not known. */
    String element();

    /** All of them. */
    Map<String, Value> properties();

    /** Its {@code last_updated_at}, in whatever encoding; {@code Values.NULL} where it has none. */
    default Value timestamp() {
        return properties().getOrDefault("last_updated_at", org.neo4j.driver.Values.NULL);
    }

    /** The same with other properties. */
    Copy with(Map<String, Value> properties);

    /** The same without the properties that belong to other services. */
    default Copy without(KeptProperties kept) {
        Map<String, Value> others = kept.of(properties());
        if (others.isEmpty()) {
            return this;
        }
        Map<String, Value> ours = new HashMap<>(properties());
        ours.keySet().removeAll(others.keySet());
        return with(ours);
    }

    record Node(String element, List<String> labels, Map<String, Value> properties) implements Copy {
        @Override
        public Node with(Map<String, Value> others) {
            return new Node(element, labels, others);
        }
    }

    record Relationship(String element, String type, End from, End to, Map<String, Value> properties)
            implements Copy {
        @Override
        public Relationship with(Map<String, Value> others) {
            return new Relationship(element, type, from, to, others);
        }
    }

    /**
     * A node at an end of a relationship.
     *
     * @param id empty where it has none that is text
     */
    record End(Optional<String> id, String element) {
    }
}
