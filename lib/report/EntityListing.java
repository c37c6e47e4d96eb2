package syncdata.report;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import syncdata.rules.Verdict;

/**
 * The entities of a report that pass a filter.
 *
 * @param shown    those whose last change is longest ago, in this order
 * @param matching the number of all that pass, shown or not
 * @param unknown  the number of entities that may pass: the report has only their ids
 */
public record EntityListing(List<ReportedEntity> shown, long matching, long unknown) {

    /**
     * A filter of entities.
     *
     * @param classes all where empty
     * @param types   all where empty
     * @param text    is part of the id, the type or the title, in upper or lower case; all where empty
     */
    public record Filter(Set<Verdict> classes, Set<String> types, String text) {
        boolean fits(ReportedEntity entity) {
            return (classes.isEmpty() || entity.verdict().filter(classes::contains).isPresent())
                    && (types.isEmpty() || entity.type().filter(types::contains).isPresent())
                    && (contains(entity.id()) || contains(entity.type().orElse(""))
                            || contains(entity.title().orElse("")));
        }

        private boolean contains(String value) {
            return value.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        }

        /** Whether the report says enough of an entity to decide on it. */
        boolean canJudge(ReportedEntity entity) {
            return (classes.isEmpty() || entity.verdict().isPresent()) && (types.isEmpty() || entity.type().isPresent())
                    && (text.isEmpty() || entity.isDescribed());
        }
    }

    /** Filters a report with its diffs. Memory is for the entities shown. */
    public static EntityListing of(Report report, Filter filter, int limit) {
        TreeSet<ReportedEntity> shown = new TreeSet<>(ReportedEntity.OLDEST_FIRST);
        AtomicLong matching = new AtomicLong();
        AtomicLong unknown = new AtomicLong();
        ReportedEntity.forEach(report, entity -> {
            if (filter.fits(entity)) {
                matching.incrementAndGet();
                shown.add(entity);
                if (shown.size() > limit) {
                    shown.pollLast();
                }
            } else if (!filter.canJudge(entity)) {
                unknown.incrementAndGet();
            }
        });
        return new EntityListing(List.copyOf(shown), matching.get(), unknown.get());
    }
}
