package syncdata.repair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.rules.KeptProperties;

/** A node or a relationship as it stood in Neo4j. */
public sealed interface Copy {
    /** The property by which copies are compared, and which is written last. */
    String TIMESTAMP = "last_updated_at";

    /** Its element id, which tells copies of one entity apart; empty where it is not known. */
    String element();

    /** All of them. */
    Map<String, Value> properties();

    /** Its {@code last_updated_at}, in whatever encoding; {@code Values.NULL} where it has none. */
    default Value timestamp() {
        return properties().getOrDefault(TIMESTAMP, Values.NULL);
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

    /**
     * Adds to properties what belongs to other services on copies; where several have it, the first one's.
     *
     * @param properties as they are to be
     */
    static Map<String, Object> withKept(Map<String, Object> properties, List<? extends Copy> copies,
            KeptProperties kept) {
        if (kept.equals(KeptProperties.NONE) || copies.isEmpty()) {
            return properties;
        }
        Map<String, Object> whole = new LinkedHashMap<>(properties);
        copies.forEach(copy -> kept.of(copy.properties()).forEach(whole::putIfAbsent));
        return whole;
    }

    /** A value as text; empty where it is none. */
    static Optional<String> text(Value value) {
        return value.type().name().equals("STRING") ? Optional.of(value.asString()) : Optional.empty();
    }

    record Node(String element, List<String> labels, Map<String, Value> properties) implements Copy {
        /** As the driver gives it. */
        static Node of(org.neo4j.driver.types.Node node) {
            List<String> labels = new ArrayList<>();
            node.labels().forEach(labels::add);
            return new Node(node.elementId(), labels, node.asMap(Function.identity()));
        }

        @Override
        public Node with(Map<String, Value> others) {
            return new Node(element, labels, others);
        }
    }

    record Relationship(String element, String type, End from, End to, Map<String, Value> properties)
            implements Copy {
        /**
         * As the driver gives it.
         *
         * @param source the id of the node where it starts, of any type
         * @param target the id of the node where it ends, likewise
         */
        static Relationship of(org.neo4j.driver.types.Relationship relationship, Value source, Value target) {
            return new Relationship(relationship.elementId(), relationship.type(),
                    new End(text(source), relationship.startNodeElementId()),
                    new End(text(target), relationship.endNodeElementId()), relationship.asMap(Function.identity()));
        }

        @Override
        public Relationship with(Map<String, Value> others) {
            return new Relationship(element, type, from, to, others);
        }
    }

    /**
     * A node at an end of a relationship.
     *
     * @param id      empty where it has none that is text
     * @param element its element id
     */
    record End(Optional<String> id, String element) {
        static End of(org.neo4j.driver.types.Node node) {
            return new End(text(node.get("id")), node.elementId());
        }
    }
}
