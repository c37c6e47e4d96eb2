package syncdata.repair;

/** What became of a thing in an undo. */
enum UndoOutcome {
    /** It stands as before again. */
    RESTORED,
    /** It stood as before. */
    ALREADY,
    /** It stands otherwise than the repair left it. */
    LEFT,
    /** Its turn comes later: something may be tied to it still. */
    LATER;

    static UndoOutcome of(History.Step step) {
        return switch (step) {
            case ALREADY -> ALREADY;
            case LEAVE -> LEFT;
            case PUT_BACK -> RESTORED;
        };
    }
}
