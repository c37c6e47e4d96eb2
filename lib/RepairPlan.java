package syncdata;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What of a saved report still has to be done: each id is judged again, deletions first, as a repair would. */
public final class RepairPlan implements AutoCloseable {
    private final Confirmation confirmation;
    private final int batchSize;
    private final RepairChoice choice;
    private final long limit;
    private final IdFile toDelete = new IdFile();
    private final IdFile toReindex = new IdFile();

    private RepairPlan(Databases databases, int batchSize, RepairChoice choice, long limit) {
        this.confirmation = new Confirmation(databases);
        this.batchSize = batchSize;
        this.choice = choice;
        this.limit = limit;
    }

    /**
     * Looks at the ids of a report until enough were found that have to be repaired.
     *
     * @param limit   how many are enough
     * @param found   takes each of them
     * @param skipped takes why nothing is to be done, for each of the others that were looked at
     */
    public static RepairPlan of(Databases databases, Report report, int batchSize, RepairChoice choice, long limit,
                                Consumer<Difference> found, Consumer<Receipt> skipped) {
        RepairPlan plan = new RepairPlan(databases, batchSize, choice, limit);
        plan.look(report.toDelete(), plan.toDelete, found, skipped);
        plan.look(report.toReindex(), plan.toReindex, found, skipped);
        return plan;
    }

    /** What is to be done with an entity, as one line: the action, the id, the class and the type, with tabs between. */
    public static String line(Difference entity) {
        return String.join("\t", RepairAction.of(entity).label(), entity.id().toString(), entity.verdict().label(), entity.type() == null ? "-" : entity.type());
    }

    /** Those of the ids to delete that still differ, ascending. */
    public IdFile toDelete() {
        return toDelete;
    }

    /** Those of the ids to reindex that still differ, ascending. */
    public IdFile toReindex() {
        return toReindex;
    }

    /** How many entities have to be repaired. */
    public long count() {
        return toDelete.count() + toReindex.count();
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
    }

    private void look(IdFile ids, IdFile differing, Consumer<Difference> found, Consumer<Receipt> skipped) {
        for (long from = 0; from < ids.count() && count() < limit; from += batchSize) {
            List<UUID> batch = ids.batch(from, batchSize);
            for (Difference difference : confirmation.judge(batch, Selection.ALL)) {
                if (count() == limit) {
                    return;
                }
                if (difference.verdict().isDifference() && choice.test(difference)) {
                    differing.add(difference.id());
                    found.accept(difference);
                } else {
                    skipped.accept(Receipt.untouched(difference));
                }
            }
        }
    }
}
