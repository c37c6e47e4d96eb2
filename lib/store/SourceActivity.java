package syncdata.store;

/**
 * What one look at PostgreSQL tells of the work of others.
 *
 * @param inUse        whether a session was seen at work
 * @param hidden       whether there are sessions of which the user may see nothing
 * @param transactions so far, ours among them
 * @param rowsWritten  so far, never by us
 */
record SourceActivity(boolean inUse, boolean hidden, long transactions, long rowsWritten) {
}
