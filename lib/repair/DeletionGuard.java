package syncdata.repair;

import java.util.Optional;
import syncdata.rules.DeleteLimit;

/** Refuses deletions that are too many, and every deletion after that. */
final class DeletionGuard {
    private final DeleteLimit limit;
    private final long inGraph;
    private final boolean sourceEmpty;
    private long deleted;
    private Refusal refusal;

    /**
     * Deletions that are too many.
     *
     * @param deletions those so far, and those that were asked for
     * @param words     why, and what would allow them
     */
    record Refusal(long deletions, String words) {
    }

    /**
     * @param inGraph     the entities in Neo4j that a share is taken of
     * @param sourceEmpty whether PostgreSQL holds no entity at all: then no share allows any
     */
    DeletionGuard(DeleteLimit limit, long inGraph, boolean sourceEmpty) {
        this.limit = limit;
        this.inGraph = inGraph;
        this.sourceEmpty = sourceEmpty;
    }

    /** Whether so many more are too many. */
    boolean refuses(long more) {
        long deletions = deleted + more;
        if (refusal == null && deletions > limit.most(inGraph, sourceEmpty)) {
            refusal = new Refusal(deletions,
                    (sourceEmpty ? "PostgreSQL holds no entity at all, and " : "") + deletions + " of the " + inGraph
                    + " entities in Neo4j would be deleted, more than --max-deletes " + limit + " allows: "
                    + (deleted == 0 ? "none was" : "only " + deleted + " were")
                    + ". If they are to go, run this again with --max-deletes " + deletions);
        }
        return refusal != null;
    }

    /** Counts entities that were deleted. */
    void deleted(long entities) {
        deleted += entities;
    }

    /** What it refused; empty where it refused nothing. */
    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }
}
