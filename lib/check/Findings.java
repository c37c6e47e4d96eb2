package syncdata.check;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import syncdata.report.DiffFile;
import syncdata.report.DriftCollector;
import syncdata.report.PropertyDifference;
import syncdata.report.SystematicOffset;
import syncdata.rules.Difference;
import syncdata.rules.EntityId;
import syncdata.rules.Verdict;
import syncdata.run.IdLog;
import syncdata.run.SortedIds;
import syncdata.store.SourceStore;

/** What a check, or a part of one, found and believes. Joined parts are what the whole would have found. */
final class Findings implements AutoCloseable {
    /** Files of diffs at a time, each ascending; more are merged into one. */
    private static final int MOST_DIFF_FILES = 32;

    /** The part whose size is bounded. */
    private record Summary(EnumMap<Verdict, Long> counts, DriftCollector drift, SystematicOffset offset)
            implements Serializable {
        Summary() {
            this(new EnumMap<>(Verdict.class), new DriftCollector(), new SystematicOffset());
        }
    }

    private final Summary summary;
    private final IdLog toDelete = new IdLog();
    private final IdLog toReindex = new IdLog();
    private final IdLog noDifference = new IdLog();
    private final List<DiffFile> diffs = new ArrayList<>();
    private UUID lastDiff;

    Findings() {
        this(new Summary());
    }

    private Findings(Summary summary) {
        this.summary = summary;
    }

    /** Reads what {@link #writeTo} has written. */
    static Findings read(ObjectInput in) throws IOException, ClassNotFoundException {
        Findings findings = new Findings((Summary) in.readObject());
        findings.toDelete.addFrom(in);
        findings.toReindex.addFrom(in);
        findings.noDifference.addFrom(in);
        findings.diffs.add(new DiffFile());
        findings.diffs.get(0).addFrom(in);
        return findings;
    }

    /** Writes all of it. */
    void writeTo(ObjectOutput out) throws IOException {
        out.writeObject(summary);
        toDelete.writeTo(out);
        toReindex.writeTo(out);
        noDifference.writeTo(out);
        try (DiffFile all = diffs()) {
            all.writeTo(out);
        }
    }

    /** Takes judged entities; what is no difference is only counted. */
    void add(List<Difference> judged) {
        for (Difference difference : judged) {
            summary.counts.merge(difference.verdict(), 1L, Long::sum);
            summary.drift.add(difference);
            summary.offset.add(difference);
            if (difference.verdict().toReindex()) {
                toReindex.add(difference.id());
            } else if (difference.verdict() == Verdict.NOT_DELETED) {
                toDelete.add(difference.id());
            } else {
                noDifference.add(difference.id());
            }
        }
    }

    /** Keeps what differs in those that both databases hold. */
    void addDiffs(List<Difference> judged, SourceStore source) {
        List<Difference> inBoth = judged.stream().filter(difference -> difference.verdict().toReindex()
                && difference.verdict() != Verdict.MISSING).toList();
        if (inBoth.isEmpty()) {
            return;
        }
        Map<UUID, Map<String, Object>> rows = source.projection().properties(
                inBoth.stream().flatMap(difference -> difference.source().stream()).toList());
        for (Difference difference : inBoth) {
            Map<String, Object> diff = new LinkedHashMap<>();
            diff.put("class", difference.verdict().label());
            diff.put("type", difference.type());
            diff.put("n_in_neo4j", difference.graph().size());
            diff.put("properties", PropertyDifference.between(rows.getOrDefault(difference.id(), Map.of()),
                    difference.graph(), source.projection().kept()));
            diffFile(difference.id()).add(difference.id(), diff);
        }
    }

    /** Takes over what another part found. */
    void join(Findings others) {
        others.summary.counts.forEach((verdict, n) -> summary.counts.merge(verdict, n, Long::sum));
        toDelete.addAll(others.toDelete);
        toReindex.addAll(others.toReindex);
        noDifference.addAll(others.noDifference);
        summary.drift.join(others.summary.drift);
        summary.offset.join(others.summary.offset);
        diffs.addAll(others.diffs);
        others.diffs.clear();
        lastDiff = null;
        if (diffs.size() > MOST_DIFF_FILES) {
            mergeDiffs();
        }
        others.close();
    }

    /** How many there are of a class. */
    long count(Verdict verdict) {
        return summary.counts.getOrDefault(verdict, 0L);
    }

    /** Adds all ids that were judged to a log. */
    void addTo(IdLog log) {
        log.addAll(toDelete);
        log.addAll(toReindex);
        log.addAll(noDifference);
    }

    /** The ids that are not deleted; the caller closes them. */
    SortedIds toDelete() {
        return toDelete.sorted();
    }

    /** The ids that are missing, outdated, strange or altered, likewise. */
    SortedIds toReindex() {
        return toReindex.sorted();
    }

    /** What the differences look like. */
    DriftCollector drift() {
        return summary.drift;
    }

    /** Whether they are a mistake with a time zone. */
    SystematicOffset offset() {
        return summary.offset;
    }

    /** All diffs, by their ids, likewise. */
    DiffFile diffs() {
        return DiffFile.merged(diffs);
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
        noDifference.close();
        diffs.forEach(DiffFile::close);
    }

    private DiffFile diffFile(UUID next) {
        if (lastDiff == null || EntityId.ORDER.compare(next, lastDiff) < 0) {
            if (diffs.size() >= MOST_DIFF_FILES) {
                mergeDiffs();
            }
            diffs.add(new DiffFile());
        }
        lastDiff = next;
        return diffs.get(diffs.size() - 1);
    }

    private void mergeDiffs() {
        DiffFile merged = DiffFile.merged(diffs);
        diffs.forEach(DiffFile::close);
        diffs.clear();
        diffs.add(merged);
    }
}
