package syncdata.store;

/** A database failed for good in the middle of the work. The message says what was done so far. */
public final class UnfinishedException extends RuntimeException {
    UnfinishedException(String soFar, RuntimeException cause) {
        super(soFar, cause);
    }
}
