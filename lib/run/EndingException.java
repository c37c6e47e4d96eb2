package syncdata.run;

/** Says itself how the run ends: another process has found that out, for example. */
public final class EndingException extends RuntimeException {
    private final Ending ending;

    public EndingException(Ending ending) {
        super(ending.message());
        this.ending = ending;
    }

    /** How it ends. */
    public Ending ending() {
        return ending;
    }
}
