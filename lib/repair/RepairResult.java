package syncdata.repair;

import java.nio.file.Path;
import java.util.Optional;
import syncdata.run.ExitCode;
import syncdata.run.RefusedException;

/**
 * What a repair did.
 *
 * @param deleted   entities deleted from Neo4j
 * @param reindexed entities written anew
 * @param ends      nodes written besides, since relations end there
 * @param healed    entities that needed nothing any more
 * @param failed    entities that could not be repaired, each named in an event
 * @param refusal   what a guard stopped, why, and what would allow it; empty where it stopped nothing
 * @param journal   what was changed, as it was before; empty where there is none
 */
public record RepairResult(long deleted, long reindexed, long ends, long healed, long failed,
        Optional<String> refusal, Optional<Path> journal) {
    public RepairResult(long deleted, long reindexed, long healed, long failed) {
        this(deleted, reindexed, 0, healed, failed, Optional.empty(), Optional.empty());
    }

    /**
     * How the run ends.
     *
     * @throws RefusedException if a guard stopped the deletions, or all
     */
    public ExitCode exitCode() {
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
        return failed == 0 ? ExitCode.IN_SYNC : ExitCode.PARTLY_REPAIRED;
    }
}
