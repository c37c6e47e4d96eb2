package syncdata.repair;

import java.util.Map;
import java.util.function.Consumer;
import syncdata.check.Confirmation;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Difference;
import syncdata.rules.RepairAction;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.IdLog;
import syncdata.run.SortedIds;
import syncdata.run.Words;
import syncdata.store.Databases;
import syncdata.store.Pace;

/** What of a saved report is still to be done: each of its ids is judged again, those to delete first. */
public final class RepairPlan implements AutoCloseable {
    private final Confirmation confirmation;
    private final Pace pace;
    private final int batchSize;
    private final RepairChoice choice;
    private final long limit;
    private SortedIds toDelete = SortedIds.none();
    private SortedIds toReindex = SortedIds.none();
    private long count;
    private long notLookedAt;

    private RepairPlan(Databases databases, Comparison comparison, int batchSize, RepairChoice choice, long limit) {
        this.confirmation = new Confirmation(databases, comparison);
        this.pace = databases.pace();
        this.batchSize = batchSize;
        this.choice = choice;
        this.limit = limit;
    }

    /**
     * Looks at the ids of a report until enough were found that have to be repaired, or the run is to stop.
     *
     * @param limit   how many are enough
     * @param found   takes each of them
     * @param skipped takes why nothing is to be done, for each of the others; one that was not looked at is left
     */
    public static RepairPlan of(Databases databases, Report report, int batchSize, RepairChoice choice, long limit,
                                Consumer<Difference> found, Consumer<Receipt> skipped) {
        RepairPlan plan = new RepairPlan(databases, report.comparison(), batchSize, choice, limit);
        try (IdLog deletes = new IdLog(); IdLog reindexes = new IdLog()) {
            plan.look(report.toDelete(), deletes, reindexes, found, skipped);
            plan.look(report.toReindex(), deletes, reindexes, found, skipped);
            plan.toDelete = deletes.sorted();
            plan.toReindex = reindexes.sorted();
        }
        return plan;
    }

    /** An entity as a line: the action, the id, the class and the type, with tabs between. */
    public static String line(Difference entity) {
        String type = entity.type() == null ? "-" : Words.visible(entity.type());
        return String.join("\t", RepairAction.of(entity.verdict()).label(), entity.id().toString(),
                entity.verdict().label(), type);
    }

    /** What is to be deleted now, ascending. */
    public SortedIds toDelete() {
        return toDelete;
    }

    /** What is to be reindexed now, ascending. */
    public SortedIds toReindex() {
        return toReindex;
    }

    /** How many more ids the report names that were not looked at, or are beyond the limit. */
    public long notLookedAt() {
        return notLookedAt;
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Announces what is to be done, for a dry run. */
    public void tell(Events events) {
        events.info(Events.Logger.REPAIR, "Dry run: nothing was changed",
                Map.of("n_to_delete", toDelete.count(), "n_to_reindex", toReindex.count()));
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
    }

    private void look(SortedIds ids, IdLog deletes, IdLog reindexes, Consumer<Difference> found,
            Consumer<Receipt> skipped) {
        ids.forEachBatch(batchSize, batch -> {
            if (count == limit || !pace.beforeBatch(batch.size())) {
                notLookedAt += batch.size();
                batch.forEach(id -> skipped.accept(Receipt.of(id, Receipt.Outcome.LEFT)));
                return;
            }
            confirmation.judge(batch, Selection.ALL,
                    part -> part.forEach(difference -> look(difference, deletes, reindexes, found, skipped)));
        });
    }

    private void look(Difference difference, IdLog deletes, IdLog reindexes, Consumer<Difference> found,
            Consumer<Receipt> skipped) {
        if (!difference.verdict().isDifference() || !choice.test(difference)) {
            skipped.accept(Receipt.untouched(difference));
        } else if (count == limit) {
            notLookedAt++;
            skipped.accept(Receipt.of(difference.id(), Receipt.Outcome.LEFT));
        } else {
            count++;
            (RepairAction.of(difference.verdict()) == RepairAction.DELETE ? deletes : reindexes).add(difference.id());
            found.accept(difference);
        }
    }
}
