package syncdata.store;

/**
 * How the entities lie in PostgreSQL's tables, by its own statistics.
 *
 * @param version      of the server, such as 17
 * @param plain        whether all are in ordinary tables: none in a view or a foreign table
 * @param tables       the number of tables
 * @param longest      blocks of the longest table
 * @param blocks       blocks of all tables
 * @param entities     estimated; 0 where it is unknown
 * @param visible      the share of blocks that an index-only scan does not read
 * @param correlation  of the order of ids with the order of blocks, from 0 to 1
 * @param cachedBlocks blocks that the server expects to find in memory
 */
record EntityLayout(int version, boolean plain, int tables, long longest, long blocks, long entities, double visible,
        double correlation, long cachedBlocks) {
    private static final long ENTITIES_IN_A_BLOCK = 50;

    /** The number of entities, estimated; where the table was never analyzed, by its size. */
    long estimate() {
        return entities > 0 ? entities : blocks * ENTITIES_IN_A_BLOCK;
    }

    /** The number of entities in a block, estimated, at least 1. */
    double perBlock() {
        return blocks == 0 ? 1 : Math.max(1, (double) estimate() / blocks);
    }
}
