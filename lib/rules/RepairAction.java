package syncdata.rules;

import java.util.Locale;

/** What a repair does with an entity that differs. */
public enum RepairAction {
    DELETE, REINDEX;

    /** The word for it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RepairAction of(Difference difference) {
        return difference.verdict().toReindex() ? REINDEX : DELETE;
    }
}
