package syncdata.run;

/** How a script ends. JBang itself uses 1 to 4 and 255, so outcomes start at 10. */
public enum ExitCode {
    IN_SYNC(0, "in sync, or everything found was repaired"),
    FAULT(1, "a fault in the program"),
    INVALID_INPUT(2, "wrong options or unreadable input"),
    DIFFERENCES_LEFT(10, "differences found and left (a dry run, a check), or not all was checked or confirmed"),
    PARTLY_REPAIRED(11, "partly repaired: some entities failed, each named in an event"),
    REFUSED(12, "refused: a guard stopped all of it, or its deletions; what was left is named"),
    UNREACHABLE(20, "a database cannot be reached, or refuses the login"),
    INTERRUPTED(130, "stopped by SIGINT; safe to run again"),
    TERMINATED(143, "stopped by SIGTERM; safe to run again");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** One line for {@code --help}. */
    public String meaning() {
        return meaning;
    }
}
