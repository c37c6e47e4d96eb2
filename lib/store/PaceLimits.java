package syncdata.store;

import java.io.Serializable;
import java.time.Duration;

/**
 * How much load a run may put on the databases.
 *
 * @param batchTime how long a page or a batch should take; after a longer one, the next are smaller
 * @param rate      the most entities a second; 0 for any number
 * @param maxLoad   how busy others may be
 * @param share     of the time, for its queries while others are at work; 1 for all of it
 */
public record PaceLimits(Duration batchTime, double rate, MaxLoad maxLoad, double share) implements Serializable {
    public static final PaceLimits NONE = new PaceLimits(Duration.ofDays(1), 0, MaxLoad.ANY, 1);

    /** Those of each of several processes that have to keep to these together. */
    public PaceLimits dividedBy(int processes) {
        return new PaceLimits(batchTime, rate / processes, maxLoad, share < 1 ? share / processes : share);
    }
}
