package syncdata.run;

/** The version of the toolkit. */
public final class Version {
    /** Stands in reports and journals, and {@code --version} prints it. */
    public static final String NUMBER = "1.0.0";

    private Version() {
    }
}
