package syncdata.rules;

import java.util.UUID;

/**
 * What PostgreSQL holds of one entity.
 *
 * @param micros   its {@code last_updated_at}, microseconds since 1970; {@code Long.MAX_VALUE} and {@code
 *                 Long.MIN_VALUE} for infinity
 * @param type     may be null, in malformed data
 * @param relation whether it is a relation
 * @param dangling whether it is a relation that lacks an end, which the graph cannot hold
 * @param writtenBy the number of the transaction that wrote the row; 0 or less where it is unknown or very old
 */
public record SourceState(UUID id, long micros, String type, boolean relation, boolean dangling, long writtenBy) {
}
