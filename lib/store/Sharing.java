package syncdata.store;

/**
 * Whether the databases are shared with others at work, as far as looks tell.
 *
 * @param withOthers whether they are
 * @param otherwise  how many looks in a row found the opposite
 */
record Sharing(boolean withOthers, int otherwise) {
    /** The state before the first look. */
    static final Sharing NOT_YET = new Sharing(false, 0);

    /** A single look may have met a person who looked at one row. */
    private static final int LOOKS_TO_BEGIN = 2;
    private static final int LOOKS_TO_END = 20;

    /** The state after one more look. */
    Sharing after(boolean foundOthers) {
        if (foundOthers == withOthers) {
            return new Sharing(withOthers, 0);
        }
        boolean believed = otherwise + 1 == (withOthers ? LOOKS_TO_END : LOOKS_TO_BEGIN);
        return believed ? new Sharing(foundOthers, 0) : new Sharing(withOthers, otherwise + 1);
    }
}
