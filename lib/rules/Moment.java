package syncdata.rules;

import java.io.Serializable;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A moment of PostgreSQL: its clock, and which transactions had ended by then.
 *
 * @param micros  microseconds since 1970, by PostgreSQL's clock
 * @param xmin    every transaction before this one had ended
 * @param xmax    neither this one nor any later one had ended
 * @param next    neither this one nor any later one had begun
 * @param running the transactions between both that had not ended
 * @param seen    all that was committed up to then is seen; a standby may have to receive what is younger than that
 */
public record Moment(long micros, long xmin, long xmax, long next, Set<Long> running, long seen)
        implements Serializable {
    private static final long CIRCLE = 1L << 32;
    private static final int FIRST_NORMAL = 3;

    /** A moment of a primary, which has seen all. */
    public Moment(long micros, long xmin, long xmax, long next, Set<Long> running) {
        this(micros, xmin, xmax, next, running, micros);
    }

    /**
     * Reads a snapshot as PostgreSQL prints it, such as {@code 10:20:10,14,15}.
     *
     * @param begun how many transactions had begun since the first of all, in 32 bits
     */
    public static Moment of(long micros, String snapshot, int begun) {
        String[] parts = snapshot.split(":", -1);
        Set<Long> running = Stream.of(parts[2].split(",")).filter(id -> !id.isEmpty()).map(Long::valueOf)
                .collect(Collectors.toSet());
        long xmax = Long.parseLong(parts[1]);
        return new Moment(micros, Long.parseLong(parts[0]), xmax,
                whole(Integer.toUnsignedLong(begun + FIRST_NORMAL), xmax), running);
    }

    /** The same moment of a standby that has seen what was committed up to then. */
    public Moment ofStandby(long seen) {
        return new Moment(micros, xmin, xmax, next, running, seen);
    }

    /** Whether all transactions that were running at an earlier moment have ended, and are seen. */
    public boolean allEndedSince(Moment earlier) {
        return xmin >= earlier.next && hasSeen(earlier);
    }

    /** Whether all that was committed before an earlier moment is seen. */
    public boolean hasSeen(Moment earlier) {
        return seen >= earlier.micros;
    }

    /** Whether a transaction had ended, by its whole number; 0 or less is older than all. */
    boolean hadEnded(long transaction) {
        return transaction < xmin || transaction < xmax && !running.contains(transaction);
    }

    /** The number whose last 32 bits are these, and which is nearest to another. */
    private static long whole(long bits, long near) {
        long whole = near / CIRCLE * CIRCLE + bits;
        if (whole - near > CIRCLE / 2) {
            return whole - CIRCLE;
        }
        return near - whole > CIRCLE / 2 ? whole + CIRCLE : whole;
    }
}
