import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.neo4j.driver.AccessMode;
import syncdata.command.ConnectionOptions;
import syncdata.run.Events;
import syncdata.run.RefusedException;
import syncdata.run.Stop;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.PaceLimits;
import syncdata.store.Queries;
import syncdata.store.RunTerms;

/**
 * How a task comes to both databases, on whatever host it runs.
 *
 * @param secrets    the driver's passwords; none where the host has its own
 * @param limits     of one task
 * @param identities what tells the driver's databases from others
 */
record TaskConnection(ConnectionSettings.Address address, ConnectionSettings.Secrets secrets, Queries queries,
        PaceLimits limits, Duration giveUpAfter, List<String> identities) implements Serializable {

    /**
     * Opens both.
     *
     * @throws RefusedException if this host finds other databases at the same address
     */
    Databases open() {
        ConnectionSettings own = new ConnectionOptions().settings().at(address);
        Databases databases = Databases.open(own.with(secrets), queries, AccessMode.READ,
                new RunTerms(limits, giveUpAfter, new Stop(), new Events(System.err)));
        if (!identities(databases).equals(identities)) {
            databases.close();
            throw new RefusedException("other databases than the driver's answer at " + own
                    + ": name them by addresses that mean the same on all hosts");
        }
        return databases;
    }

    /** What tells these databases from others. */
    static List<String> identities(Databases databases) {
        return List.of(databases.source().identity().key(), databases.graph().identity().key());
    }
}
