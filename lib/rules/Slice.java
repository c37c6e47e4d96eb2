package syncdata.rules;

import java.math.BigInteger;
import java.util.UUID;

/**
 * One of several equal parts of all ids, such as the first of thirty-one.
 *
 * @param number counted from 1
 * @param of     how many there are
 */
public record Slice(int number, int of) {
    /** The only one of one: all ids. */
    public static final Slice ALL = new Slice(1, 1);

    private static final BigInteger IDS = BigInteger.ONE.shiftLeft(128);

    /** Whether it is all ids. */
    public boolean isAll() {
        return of == 1;
    }

    /** The last id before it; null where there is none. */
    public UUID before() {
        return number == 1 ? null : id(bound(number - 1).subtract(BigInteger.ONE));
    }

    /** The first id behind it; null where there is none. */
    public UUID end() {
        return number == of ? null : id(bound(number));
    }

    /** How it is written, such as {@code 1/31}. */
    @Override
    public String toString() {
        return number + "/" + of;
    }

    private BigInteger bound(int part) {
        return IDS.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(of));
    }

    private static UUID id(BigInteger number) {
        return new UUID(number.shiftRight(64).longValue(), number.longValue());
    }
}
