package syncdata;

import picocli.CommandLine.Mixin;

/** A script that works on both databases. */
public abstract class ConnectedCommand extends ScriptCommand {
    @Mixin
    private ConnectionOptions connection;

    /** The query files. */
    protected final Queries queries() {
        return connection.queries();
    }

    /** Opens both databases. */
    protected final Databases connect(Queries queries) {
        return Databases.open(connection.settings(), queries);
    }
}
