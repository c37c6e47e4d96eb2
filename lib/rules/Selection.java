package syncdata.rules;

import java.io.Serializable;
import java.util.Set;

/**
 * Which entities a check looks at.
 *
 * @param types        only entities of these types; of all where empty
 * @param changedAfter only entities whose {@code last_updated_at}, in either database, is more recent, in microseconds
 *                     since 1970; {@link #EVER} for all
 * @param slice        only entities whose ids are in this part of all ids
 */
public record Selection(Set<String> types, long changedAfter, Slice slice) implements Serializable {
    /** Before every change. */
    public static final long EVER = Long.MIN_VALUE;

    public static final Selection ALL = ofTypes(Set.of());

    /** Entities of all ids. */
    public Selection(Set<String> types, long changedAfter) {
        this(types, changedAfter, Slice.ALL);
    }

    /** Entities of these types, whenever they were changed; of all types where empty. */
    public static Selection ofTypes(Set<String> types) {
        return new Selection(types, EVER);
    }

    /** Whether changes before some time leave an entity out. */
    public boolean onlyChanged() {
        return changedAfter != EVER;
    }

    boolean includesType(String type) {
        return types.isEmpty() || type != null && types.contains(type);
    }

    public boolean includesChange(long micros) {
        return !onlyChanged() || micros > changedAfter;
    }
}
