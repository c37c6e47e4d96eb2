package syncdata.rules;

import java.util.Locale;

/** What a repair does with a difference. */
public enum RepairAction {
    DELETE, REINDEX;

    /** The word for it, such as {@code delete}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a repair does with a difference of this class. */
    public static RepairAction of(Verdict difference) {
        return difference.toReindex() ? REINDEX : DELETE;
    }
}
