package syncdata.repair;

import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.exceptions.ClientException;

/** How the writing of nodes in one transaction went. */
sealed interface NodesWritten {
    /**
     * They are written.
     *
     * @param changed lost the compare-and-set, and were left
     */
    record Done(Set<UUID> changed) implements NodesWritten {
    }

    /** Neo4j refuses this one; none is written. */
    record OneFails(UUID id, ClientException cause) implements NodesWritten {
    }
}
