package syncdata.repair;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.neo4j.driver.Value;
import syncdata.rules.EntityId;

/** What a repair did to one node or relationship: one of four things, each a line of a {@link Journal}. */
public sealed interface Change {
    /** The entity that an id in the graph names; empty where it is no lower-case UUID. */
    static Optional<UUID> entity(Value id) {
        return Copy.text(id).filter(EntityId::isCanonical).map(UUID::fromString);
    }

    /**
     * A node or relationship of an entity was made.
     *
     * @param timestamp its {@code last_updated_at} now, in whatever encoding; {@code Values.NULL} where it has none
     */
    record Made(boolean relationship, UUID id, Value timestamp) implements Change {
    }

    /**
     * It was changed.
     *
     * @param timestamp its {@code last_updated_at} now, likewise
     * @param labels    all that a node has now; empty where they stay
     */
    record Changed(UUID id, Copy before, Value timestamp, List<String> labels) implements Change {
        Changed(UUID id, Copy before, Value timestamp) {
            this(id, before, timestamp, List.of());
        }
    }

    /**
     * It was deleted.
     *
     * @param id of the entity; empty for a relationship that belongs to none
     */
    record Deleted(Optional<UUID> id, Copy before) implements Change {
    }

    /**
     * A relationship was tied to other nodes; its type and properties stay.
     *
     * @param id     of the entity; empty for a relationship that belongs to none
     * @param from where it starts now
     * @param to   where it ends now
     */
    record Moved(Optional<UUID> id, Copy.Relationship before, Copy.End from, Copy.End to) implements Change {
        /** As it stands now; its element id is not known. */
        Copy.Relationship after() {
            return new Copy.Relationship("", before.type(), from, to, before.properties());
        }
    }
}
