package syncdata.check;

import java.util.Optional;
import java.util.UUID;

/**
 * How far the check of a range came.
 *
 * @param upTo        the id compared last, and the range's last once it is complete; empty where none was
 * @param ok          entities that are the same in both, so far
 * @param inGraph     nodes and relationships that went by
 * @param withOtherId those of them whose ids are no lower-case UUIDs
 */
public record RangePosition(Optional<UUID> upTo, long ok, long inGraph, long withOtherId) {
    static final RangePosition NONE = new RangePosition(Optional.empty(), 0, 0, 0);
}
