package syncdata.rules;

import java.util.List;
import java.util.UUID;

/**
 * The relations from and to one entity, as one database holds them.
 *
 * @param count how many there are
 * @param first the ids of some of them, the lowest ones, ascending
 */
public record TiedRelations(long count, List<UUID> first) {
    public static final TiedRelations NONE = new TiedRelations(0, List.of());
}
