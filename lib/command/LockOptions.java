package syncdata.command;

import picocli.CommandLine.Option;
import syncdata.repair.RepairLock;
import syncdata.run.RefusedException;
import syncdata.store.Databases;

/** Whether Neo4j may be written from a standby. */
public final class LockOptions {
    @Option(names = "--from-standby", order = 13,
            description = "Write to Neo4j although PostgreSQL is a standby:"
                    + " what that has not received yet looks deleted or older.")
    private boolean fromStandby;

    /**
     * Takes the lock against other repairs.
     *
     * @throws RefusedException if another repair of the same graph holds it, or PostgreSQL is a standby and may not be
     */
    public RepairLock lock(Databases databases) {
        return fromStandby ? RepairLock.takeOfAny(databases) : RepairLock.take(databases);
    }
}
