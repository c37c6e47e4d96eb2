package syncdata.repair;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.Verdict;

/**
 * What a repair did with one entity.
 *
 * @param cause why it failed; empty where it did not
 */
public record Receipt(UUID id, Outcome outcome, Optional<String> cause) {

    /** How it ended. */
    public enum Outcome {
        /** Deleted from Neo4j. */
        DELETED,
        /** Written anew from PostgreSQL. */
        REINDEXED,
        /** The same in both already, or a dangling relation, which the graph cannot hold. */
        ALREADY_IN_SYNC,
        /** In neither database any more. */
        GONE_MEANWHILE,
        /** Not what this repair was to do. */
        LEFT,
        /** Could not be repaired. */
        FAILED;

        /** In words, such as {@code already in sync}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** For an entity that is not to be repaired. */
    static Receipt untouched(Difference difference) {
        Outcome outcome = difference.verdict() == Verdict.GONE
                ? Outcome.GONE_MEANWHILE : difference.verdict().isDifference() ? Outcome.LEFT : Outcome.ALREADY_IN_SYNC;
        return of(difference.id(), outcome);
    }

    public static Receipt of(UUID id, Outcome outcome) {
        return new Receipt(id, outcome, Optional.empty());
    }
}
