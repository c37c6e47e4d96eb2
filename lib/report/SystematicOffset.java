package syncdata.report;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import syncdata.rules.Difference;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;

/**
 * Finds out whether timestamps in Neo4j are off by the same number of quarter hours, as after a mistake with a time
 * zone. Counts differences one by one, in memory of a fixed size.
 */
public final class SystematicOffset implements Serializable {
    private static final long QUARTER = 15 * 60 * 1_000_000L;
    /** No zone is further from UTC than 14 hours. */
    private static final int MOST = 14 * 4;
    private static final int HOUR = 4;
    private static final long FEWEST = 20;
    private static final double SHARE = 0.8;
    private static final double SECOND_SHARE = 0.1;

    private final long[] byQuarters = new long[2 * MOST + 1];
    private long n;

    /** Counts an entity, if its timestamps differ. */
    public void add(Difference difference) {
        if (difference.source().isPresent() && difference.graph().size() == 1
                && (difference.verdict() == Verdict.OUTDATED || difference.verdict() == Verdict.STRANGE)) {
            add(difference.source().get().micros(), difference.graph().get(0).timestamp());
        }
    }

    /** Counts two timestamps that differ, unless the one in Neo4j is unreadable. */
    public void add(long source, GraphTimestamp graph) {
        if (graph.precision() == GraphTimestamp.Precision.UNREADABLE) {
            return;
        }
        n++;
        long quarters = Math.round((double) source / QUARTER - (double) graph.micros() / QUARTER);
        if (Math.abs(quarters) <= MOST && Verdict.ofInstants(source - quarters * QUARTER, graph) == Verdict.OK) {
            byQuarters[(int) quarters + MOST]++;
        }
    }

    /** Adds what another has counted. */
    public void join(SystematicOffset other) {
        n += other.n;
        for (int i = 0; i < byQuarters.length; i++) {
            byQuarters[i] += other.byQuarters[i];
        }
    }

    /** The offset that most differences share; empty where there are few, or they do not agree. */
    public Optional<SharedOffset> shared() {
        int most = 0;
        for (int i = 0; i < byQuarters.length; i++) {
            most = byQuarters[i] > byQuarters[most] ? i : most;
        }
        if (n < FEWEST || most == MOST) {
            return Optional.empty();
        }
        if (byQuarters[most] >= SHARE * n) {
            return Optional.of(new SharedOffset(offset(most), Optional.empty(), (double) byQuarters[most] / n, n));
        }
        int second = count(most - HOUR) > count(most + HOUR) ? most - HOUR : most + HOUR;
        long both = byQuarters[most] + count(second);
        boolean shared = both >= SHARE * n && count(second) >= SECOND_SHARE * n;
        return shared ? Optional.of(
                new SharedOffset(offset(most), Optional.of(offset(second)), (double) both / n, n)) : Optional.empty();
    }

    private long count(int i) {
        return i < 0 || i >= byQuarters.length || i == MOST ? 0 : byQuarters[i];
    }

    private static Duration offset(int i) {
        return Duration.ofMinutes((i - MOST) * 15L);
    }
}
