package syncdata.store;

import java.time.Duration;
import java.util.Optional;
import syncdata.run.Stop;

/** A database did not heal in time, or the run was to stop before it did. */
public final class GaveUpException extends RuntimeException {
    private final Duration after;
    private final transient Optional<Stop.Reason> stopped;

    GaveUpException(Duration after, Optional<Stop.Reason> stopped, RuntimeException cause) {
        super(cause);
        this.after = after;
        this.stopped = stopped;
    }

    /** For how long it was tried. */
    Duration after() {
        return after;
    }

    /** Why the run was to stop, where that is why. */
    Optional<Stop.Reason> stopped() {
        return stopped;
    }
}
