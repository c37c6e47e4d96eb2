package syncdata.report;

import java.util.Comparator;

/**
 * The entities of one class and one type.
 *
 * @param verdict the word of the class, such as {@code outdated}, or {@link #UNKNOWN}
 * @param type    such as {@code indicator}, or {@link #UNKNOWN}
 */
public record EntityGroup(String verdict, String type) implements Comparable<EntityGroup> {
    /** What a report does not say. */
    public static final String UNKNOWN = "unknown";

    private static final Comparator<EntityGroup> ORDER = Comparator.comparing(EntityGroup::verdict)
            .thenComparing(EntityGroup::type);

    @Override
    public int compareTo(EntityGroup other) {
        return ORDER.compare(this, other);
    }
}
