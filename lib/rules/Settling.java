package syncdata.rules;

import java.time.Duration;
import syncdata.rules.GraphTimestamp.Precision;

/**
 * When a difference can be believed while both databases are being written: once every transaction that was running at the first look
 * has ended, and once the last change is old enough that the platform has had the time to write it to Neo4j too.
 * Pure; the only clock is PostgreSQL's.
 *
 * @param settle  how old a change must be
 * @param timeout how long to wait for transactions to end
 */
public record Settling(Duration settle, Duration timeout) {
    public static final Settling DEFAULT = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));

    /** What becomes of what was found. */
    public enum Decision {
        /** It can be believed. */
        FINAL,
        /** It is to be looked at again later. */
        LOOK_AGAIN,
        /** It is not known to be a difference, and there is no more time to find out. */
        UNCONFIRMED
    }

    /** What waiting as long as it takes comes to: a change that is older now may wait for the transactions alone. */
    public Duration longest() {
        return settle.compareTo(timeout) > 0 ? settle : timeout;
    }

    /**
     * Decides on what an entity's second look found.
     *
     * @param began  when the check began
     * @param first  taken after the first look
     * @param second taken before the second look
     * @param timeUp whether there is no later look
     */
    public Decision decide(Difference difference, Moment began, Moment first, Moment second, boolean timeUp) {
        boolean settled = !difference.verdict().isDifference()
                || second.allEndedSince(first) && readyAt(difference, began, first, second) <= second.micros();
        if (settled) {
            return Decision.FINAL;
        }
        return timeUp ? Decision.UNCONFIRMED : Decision.LOOK_AGAIN;
    }

    /** From when on a difference's last change is old enough, in microseconds since 1970. */
    public long readyAt(Difference difference, Moment began, Moment first, Moment second) {
        long micros = settle.toNanos() / 1000;
        if (micros == 0) {
            return second.micros();
        }
        SourceState source = difference.source();
        if (source != null && !first.hadEnded(source.writtenBy())) {
            return second.micros() + micros; // another change than the one that the first look saw
        }
        if (source != null && !began.hadEnded(source.writtenBy())) {
            return first.micros() + micros; // a late commit: its timestamp, the start of its transaction, may be old
        }
        long newest = newest(difference);
        long age = second.micros() - newest;
        if (newest == Long.MIN_VALUE || age >= micros || age <= -micros) {
            return second.micros(); // no clock is wrong by more: what lies further ahead is no recent change
        }
        return (age < 0 ? first.micros() : newest) + micros;
    }

    private static long newest(Difference difference) {
        long graph = difference.graph().stream().map(GraphState::timestamp).filter(timestamp -> timestamp.precision() != Precision.UNREADABLE)
                .mapToLong(GraphTimestamp::micros).max().orElse(Long.MIN_VALUE);
        return difference.source() == null ? graph : Math.max(graph, difference.source().micros());
    }
}
