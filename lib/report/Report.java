package syncdata.report;

import java.util.List;
import java.util.Optional;
import syncdata.rules.Comparison;
import syncdata.rules.Verdict;
import syncdata.run.ExitCode;
import syncdata.run.SortedIds;
import syncdata.run.Words;

/**
 * What a check found.
 *
 * @param toDelete    ids that are not deleted, ascending
 * @param toReindex   ids that are missing, outdated, strange or altered, ascending
 * @param unconfirmed ids that may differ, but could not be confirmed in time, ascending
 * @param diffs       what differs in each outdated, strange and altered entity, where somebody asked for it
 */
public record Report(SortedIds toDelete, SortedIds toReindex, SortedIds unconfirmed, long missing, long notDeleted,
        long ok, long outdated, long strange, long altered, Optional<DiffFile> diffs, Provenance provenance)
        implements AutoCloseable {

    /** The number of entities of a class. Dangling ones are counted in the provenance. */
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

    /** The number of entities that were compared. */
    public long checked() {
        return ok + differences();
    }

    /** The number of differences. */
    public long differences() {
        return Verdict.DIFFERENCES.stream().mapToLong(this::count).sum();
    }

    /** The numbers of differences by class, without those that are zero, such as {@code 33 outdated}. */
    public List<String> classes() {
        return Verdict.DIFFERENCES.stream().filter(verdict -> count(verdict) > 0)
                .map(verdict -> Words.count(count(verdict)) + " " + verdict.label()).toList();
    }

    /** The number of checked entities that Neo4j holds. */
    public long inGraph() {
        return notDeleted + ok + outdated + strange + altered;
    }

    /** The same without diffs, and with only those ids to repair that are among others. Closes this report. */
    public Report only(SortedIds others) {
        Report part = new Report(toDelete.in(others), toReindex.in(others), unconfirmed.in(unconfirmed), missing,
                notDeleted, ok, outdated, strange, altered, Optional.empty(), provenance);
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

    /** The exit code of a run that repairs nothing of this. */
    public ExitCode exitCode() {
        return differences() == 0 ? afterRepair() : ExitCode.DIFFERENCES_LEFT;
    }

    /** The exit code of a run that repaired all of this: in sync only where all was checked and confirmed. */
    public ExitCode afterRepair() {
        return unconfirmed.count() == 0 && !isPartial() ? ExitCode.IN_SYNC : ExitCode.DIFFERENCES_LEFT;
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
        unconfirmed.close();
        diffs.ifPresent(DiffFile::close);
    }
}
