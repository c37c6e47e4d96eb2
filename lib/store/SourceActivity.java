package syncdata.store;

/**
 * What one look at PostgreSQL shows of the work of others.
 *
 * @param inUse        whether somebody was seen at work
 * @param hidden       whether there are sessions of which the user may see nothing
 * @param transactions that there were so far, ours among them
 * @param rowsWritten  so far, never by us
 */
record SourceActivity(boolean inUse, boolean hidden, long transactions, long rowsWritten) {
}
