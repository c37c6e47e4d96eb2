package syncdata.store;

import java.time.Duration;
import java.util.Optional;
import syncdata.run.Stop;

/** A database did not recover in time, or the run was to stop before. */
public final class GaveUpException extends RuntimeException {
    private final Duration after;
    private final transient Optional<Stop.Reason> stopped;

    GaveUpException(Duration after, Optional<Stop.Reason> stopped, RuntimeException cause) {
        super(cause);
        this.after = after;
        this.stopped = stopped;
    }

    /** How long it was tried. */
    Duration after() {
        return after;
    }

    /** Why the run was to stop, if it was. */
    Optional<Stop.Reason> stopped() {
        return stopped;
    }
}
