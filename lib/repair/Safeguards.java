package syncdata.repair;

import syncdata.rules.DeleteLimit;

/**
 * What a repair is bound to: the lock that keeps other repairs away, the most that it may delete, and the journal of
 * what it changes.
 *
 * @param lock    closed with this
 * @param journal likewise
 */
public record Safeguards(RepairLock lock, DeleteLimit deletes, Journal journal) implements AutoCloseable {
    @Override
    public void close() {
        try (lock) {
            journal.close();
        }
    }
}
