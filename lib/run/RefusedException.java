package syncdata.run;

/** A guard stops the run. The message is one line: why, and what to do. */
public final class RefusedException extends RuntimeException {
    public RefusedException(String message) {
        super(message);
    }
}
