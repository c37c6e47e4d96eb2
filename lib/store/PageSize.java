package syncdata.store;

import java.time.Duration;
import java.util.function.IntSupplier;

/** How many entities to read or write at a time. It grows while that is quick, and shrinks after what took too long. */
public final class PageSize {
    /** Two copies of one id have to fit, or a duplicate would never be seen. */
    static final int SMALLEST = 2;
    /** The most by which a page is larger than the one before. */
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
     * @param first the size at the beginning
     * @param most  the largest size that is allowed now, at least 1
     */
    PageSize(int first, int largest, Duration target, IntSupplier most) {
        this.largest = Math.max(SMALLEST, largest);
        this.most = most;
        this.target = target.toNanos();
        this.size = Math.max(SMALLEST, first);
    }

    /** The size now. */
    public synchronized int now() {
        return Math.max(SMALLEST, Math.min((int) size, most.getAsInt()));
    }

    /** Learns from how long so many entities took. */
    public synchronized void took(int entities, long nanos) {
        double fits = entities * target / Math.max(1, nanos);
        double wanted = nanos > target ? Math.max(size / 2, fits) : Math.min(size * GROWTH, Math.max(size, fits));
        size = Math.min(largest, Math.max(SMALLEST, wanted));
    }

    /** Learns that the size was too large for the server's memory. */
    public synchronized void halve() {
        size = Math.max(SMALLEST, size / 2);
    }
}
