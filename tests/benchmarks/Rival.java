/**
 * One of several ways of doing the same.
 *
 * @param before puts the databases into the state that the work begins with; not timed
 * @param after  fails where the work was not done; not timed
 */
record Rival(String name, Step before, Step work, Step after) {

    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    /** A way that changes nothing and looks at its own result. */
    Rival(String name, Step work) {
        this(name, () -> { }, work, () -> { });
    }
}
