package syncdata.store;

import java.util.Set;
import syncdata.rules.IdRange;

/**
 * Which of PostgreSQL's entities are read.
 *
 * @param types that are selected; all where empty
 * @param since only what was changed then or later, in microseconds since 1970; the least number for all
 */
record EntityPart(Set<String> types, IdRange range, long since) {
    static final EntityPart ALL = new EntityPart(Set.of(), IdRange.ALL, Long.MIN_VALUE);

    /** The same of what was changed then or later. */
    EntityPart since(long micros) {
        return new EntityPart(types, range, micros);
    }
}
