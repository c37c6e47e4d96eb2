package syncdata.store;

import java.util.Locale;
import java.util.Optional;

/** The order in which a check reads PostgreSQL's entities: the one that is expected to cost less. */
public enum ReadingOrder {
    /** In the order of ids, from an index. */
    IDS,
    /** In the order of the table's blocks. They are then sorted on this host. */
    BLOCKS;

    /** Up to so many entities, the order makes no difference. */
    private static final long FEW = 20_000;
    private static final int OLDEST_WITH_BLOCKS = 14;

    /**
     * Costs of a row. The unit is the cost of a row that lies beside the one before. A visit is to a row that lies
     * elsewhere, its block in memory or on the disk.
     */
    private static final double VISIT = 5;
    private static final double VISIT_ON_DISK = 40;
    private static final double SORTED = 0.5;
    /** Its contents, read with those of its block, or looked up by its id; as measured, by docs/benchmark.md. */
    private static final double CONTENTS = 10;
    private static final double CONTENTS_BY_ID = 60;

    /**
     * What a check asks for.
     *
     * @param replaced  whether the operator has a page query of their own, which is in the order of ids
     * @param fromIndex whether an index covers the query
     * @param rate      whether the rate of entities is limited
     * @param share     of all ids, from 0 to 1
     */
    record Wanted(boolean replaced, boolean fromIndex, boolean rate, double share) {
    }

    /**
     * The order, and what led to it.
     *
     * @param reason   in a few words
     * @param entities that are read, estimated
     * @param byIds    the cost in the order of ids, in rows that lie beside each other
     * @param inBlocks the cost in the order of blocks, likewise
     */
    public record Decision(ReadingOrder order, String reason, long entities, long byIds, long inBlocks) {
    }

    /** The word for it in an event. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Decision decide(EntityLayout layout, Wanted wanted) {
        long all = layout.estimate();
        double read = all * wanted.share();
        double together = layout.correlation() * layout.correlation();
        double visits = read * (1 - together) * (wanted.fromIndex() ? 1 - layout.visible() : 1);
        double byIds = read + visits * (layout.blocks() > layout.cachedBlocks() ? VISIT_ON_DISK : VISIT);
        return decide(layout, wanted, byIds, all + read * SORTED,
                wanted.fromIndex() ? "an index has all that is read" : "few rows, or in the order of their ids",
                wanted.fromIndex() ? "the table is too little vacuumed for its covering index"
                        : "no index has all that is read");
    }

    /** Likewise where their contents are read too. */
    static Decision decideOfContents(EntityLayout layout, Wanted wanted) {
        double read = layout.estimate() * wanted.share();
        return decide(layout, wanted, read * CONTENTS_BY_ID, layout.estimate() + read * (SORTED + CONTENTS),
                "few contents are looked up by their ids", "contents are read with their blocks");
    }

    private static Decision decide(EntityLayout layout, Wanted wanted, double byIds, double inBlocks,
            String reasonOfIds, String reasonOfBlocks) {
        Optional<String> obstacle = obstacle(layout, wanted);
        boolean blocks = obstacle.isEmpty() && inBlocks < byIds;
        return new Decision(blocks ? BLOCKS : IDS, obstacle.orElse(blocks ? reasonOfBlocks : reasonOfIds),
                Math.round(layout.estimate() * wanted.share()), Math.round(byIds), Math.round(inBlocks));
    }

    /** Why blocks cannot be read; empty where they can. */
    private static Optional<String> obstacle(EntityLayout layout, Wanted wanted) {
        if (wanted.replaced()) {
            return Optional.of("entity-page.sql is the operator's own");
        }
        if (!layout.plain()) {
            return Optional.of("not all entities are in plain tables");
        }
        if (layout.version() < OLDEST_WITH_BLOCKS) {
            return Optional.of("PostgreSQL " + layout.version() + " cannot read a range of blocks");
        }
        if (wanted.rate()) {
            return Optional.of("--rate");
        }
        return layout.estimate() < FEW ? Optional.of("few entities") : Optional.empty();
    }
}
