package syncdata.store;

import java.util.Locale;

/** In which order a check reads PostgreSQL's entities: whichever is expected to cost less. */
public enum ReadingOrder {
    /** A page after the other, from an index. */
    IDS,
    /** As they lie in the table, a range of blocks after the other; they are sorted on this host. */
    BLOCKS;

    /** So few are a page, in whatever order. */
    private static final long FEW = 20_000;
    private static final int OLDEST_WITH_BLOCKS = 14;

    /**
     * What a row costs, in times of what it costs to read it where the row before it lies: a visit to a row
     * elsewhere, with its block in memory or on a disk, and what it takes to sort it here.
     */
    private static final double VISIT = 5;
    private static final double VISIT_ON_DISK = 40;
    private static final double SORTED = 0.5;

    /**
     * What a check asks for.
     *
     * @param replaced  whether the operator has a page of entities of their own, in the order of ids
     * @param fromIndex whether an index has all that is asked for
     * @param rate      whether so many entities a second are allowed, and no more
     * @param share     of all ids, from 0 to 1
     */
    record Wanted(boolean replaced, boolean fromIndex, boolean rate, double share) {
    }

    /**
     * The order, and what led to it.
     *
     * @param reason    in a few words
     * @param entities  about how many are read
     * @param byIds     what that costs in the order of ids, as so many rows in the order of blocks
     * @param inBlocks  what it costs in the order of blocks, likewise
     */
    public record Decision(ReadingOrder order, String reason, long entities, long byIds, long inBlocks) {
    }

    /** The word for it in an event. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Decides. */
    static Decision decide(EntityLayout layout, Wanted wanted) {
        long all = layout.estimate();
        double read = all * wanted.share();
        double together = layout.correlation() * layout.correlation();
        double visits = read * (1 - together) * (wanted.fromIndex() ? 1 - layout.visible() : 1);
        double byIds = read + visits * (layout.blocks() > layout.cachedBlocks() ? VISIT_ON_DISK : VISIT);
        double inBlocks = all + read * SORTED;
        String obstacle = obstacle(layout, wanted);
        boolean blocks = obstacle == null && inBlocks < byIds;
        String reason = obstacle != null ? obstacle
                : blocks ? wanted.fromIndex() ? "the table is too little vacuumed for its covering index"
                        : "no index has all that is read"
                : wanted.fromIndex() ? "an index has all that is read" : "few rows, or in the order of their ids";
        return new Decision(blocks ? BLOCKS : IDS, reason, Math.round(read), Math.round(byIds),
                Math.round(inBlocks));
    }

    /** Why blocks cannot be read; null where they can. */
    private static String obstacle(EntityLayout layout, Wanted wanted) {
        if (wanted.replaced()) {
            return "entity-page.sql is the operator's own";
        }
        if (!layout.plain()) {
            return "not all entities are in plain tables";
        }
        if (layout.version() < OLDEST_WITH_BLOCKS) {
            return "PostgreSQL " + layout.version() + " cannot read a range of blocks";
        }
        if (wanted.rate()) {
            return "--rate";
        }
        return layout.estimate() < FEW ? "few entities" : null;
    }
}
