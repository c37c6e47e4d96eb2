package syncdata.store;

/**
 * What PostgreSQL's counters show of sessions that the user may not see. A session adds to them once a second at most,
 * so that the last six looks, three seconds, are taken together: one burst alone, as of an automatic vacuum, is no
 * work.
 *
 * @param rowsWritten  at the last look
 * @param transactions at the last look
 * @param others       the most transactions there were that cannot have been ours: ours are counted by PostgreSQL later
 *                     than by us, so that it is sometimes less
 * @param moved        a bit for each of the last looks, set where somebody else did something
 */
record HiddenWork(long rowsWritten, long transactions, long others, int moved) {
    /** Before the first look. */
    static final HiddenWork UNKNOWN = new HiddenWork(-1, -1, -1, 0);

    private static final int LOOKS = 0b111111;
    private static final int ENOUGH = 2;
    /** Transactions more in one look that may still be ours: to open a connection takes some that nobody counts. */
    private static final int MARGIN = 10;

    /**
     * What is known after one more look.
     *
     * @param ours transactions of this run so far
     */
    HiddenWork after(SourceActivity seen, long ours) {
        long theirs = seen.transactions() - ours;
        if (transactions < 0 || seen.transactions() < transactions) { // the first look, or PostgreSQL counts anew
            return new HiddenWork(seen.rowsWritten(), seen.transactions(), theirs, 0);
        }
        boolean more = seen.rowsWritten() > rowsWritten || theirs > others + MARGIN;
        int looks = (moved << 1 | (more ? 1 : 0)) & LOOKS;
        return new HiddenWork(seen.rowsWritten(), seen.transactions(), Math.max(others, theirs), looks);
    }

    /** Whether somebody is at work. */
    boolean isSeen() {
        return Integer.bitCount(moved) >= ENOUGH;
    }
}
