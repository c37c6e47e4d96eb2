package syncdata.rules;

import java.util.UUID;

/**
 * What PostgreSQL holds of one entity.
 *
 * @param micros   its {@code last_updated_at}, microseconds since 1970; {@code Long.MAX_VALUE} and {@code Long.MIN_VALUE} for infinity
 * @param type     may be null, in malformed data
 * @param relation whether it is a relation
 * @param dangling whether it is a relation that lacks an end, which the graph cannot hold
 * @param writtenBy the transaction that wrote the row, as the 32 bits that its {@code xmin} holds; 0 where that is not known
 */
public record SourceState(UUID id, long micros, String type, boolean relation, boolean dangling, long writtenBy) {
}
