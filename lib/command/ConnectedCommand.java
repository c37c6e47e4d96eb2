package syncdata.command;

import org.neo4j.driver.AccessMode;
import picocli.CommandLine.Mixin;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** A script that works on both databases. */
public abstract class ConnectedCommand extends ScriptCommand {
    @Mixin
    private ConnectionOptions connection;

    @Override
    protected final void prepare() {
        Databases.prepare();
    }

    /** The query files. */
    protected final Queries queries() {
        return connection.queries();
    }

    /** How to reach both. */
    protected final ConnectionSettings settings() {
        return connection.settings();
    }

    /** Opens both databases, Neo4j to read only or to write too. */
    protected final Databases connect(Queries queries, AccessMode access) {
        return Databases.open(connection.settings(), queries, access);
    }
}
