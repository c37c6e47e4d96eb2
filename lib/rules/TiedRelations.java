package syncdata.rules;

import java.util.List;
import java.util.UUID;

/**
 * The relations from and to one entity, as one database holds them.
 *
 * @param count how many there are
 * @param first the lowest ids of them, ascending; not necessarily all
 */
public record TiedRelations(long count, List<UUID> first) {
    public static final TiedRelations NONE = new TiedRelations(0, List.of());
}
