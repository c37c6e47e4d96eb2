package syncdata.rules;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ids from one to another, in the order of {@link EntityId#ORDER}.
 *
 * @param first the lowest, included
 * @param last  the highest, included
 */
public record IdRange(UUID first, UUID last) implements Serializable {
    private static final UUID LOWEST = new UUID(0, 0);
    private static final UUID HIGHEST = new UUID(-1, -1);
    public static final IdRange ALL = new IdRange(LOWEST, HIGHEST);

    /** The smallest range around some ranges, which ascend. Around none, it holds the highest id alone. */
    public static IdRange around(List<IdRange> ranges) {
        return ranges.isEmpty() ? new IdRange(HIGHEST, HIGHEST)
                : new IdRange(ranges.get(0).first(), ranges.get(ranges.size() - 1).last());
    }

    /** About what share of all ids the range has, from 0 to 1. */
    public double share() {
        return Math.max(0, (last.getMostSignificantBits() >>> 1) - (double) (first.getMostSignificantBits() >>> 1))
                / Long.MAX_VALUE;
    }

    /** Whether an id is in the range. */
    public boolean contains(UUID id) {
        return EntityId.ORDER.compare(first, id) <= 0 && EntityId.ORDER.compare(id, last) <= 0;
    }

    /** The id before the range; empty where there is none. */
    public Optional<UUID> before() {
        return first.equals(LOWEST) ? Optional.empty() : Optional.of(id(number(first).subtract(BigInteger.ONE)));
    }

    /** The last id; empty where no id lies behind it. */
    public Optional<UUID> bound() {
        return last.equals(HIGHEST) ? Optional.empty() : Optional.of(last);
    }

    /** What of the range is behind an id; empty where that is nothing. */
    public Optional<IdRange> behind(UUID id) {
        return EntityId.ORDER.compare(id, last) >= 0
                ? Optional.empty() : Optional.of(new IdRange(id(number(id).add(BigInteger.ONE)), last));
    }

    /** One of several equal parts; the first is number 1. */
    public IdRange part(int number, int of) {
        BigInteger start = number(first);
        BigInteger size = number(last).subtract(start).add(BigInteger.ONE);
        BigInteger from = size.multiply(BigInteger.valueOf(number - 1)).divide(BigInteger.valueOf(of));
        BigInteger to = size.multiply(BigInteger.valueOf(number)).divide(BigInteger.valueOf(of));
        return new IdRange(id(start.add(from)), id(start.add(to).subtract(BigInteger.ONE)));
    }

    /**
     * Divides the range into parts that hold about the same number of entities.
     *
     * @param parts     how many; there are a few more where the quantiles do not tell so many apart
     * @param quantiles ids that divide all entities into groups of about the same size, ascending. Where too few of
     *                  them are in this range, each group is divided into parts that are equal by their ids
     */
    public List<IdRange> divided(int parts, List<UUID> quantiles) {
        List<UUID> inside = quantiles.stream().filter(id -> contains(id) && !id.equals(first)).distinct().toList();
        int cells = inside.size() + 1;
        if (cells < parts) {
            int each = (parts + cells - 1) / cells;
            return divided(cells, inside).stream().flatMap(cell -> cell.equalParts(each)).toList();
        }
        List<IdRange> divided = new ArrayList<>();
        UUID from = first;
        for (int number = 1; number < parts; number++) {
            UUID next = inside.get((int) ((long) number * cells / parts) - 1);
            divided.add(new IdRange(from, new IdRange(next, last).before().orElseThrow()));
            from = next;
        }
        divided.add(new IdRange(from, last));
        return divided;
    }

    /** As many as that, but none without an id. */
    private Stream<IdRange> equalParts(int wanted) {
        int parts = number(last).subtract(number(first)).min(BigInteger.valueOf(wanted - 1)).intValue() + 1;
        return IntStream.rangeClosed(1, parts).mapToObj(number -> part(number, parts));
    }

    private static BigInteger number(UUID id) {
        return half(id.getMostSignificantBits()).shiftLeft(64).or(half(id.getLeastSignificantBits()));
    }

    private static BigInteger half(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private static UUID id(BigInteger number) {
        return new UUID(number.shiftRight(64).longValue(), number.longValue());
    }
}
