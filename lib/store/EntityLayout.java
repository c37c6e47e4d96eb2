package syncdata.store;

/**
 * How the entities lie in PostgreSQL, by its own statistics.
 *
 * @param version      of the server, such as 17
 * @param plain        whether all are in tables of its own kind: none in a view or a foreign table
 * @param tables       in how many
 * @param longest      blocks of the longest of them
 * @param blocks       of all
 * @param entities     about how many; 0 where nobody knows
 * @param visible      the share of blocks that need not be read where an index has all that is asked for
 * @param correlation  how far the order of ids is that of the blocks, from 0 to 1
 * @param cachedBlocks how many blocks the server expects to find in memory
 */
record EntityLayout(int version, boolean plain, int tables, long longest, long blocks, long entities, double visible,
        double correlation, long cachedBlocks) {
    private static final long ENTITIES_IN_A_BLOCK = 50;

    /** About how many there are; where the table was never analyzed, by its size. */
    long estimate() {
        return entities > 0 ? entities : blocks * ENTITIES_IN_A_BLOCK;
    }

    /** About how many a block holds, at least one. */
    double perBlock() {
        return blocks == 0 ? 1 : Math.max(1, (double) estimate() / blocks);
    }
}
