package syncdata.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import syncdata.rules.Difference;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/**
 * Looks whether the timestamps in Neo4j are off by the same whole number of quarter hours: a mistake with a time zone,
 * not drift. Takes the differences as they go by, in memory of a fixed size.
 */
public final class SystematicOffset implements Serializable {

    /**
     * What was found.
     *
     * @param offset PostgreSQL's timestamp minus Neo4j's
     * @param second the other offset, an hour away, where summer time makes two of one mistake; else null
     * @param share  of the differences that have one of these offsets, from 0 to 1
     * @param n      the differences that were counted
     */
    public record SharedOffset(Duration offset, Duration second, double share, long n) {

        /** Reads what {@link #json} gives. */
        static SharedOffset of(JsonNode json) {
            Duration second = json.hasNonNull("second_offset")
                    ? Duration.parse(json.get("second_offset").asText()) : null;
            return new SharedOffset(Duration.parse(json.path("offset").asText()), second, json.path("share").asDouble(),
                    json.path("n").asLong());
        }

        /** A sentence. */
        public String words() {
            long percent = (long) Math.floor(share * 100 + 1e-9);
            String hours = second == null ? "exactly " + Words.duration(offset.abs())
                    : "exactly " + Words.duration(offset.abs()) + " or " + Words.duration(second.abs());
            return percent + " % of the " + n + " timestamps that differ are " + hours
                    + (offset.isNegative() ? " ahead" : " behind")
                    + " in Neo4j: that is a mistake with a time zone" + (second == null ? "" : " that has summer time")
                    + ", not drift";
        }

        /** The same as a value that can be written as JSON. */
        public Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("offset", offset.toString());
            if (second != null) {
                json.put("second_offset", second.toString());
            }
            json.put("share", Math.round(share * 1000) / 1000.0);
            json.put("n", n);
            return json;
        }
    }

    private static final long QUARTER = 15 * 60 * 1_000_000L;
    /** No zone is further from UTC than 14 hours. */
    private static final int MOST = 14 * 4;
    private static final int HOUR = 4;
    private static final long FEWEST = 20;
    private static final double SHARE = 0.8;
    private static final double SECOND_SHARE = 0.1;

    private final long[] byQuarters = new long[2 * MOST + 1];
    private long n;

    /** Takes an entity into account, if its timestamps differ. */
    public void add(Difference difference) {
        if (difference.source() != null && difference.graph().size() == 1
                && (difference.verdict() == Verdict.OUTDATED || difference.verdict() == Verdict.STRANGE)) {
            add(difference.source().micros(), difference.graph().get(0).timestamp());
        }
    }

    /** Takes two timestamps that differ into account; one that cannot be read tells nothing. */
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

    /** Takes into account what another did. */
    public void join(SystematicOffset other) {
        n += other.n;
        for (int i = 0; i < byQuarters.length; i++) {
            byQuarters[i] += other.byQuarters[i];
        }
    }

    /** The offset that most differences share; empty where they are few, or do not agree. */
    public Optional<SharedOffset> shared() {
        int most = 0;
        for (int i = 0; i < byQuarters.length; i++) {
            most = byQuarters[i] > byQuarters[most] ? i : most;
        }
        if (n < FEWEST || most == MOST) {
            return Optional.empty();
        }
        if (byQuarters[most] >= SHARE * n) {
            return Optional.of(new SharedOffset(offset(most), null, (double) byQuarters[most] / n, n));
        }
        int second = count(most - HOUR) > count(most + HOUR) ? most - HOUR : most + HOUR;
        long both = byQuarters[most] + count(second);
        return both >= SHARE * n && count(second) >= SECOND_SHARE * n
                ? Optional.of(new SharedOffset(offset(most), offset(second), (double) both / n, n)) : Optional.empty();
    }

    private long count(int i) {
        return i < 0 || i >= byQuarters.length || i == MOST ? 0 : byQuarters[i];
    }

    private static Duration offset(int i) {
        return Duration.ofMinutes((i - MOST) * 15L);
    }
}
