package syncdata.store;

import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * How many entities to ask for, or to write, at a time: at most so many, and fewer where it takes longer than it
 * should.
 */
public final class PageSize {
    /** Two of one id must fit, or a duplicate would never be seen. */
    static final int SMALLEST = 2;
    /** What one answer promises for a larger one is believed so far. */
    private static final int GROWTH = 4;

    private final int largest;
    private final double target;
    private final IntSupplier most;
    private double size;

    /** @param target how long an answer should take at most */
    public PageSize(int largest, Duration target) {
        this(largest, largest, target, () -> largest);
    }

    /**
     * @param first how many to begin with
     * @param most  how many there may be as things are now, at least 1
     */
    PageSize(int first, int largest, Duration target, IntSupplier most) {
        this.largest = Math.max(SMALLEST, largest);
        this.most = most;
        this.target = target.toNanos();
        this.size = Math.max(SMALLEST, first);
    }

    /** How many to ask for now. */
    public synchronized int now() {
        return Math.max(SMALLEST, Math.min((int) size, most.getAsInt()));
    }

    /** So many took this long. */
    public synchronized void took(int entities, long nanos) {
        double fits = entities * target / Math.max(1, nanos);
        double wanted = nanos > target ? Math.max(size / 2, fits) : Math.min(size * GROWTH, Math.max(size, fits));
        size = Math.min(largest, Math.max(SMALLEST, wanted));
    }

    /** That many were too many for the server's memory. */
    public synchronized void halve() {
        size = Math.max(SMALLEST, size / 2);
    }
}
