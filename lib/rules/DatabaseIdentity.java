package syncdata.rules;

import java.util.Optional;

/**
 * Which database a report was made from.
 *
 * @param host with its port
 * @param name of the database
 * @param id   PostgreSQL's system identifier, or Neo4j's database id; empty where the user may not see it
 */
public record DatabaseIdentity(String host, String name, Optional<String> id, String version) {
    /** Tells it from other databases. The same after a move to another host, where the id is known. */
    public String key() {
        return id.orElse(host) + "/" + name;
    }
}
