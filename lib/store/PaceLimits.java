package syncdata.store;

import java.time.Duration;

/**
 * How much a run may do to the databases.
 *
 * @param batchTime how long a page should take; where it takes longer, the next are smaller
 * @param rate      entities a second at most; 0 for any number
 * @param maxLoad   how busy others may be while it goes on
 * @param share     of the time that its queries may take while others are at work; 1 for all of it
 */
public record PaceLimits(Duration batchTime, double rate, MaxLoad maxLoad, double share) {
    public static final PaceLimits NONE = new PaceLimits(Duration.ofDays(1), 0, MaxLoad.ANY, 1);
}
