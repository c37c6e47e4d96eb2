package syncdata.repair;

import java.util.Collection;
import java.util.Map;
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

    /** These were deleted; of those that were not asked for, nothing is said. */
    void deleted(Round round, Collection<UUID> ids) {
        deleted += told(round, ids, Outcome.DELETED);
    }

    /** These were written anew, likewise. */
    void reindexed(Round round, Collection<UUID> ids) {
        reindexed += told(round, ids, Outcome.REINDEXED);
        showProgress();
    }

    /** These were left, likewise. */
    void left(Round round, Collection<UUID> ids) {
        told(round, ids, Outcome.LEFT);
    }

    /** These were written because relations end there; nobody asked for them. */
    void ends(Collection<UUID> ids) {
        ends += ids.stream().filter(id -> !job.names(id)).count();
    }

    /** This one needs no repair, or none that is wanted. */
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
        job.receipts().accept(new Receipt(id, Outcome.FAILED, cause));
    }

    void showProgress() {
        job.events().progress().reached(deleted + reindexed + healed + failed);
    }

    /** Where it stands, in words. */
    String soFar() {
        return deleted + " entities were deleted and " + reindexed + " reindexed so far";
    }

    RepairResult result(String refusal) {
        return new RepairResult(deleted, reindexed, ends, healed, failed, refusal,
                job.safeguards().journal().written());
    }

    private long told(Round round, Collection<UUID> ids, Outcome outcome) {
        return ids.stream().filter(id -> isAsked(round, id)).peek(id -> job.receipts().accept(Receipt.of(id, outcome)))
                .count();
    }

    /** In later rounds what is judged may be a relation of what was asked for, which is nobody's concern. */
    private boolean isAsked(Round round, UUID id) {
        return round.number() == 1 || job.names(id);
    }
}
