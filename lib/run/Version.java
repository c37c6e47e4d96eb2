package syncdata.run;

/** Which toolkit this is. */
public final class Version {
    /** As it stands in reports, journals, and what {@code --version} says. */
    public static final String NUMBER = "1.0.0";

    private Version() {
    }
}
