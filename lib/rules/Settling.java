package syncdata.rules;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import syncdata.rules.GraphTimestamp.Precision;

/**
 * When a difference can be believed while both databases are being written. Every transaction that was running at the
 * first look has to have ended. The last change has to be so old that the platform has had the time to write it to
 * Neo4j. A deletion in PostgreSQL has no time, nor has a change of content: each is as old as the look that first saw
 * it. Pure; the only clock is PostgreSQL's.
 *
 * @param settle  how old the last change must be
 * @param timeout how long to wait for transactions to end
 */
public record Settling(Duration settle, Duration timeout) implements Serializable {
    public static final Settling DEFAULT = new Settling(Duration.ofSeconds(30), Duration.ofSeconds(60));

    /**
     * The looks at an entity up to now.
     *
     * @param began  the snapshot from the beginning of the check
     * @param first  the snapshot from after the look that first found the difference
     * @param second the snapshot from before the look that is judged
     * @param seen   the class that the first look saw, where it has no time of its own: {@code NOT_DELETED} or {@code
     *               ALTERED}
     */
    public record Looks(Snapshot began, Snapshot first, Snapshot second, Optional<Verdict> seen) {
        /** When the entity was first seen as it is judged now. */
        private Snapshot since(Difference difference) {
            Verdict verdict = difference.verdict();
            boolean another = Reason.of(verdict).isPresent() && !seen.equals(Optional.of(verdict));
            return another || isWrittenAfter(first, difference) ? second : first;
        }
    }

    /** What to do with what a look found. */
    public sealed interface Decision {
        /** It is settled. */
        record Believe() implements Decision {
        }

        /**
         * It has to be looked at again.
         *
         * @param reason  what it waits for
         * @param since   the snapshot of the look that first saw the entity as it is now
         * @param readyAt the time from which on to look, in microseconds since 1970
         */
        record LookAgain(Reason reason, Snapshot since, long readyAt) implements Decision {
        }

        /** It is not settled, and there is no more time to wait. */
        record Unconfirmed() implements Decision {
        }
    }

    /** Why a difference is not believed yet. */
    public enum Reason {
        /** PostgreSQL is a standby, and may not have received it yet. */
        STANDBY,
        /** A transaction that was open at the first look still is. */
        TRANSACTION,
        /** The last change is young. */
        CHANGE,
        /** It may have been deleted just now. */
        DELETION(Verdict.NOT_DELETED),
        /** Its content may have been changed just now: the timestamps tell nothing of that. */
        CONTENT(Verdict.ALTERED);

        private final Verdict verdict;

        Reason() {
            this(null);
        }

        Reason(Verdict verdict) {
            this.verdict = verdict;
        }

        /** The class that has no time of its own, and so waits for this from when it was first seen. */
        public Optional<Verdict> verdict() {
            return Optional.ofNullable(verdict);
        }

        private static Optional<Reason> of(Verdict verdict) {
            return Stream.of(values()).filter(reason -> reason.verdict == verdict).findFirst();
        }
    }

    /** The longest that a difference may have to wait. */
    public Duration longest() {
        return settle.compareTo(timeout) > 0 ? settle : timeout;
    }

    /**
     * Decides on what the second or a later look found.
     *
     * @param last whether there is no later look
     */
    public Decision decide(Difference difference, Looks looks, boolean last) {
        if (!difference.verdict().isDifference()) {
            return new Decision.Believe();
        }
        boolean ended = looks.second().allEndedSince(looks.first());
        long readyAt = readyAt(difference, looks);
        if (ended && readyAt <= looks.second().seen()) {
            return new Decision.Believe();
        }
        return last ? new Decision.Unconfirmed()
                : new Decision.LookAgain(reason(difference, looks), looks.since(difference), readyAt);
    }

    private static Reason reason(Difference difference, Looks looks) {
        Reason since = !looks.second().hasSeen(looks.first()) ? Reason.STANDBY
                : looks.second().allEndedSince(looks.first()) ? Reason.CHANGE : Reason.TRANSACTION;
        return Reason.of(difference.verdict()).orElse(since);
    }

    /** The time at which the last change of a difference is old enough, in microseconds since 1970. */
    private long readyAt(Difference difference, Looks looks) {
        long micros = settle.toNanos() / 1000;
        long now = looks.second().seen();
        long afterFirstSeen = looks.since(difference).micros() + micros;
        if (isWrittenAfter(looks.began(), difference)) {
            return afterFirstSeen; // a late commit: its timestamp, the start of its transaction, tells no age
        }
        long newest = newest(difference);
        boolean ahead = newest - micros >= looks.second().micros(); // a clock is not wrong by that much
        boolean old = newest == Long.MIN_VALUE || newest + micros <= now || ahead;
        long afterChange = old ? now : (newest > looks.second().micros() ? looks.first().micros() : newest) + micros;
        return Reason.of(difference.verdict()).isPresent() ? Math.max(afterChange, afterFirstSeen) : afterChange;
    }

    /** Whether the transaction that wrote PostgreSQL's row had not ended at a snapshot. */
    private static boolean isWrittenAfter(Snapshot snapshot, Difference difference) {
        return difference.source().filter(state -> !snapshot.hadEnded(state.writtenBy())).isPresent();
    }

    private static long newest(Difference difference) {
        long graph = difference.graph().stream().map(GraphState::timestamp)
                .filter(timestamp -> timestamp.precision() != Precision.UNREADABLE)
                .mapToLong(GraphTimestamp::micros).max().orElse(Long.MIN_VALUE);
        return difference.source().map(state -> Math.max(graph, state.micros())).orElse(graph);
    }
}
