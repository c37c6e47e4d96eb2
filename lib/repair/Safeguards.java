package syncdata.repair;

import syncdata.rules.DeleteLimit;

/**
 * What binds a repair: the lock that keeps other repairs away, a limit on deletions, and the journal.
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
