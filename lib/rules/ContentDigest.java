package syncdata.rules;

/**
 * A number that stands for the content of an entity: two that are the same say that no value differs, by the strictest
 * of rules. Two that are not say nothing: then {@link Content} decides. Values are taken in one order on both sides.
 * The function is FNV-1a of 64 bits (Fowler, Noll, Vo); of 2^64 differences it misses one.
 */
public final class ContentDigest {
    /** Of a content that is to be looked at itself. */
    public static final long UNKNOWN = 0;
    /** A text of more bytes in UTF-8 is unknown, so that pages of contents stay small. */
    public static final int LONGEST_TEXT = 1000;

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /** What kind of value comes next: a text is no number, whatever its digits. */
    private enum Kind { ABSENT, TEXT, INSTANT, WHOLE, DECIMAL, FLAG }

    private long hash = OFFSET;
    private boolean known = true;

    /** There is no such value. */
    public void absent() {
        add(Kind.ABSENT);
    }

    /** A text in UTF-8. */
    public void text(byte[] text, int from, int length) {
        if (length > LONGEST_TEXT) {
            unknown();
            return;
        }
        add(Kind.TEXT);
        add((long) length);
        for (int i = from; i < from + length; i++) {
            hash = (hash ^ text[i] & 0xff) * PRIME;
        }
    }

    /** An instant in microseconds since 1970. */
    public void instant(long micros) {
        add(Kind.INSTANT);
        add(micros);
    }

    /** A whole number. */
    public void whole(long number) {
        add(Kind.WHOLE);
        add(number);
    }

    /** Another number, of which Neo4j holds a double. */
    public void decimal(double number) {
        add(Kind.DECIMAL);
        add(Double.doubleToLongBits(number));
    }

    /** A boolean. */
    public void flag(boolean flag) {
        add(Kind.FLAG);
        add(flag ? 1L : 0L);
    }

    /** A value of which only {@link Content} can tell whether it is the same. */
    public void unknown() {
        known = false;
    }

    /**
     * Gives the number, and begins anew.
     *
     * @param properties how many the entity has in all, whatever their names
     */
    public long finish(int properties) {
        add((long) properties);
        long digest = !known ? UNKNOWN : hash == UNKNOWN ? 1 : hash;
        hash = OFFSET;
        known = true;
        return digest;
    }

    private void add(Kind kind) {
        hash = (hash ^ kind.ordinal()) * PRIME;
    }

    private void add(long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash = (hash ^ number >>> shift & 0xff) * PRIME;
        }
    }
}
