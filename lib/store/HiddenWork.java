package syncdata.store;

/**
 * What PostgreSQL's counters tell of sessions that the user may not see. A session reports to them at most once a
 * second; therefore the last six looks, which are three seconds, are judged together. A single burst, as of an
 * automatic vacuum, does not count.
 *
 * @param rowsWritten  at the last look
 * @param transactions at the last look
 * @param others       the most transactions so far that were not ours; a single look may find fewer, since PostgreSQL
 *                     counts ours later than we do
 * @param moved        a bit for each of the last looks, set where others did something
 */
record HiddenWork(long rowsWritten, long transactions, long others, int moved) {
    /** Before the first look. */
    static final HiddenWork UNKNOWN = new HiddenWork(-1, -1, -1, 0);

    private static final int LOOKS = 0b111111;
    private static final int ENOUGH = 2;
    /** More transactions at one look that may be ours: opening a connection takes some that we do not count. */
    private static final int MARGIN = 10;

    /**
     * The state after one more look.
     *
     * @param ours transactions of this run so far
     */
    HiddenWork after(SourceActivity seen, long ours) {
        long theirs = seen.transactions() - ours;
        if (transactions < 0 || seen.transactions() < transactions) { // the first look, or the statistics were reset
            return new HiddenWork(seen.rowsWritten(), seen.transactions(), theirs, 0);
        }
        boolean more = seen.rowsWritten() > rowsWritten || theirs > others + MARGIN;
        int looks = (moved << 1 | (more ? 1 : 0)) & LOOKS;
        return new HiddenWork(seen.rowsWritten(), seen.transactions(), Math.max(others, theirs), looks);
    }

    /** Whether others are at work. */
    boolean isSeen() {
        return Integer.bitCount(moved) >= ENOUGH;
    }
}
