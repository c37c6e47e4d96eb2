package syncdata.repair;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.neo4j.driver.Value;

/** What a repair did to one node or relationship: one of four things, each a line of a {@link Journal}. */
public sealed interface Change {

    /**
     * There was none, and now there is one of an entity.
     *
     * @param timestamp the {@code last_updated_at} that it has now, in whatever encoding; {@code Values.NULL} where it
     *                  has none
     */
    record Made(boolean relationship, UUID id, Value timestamp) implements Change {
    }

    /**
     * It is another now.
     *
     * @param timestamp as of one that was made
     * @param labels    all that a node has now; empty where they are what they were
     */
    record Changed(UUID id, Copy before, Value timestamp, List<String> labels) implements Change {
        Changed(UUID id, Copy before, Value timestamp) {
            this(id, before, timestamp, List.of());
        }
    }

    /**
     * It is gone.
     *
     * @param id of the entity; empty for a relationship that belongs to none
     */
    record Deleted(Optional<UUID> id, Copy before) implements Change {
    }

    /**
     * A relationship is tied to other nodes now, of the same type and with the same properties.
     *
     * @param id     of the entity; empty for a relationship that belongs to none
     * @param from where it starts now
     * @param to   where it ends now
     */
    record Moved(Optional<UUID> id, Copy.Relationship before, Copy.End from, Copy.End to) implements Change {
        /** As it stands now; Neo4j's own id of it is not known. */
        Copy.Relationship after() {
            return new Copy.Relationship("", before.type(), from, to, before.properties());
        }
    }
}
