package syncdata.store;

import java.util.Set;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;

/**
 * A part of PostgreSQL's entities.
 *
 * @param types the types that are selected; all where empty
 * @param since only entities that were changed then or later, in microseconds since 1970; {@link Selection#EVER} for
 *              all
 */
public record EntityPart(Set<String> types, IdRange range, long since) {
    public static final EntityPart ALL = new EntityPart(Set.of(), IdRange.ALL, Selection.EVER);

    /** Whenever they were changed; parameters as of the other. */
    public EntityPart(Set<String> types, IdRange range) {
        this(types, range, Selection.EVER);
    }

    /** Only what was changed then or later. */
    EntityPart since(long micros) {
        return new EntityPart(types, range, micros);
    }
}
