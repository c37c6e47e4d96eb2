package syncdata.repair;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import syncdata.repair.Receipt.Outcome;
import syncdata.run.Events;

/** Counts what a repair does, tells receipts and progress of it, and names what fails. */
final class Tally {
    private final RepairJob job;
    private long deleted;
    private long reindexed;
    private long ends;
    private long healed;
    private long failed;

    Tally(RepairJob job) {
        this.job = job;
    }

    /** Counts deleted entities, and gives a receipt for each that was named. */
    void deleted(Round round, Collection<UUID> ids) {
        deleted += told(round, ids, Outcome.DELETED);
    }

    /** Counts written entities, likewise. */
    void reindexed(Round round, Collection<UUID> ids) {
        reindexed += told(round, ids, Outcome.REINDEXED);
        showProgress();
    }

    /** Gives receipts for entities that were left. */
    void left(Round round, Collection<UUID> ids) {
        told(round, ids, Outcome.LEFT);
    }

    /** Counts nodes that were written because relations end there; a named one has its own turn. */
    void ends(Collection<UUID> ids) {
        ends += ids.stream().filter(id -> !job.named().has(id)).count();
    }

    /** Takes an entity that needs no repair, or none that is wanted. */
    void untouched(Round round, Receipt receipt) {
        if (isAsked(round, receipt.id())) {
            healed += receipt.outcome() == Outcome.LEFT ? 0 : 1;
            job.receipts().accept(receipt);
        }
    }

    void failed(UUID id, String cause) {
        failed++;
        job.events().error(Events.Logger.REPAIR, "An entity could not be repaired",
                Map.of("entity_id", id.toString(), "cause", cause));
        job.receipts().accept(new Receipt(id, Outcome.FAILED, Optional.of(cause)));
    }

    void showProgress() {
        job.events().progress().reached(deleted + reindexed + healed + failed);
    }

    /** Where it stands, in words. */
    String soFar() {
        return deleted + " entities were deleted and " + reindexed + " reindexed so far";
    }

    RepairResult result(Optional<String> refusal) {
        return new RepairResult(deleted, reindexed, ends, healed, failed, refusal,
                job.safeguards().journal().written());
    }

    private long told(Round round, Collection<UUID> ids, Outcome outcome) {
        return ids.stream().filter(id -> isAsked(round, id)).peek(id -> job.receipts().accept(Receipt.of(id, outcome)))
                .count();
    }

    /** Later rounds may judge a relation that was not named: it gets no receipt. */
    private boolean isAsked(Round round, UUID id) {
        return round.number() == 1 || job.named().has(id);
    }
}
