package syncdata.store;

import syncdata.run.ExitCode;

/** A database failed for good in the middle of the work. The message says what was done so far. */
public final class UnfinishedException extends RuntimeException {
    UnfinishedException(String soFar, RuntimeException cause) {
        super(soFar, cause);
    }

    /** The same failure with what was done so far, where it is a database that cannot be reached any more. */
    public static RuntimeException of(RuntimeException failure, String soFar) {
        ExitCode code = Failure.of(failure).exitCode();
        return code == ExitCode.UNREACHABLE || failure instanceof Retry.GaveUpException ? new UnfinishedException(soFar, failure) : failure;
    }
}
