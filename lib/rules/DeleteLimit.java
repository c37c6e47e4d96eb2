package syncdata.rules;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most entities that a repair may delete from the graph: a number, or a share of those that the graph holds.
 *
 * @param amount  not negative
 * @param percent whether the amount is a share of the graph's entities, in percent
 */
public record DeleteLimit(BigDecimal amount, boolean percent) {
    public static final String DEFAULT = "10%";

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})|(\\d{1,3}(?:\\.\\d{1,6})?)%");

    /**
     * Reads {@code 500} or {@code 12.5%}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static DeleteLimit of(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new IllegalArgumentException(text);
        }
        boolean percent = number.group(1) == null;
        BigDecimal amount = new BigDecimal(number.group(percent ? 2 : 1));
        if (percent && amount.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException(text);
        }
        return new DeleteLimit(amount, percent);
    }

    /**
     * How many may be deleted.
     *
     * @param inGraph     entities that the graph holds, of those that were checked
     * @param sourceEmpty whether PostgreSQL holds no entity at all: then a share allows no deletion
     */
    public long most(long inGraph, boolean sourceEmpty) {
        if (!percent) {
            return amount.longValueExact();
        }
        return sourceEmpty ? 0 : amount.multiply(BigDecimal.valueOf(inGraph)).movePointLeft(2).longValue();
    }

    @Override
    public String toString() {
        return amount.toPlainString() + (percent ? "%" : "");
    }
}
