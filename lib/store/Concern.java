package syncdata.store;

/** Whom a failure concerns. */
public enum Concern {
    /** Nobody, a little later: a database restarts, is short of something, or chose other work over ours. */
    HEALS,
    /** What was asked for at once: half of it may pass. */
    TOO_LARGE,
    /** The entity that it was met with: others may pass. */
    THIS_ENTITY,
    /** The whole run: nothing else can succeed either. */
    WHOLE_RUN
}
