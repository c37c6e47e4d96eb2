package syncdata.store;

import org.neo4j.driver.exceptions.Neo4jException;

/** The server has not the memory for a transaction of this size. Half of it may pass. */
public final class TooLargeException extends RuntimeException {
    TooLargeException(Neo4jException cause) {
        super(cause.getMessage(), cause);
    }
}
