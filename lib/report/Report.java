package syncdata.report;

import java.util.List;
import syncdata.rules.Comparison;
import syncdata.rules.Verdict;
import syncdata.run.ExitCode;
import syncdata.run.SortedIds;
import syncdata.run.Words;

/**
 * What a check found.
 *
 * @param toDelete  the ids that are not deleted, ascending
 * @param toReindex the ids that are missing, outdated, strange or altered, ascending
 * @param unconfirmed the ids that may differ, but could not be confirmed in time, ascending
 * @param diffs     what differs in each outdated, strange and altered entity; null where nobody asked
 * @param provenance where the report comes from
 */
public record Report(SortedIds toDelete, SortedIds toReindex, SortedIds unconfirmed, long missing, long notDeleted,
        long ok, long outdated, long strange, long altered, DiffFile diffs, Provenance provenance)
        implements AutoCloseable {

    /** How many entities of a class the check found; dangling ones are counted apart, in its provenance. */
    public long count(Verdict verdict) {
        return switch (verdict) {
            case OK -> ok;
            case OUTDATED -> outdated;
            case STRANGE -> strange;
            case ALTERED -> altered;
            case MISSING -> missing;
            case NOT_DELETED -> notDeleted;
            case DANGLING, GONE, NOT_SELECTED -> 0;
        };
    }

    /** How many entities were compared. */
    public long checked() {
        return ok + differences();
    }

    /** How many entities differ. */
    public long differences() {
        return Verdict.DIFFERENCES.stream().mapToLong(this::count).sum();
    }

    /** How many there are of each class that differs, where there are some, such as {@code 33 outdated}. */
    public List<String> classes() {
        return Verdict.DIFFERENCES.stream().filter(verdict -> count(verdict) > 0)
                .map(verdict -> Words.count(count(verdict)) + " " + verdict.label()).toList();
    }

    /** How many of the entities that were checked Neo4j holds. */
    public long inGraph() {
        return notDeleted + ok + outdated + strange + altered;
    }

    /** The same without diffs, and without the ids to repair that others do not name. This one is closed. */
    public Report only(SortedIds others) {
        Report part = new Report(toDelete.in(others), toReindex.in(others), unconfirmed.in(unconfirmed), missing,
                notDeleted, ok, outdated, strange, altered, null, provenance);
        close();
        return part;
    }

    /** What the check compared; timestamps where the report does not say. */
    public Comparison comparison() {
        return provenance.comparison();
    }

    /** Whether the check stopped before its end. */
    public boolean isPartial() {
        return provenance.isPartial();
    }

    /** How a run ends that repairs nothing of it. */
    public ExitCode exitCode() {
        return differences() == 0 ? afterRepair() : ExitCode.DIFFERENCES_LEFT;
    }

    /**
     * How a run ends that repaired all of it: in sync only where everything was checked, and no difference left open.
     */
    public ExitCode afterRepair() {
        return unconfirmed.count() == 0 && !isPartial() ? ExitCode.IN_SYNC : ExitCode.DIFFERENCES_LEFT;
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
        unconfirmed.close();
        if (diffs != null) {
            diffs.close();
        }
    }
}
