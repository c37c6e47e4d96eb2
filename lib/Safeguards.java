package syncdata;

/**
 * What a repair is bound to: the lock that keeps other repairs away, and the most that it may delete.
 *
 * @param lock closed with this
 */
public record Safeguards(RepairLock lock, DeleteLimit deletes) implements AutoCloseable {
    @Override
    public void close() {
        lock.close();
    }
}
