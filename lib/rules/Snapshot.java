package syncdata.rules;

import java.io.Serializable;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A snapshot of PostgreSQL: its clock, and which transactions had ended by then.
 *
 * @param micros  the clock, in microseconds since 1970
 * @param xmin    every transaction before this one had ended
 * @param xmax    neither this transaction nor a later one had ended
 * @param next    neither this transaction nor a later one had begun
 * @param running transactions from {@code xmin} on and before {@code xmax} that had not ended
 * @param seen    every commit up to this time is visible, in microseconds since 1970: on a primary the clock, on a
 *                standby what it has received
 */
public record Snapshot(long micros, long xmin, long xmax, long next, Set<Long> running, long seen)
        implements Serializable {
    private static final long CIRCLE = 1L << 32;
    private static final int FIRST_NORMAL = 3;

    /** A snapshot of a primary, which has seen all. */
    public Snapshot(long micros, long xmin, long xmax, long next, Set<Long> running) {
        this(micros, xmin, xmax, next, running, micros);
    }

    /**
     * Reads a snapshot as PostgreSQL prints it, such as {@code 10:20:10,14,15}.
     *
     * @param begun how many transactions had begun since the first one, as 32 bits
     */
    public static Snapshot of(long micros, String snapshot, int begun) {
        String[] parts = snapshot.split(":", -1);
        Set<Long> running = Stream.of(parts[2].split(",")).filter(id -> !id.isEmpty()).map(Long::valueOf)
                .collect(Collectors.toSet());
        long xmax = Long.parseLong(parts[1]);
        return new Snapshot(micros, Long.parseLong(parts[0]), xmax,
                whole(Integer.toUnsignedLong(begun + FIRST_NORMAL), xmax), running);
    }

    /** The same of a standby, which has seen the commits up to a time. */
    public Snapshot ofStandby(long seen) {
        return new Snapshot(micros, xmin, xmax, next, running, seen);
    }

    /** Whether all transactions that were running at an earlier snapshot have ended, and are visible. */
    public boolean allEndedSince(Snapshot earlier) {
        return xmin >= earlier.next && hasSeen(earlier);
    }

    /** Whether all that was committed before an earlier snapshot is visible. */
    public boolean hasSeen(Snapshot earlier) {
        return seen >= earlier.micros;
    }

    /** Whether a transaction had ended, by its 64-bit number. A number of 0 or less is older than all. */
    boolean hadEnded(long transaction) {
        return transaction < xmin || transaction < xmax && !running.contains(transaction);
    }

    /** Of the numbers that end in these 32 bits, the one nearest to another number. */
    private static long whole(long bits, long near) {
        long whole = near / CIRCLE * CIRCLE + bits;
        if (whole - near > CIRCLE / 2) {
            return whole - CIRCLE;
        }
        return near - whole > CIRCLE / 2 ? whole + CIRCLE : whole;
    }
}
