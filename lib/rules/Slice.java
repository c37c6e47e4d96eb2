package syncdata.rules;

import java.io.Serializable;

/**
 * One of several equal parts of all ids, such as the first of thirty-one.
 *
 * @param number counted from 1
 * @param of     how many there are
 */
public record Slice(int number, int of) implements Serializable {
    /** The only one of one: all ids. */
    public static final Slice ALL = new Slice(1, 1);

    /** Whether it is all ids. */
    public boolean isAll() {
        return of == 1;
    }

    /** Its ids. */
    public IdRange range() {
        return IdRange.ALL.part(number, of);
    }

    /** How it is written, such as {@code 1/31}. */
    @Override
    public String toString() {
        return number + "/" + of;
    }
}
