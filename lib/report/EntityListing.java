package syncdata.report;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import syncdata.rules.Verdict;

/**
 * The entities of a report that somebody asked for.
 *
 * @param shown    those first that were last changed longest ago
 * @param matching how many there are, shown or not
 * @param unknown  how many more the filter could not judge, since the report has no more of them than the id
 */
public record EntityListing(List<ReportedEntity> shown, long matching, long unknown) {

    /**
     * Which entities are asked for.
     *
     * @param classes none is all
     * @param types   none is all
     * @param text    is part of the id, the type or the title, in any case; empty fits all
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

        /** Whether somebody knew enough of an entity to say that it does not fit. */
        boolean canJudge(ReportedEntity entity) {
            return (classes.isEmpty() || entity.verdict().isPresent()) && (types.isEmpty() || entity.type().isPresent())
                    && (text.isEmpty() || entity.isDescribed());
        }
    }

    /** Looks through a report with its diffs; memory is that of the entities shown. */
    public static EntityListing of(Report report, Filter filter, int limit) {
        TreeSet<ReportedEntity> shown = new TreeSet<>(ReportedEntity.OLDEST_FIRST);
        long[] counts = new long[2];
        ReportedEntity.forEach(report, entity -> {
            if (filter.fits(entity)) {
                counts[0]++;
                shown.add(entity);
                if (shown.size() > limit) {
                    shown.pollLast();
                }
            } else if (!filter.canJudge(entity)) {
                counts[1]++;
            }
        });
        return new EntityListing(List.copyOf(shown), counts[0], counts[1]);
    }
}
