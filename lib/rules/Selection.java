package syncdata.rules;

import java.io.Serializable;
import java.util.Set;

/**
 * Which entities a check looks at.
 *
 * @param types        only these; all where empty
 * @param changedAfter only those with a more recent {@code last_updated_at}, in either database:
 *                     microseconds since 1970; {@code Long.MIN_VALUE} for all
 * @param slice        only those whose ids are in this part of all
 */
public record Selection(Set<String> types, long changedAfter, Slice slice) implements Serializable {
    public static final Selection ALL = new Selection(Set.of(), Long.MIN_VALUE);

    /** Those of all ids. */
    public Selection(Set<String> types, long changedAfter) {
        this(types, changedAfter, Slice.ALL);
    }

    /** Whether only what was changed after a moment is wanted. */
    public boolean onlyChanged() {
        return changedAfter != Long.MIN_VALUE;
    }

    boolean includesType(String type) {
        return types.isEmpty() || type != null && types.contains(type);
    }

    public boolean includesChange(long micros) {
        return changedAfter == Long.MIN_VALUE || micros > changedAfter;
    }
}
