package syncdata.rules;

import java.util.Locale;

/** What of an entity is compared. */
public enum Comparison {
    /** Its {@code last_updated_at} alone. */
    TIMESTAMPS,
    /** Of what has the same timestamp also every property that a repair would write, and the ends of a relation. */
    CONTENT;

    /** The word for it in an option and in a report. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
