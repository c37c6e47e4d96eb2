package syncdata.store;

/** A database failed in the middle of the work, and retries did not help. The message says what was done so far. */
public final class UnfinishedException extends RuntimeException {
    UnfinishedException(String soFar, RuntimeException cause) {
        super(soFar, cause);
    }
}
