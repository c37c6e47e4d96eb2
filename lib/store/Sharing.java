package syncdata.store;

/**
 * Whether the databases are shared with others at work, as far as looks at them have shown.
 *
 * @param withOthers whether they are
 * @param otherwise  how many looks in a row have found it otherwise
 */
record Sharing(boolean withOthers, int otherwise) {
    /** Before the first look nobody else is at work. */
    static final Sharing NOT_YET = new Sharing(false, 0);

    /** One look alone that finds somebody may have met a person who looked at a row. */
    private static final int LOOKS_TO_BEGIN = 2;
    private static final int LOOKS_TO_END = 20;

    /** What is known after one more look. */
    Sharing after(boolean foundOthers) {
        if (foundOthers == withOthers) {
            return new Sharing(withOthers, 0);
        }
        boolean believed = otherwise + 1 == (withOthers ? LOOKS_TO_END : LOOKS_TO_BEGIN);
        return believed ? new Sharing(foundOthers, 0) : new Sharing(withOthers, otherwise + 1);
    }
}
