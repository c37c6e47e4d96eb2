package syncdata.repair;

import java.time.Duration;
import java.util.Optional;
import syncdata.run.RefusedException;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.SourceLock;
import syncdata.store.SourceStore;

/**
 * Keeps two repairs of one graph apart, by an advisory lock in the PostgreSQL that both read. An open transaction holds
 * it, so it goes with the process, however that ends. Checks need none.
 */
public final class RepairLock implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** A busy server may take a moment to notice that the session which held the lock has ended. */
    private static final int TRIES = 20;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final SourceStore source;
    private final int graph;
    private final Stop stop;
    private SourceLock session;
    private long lastSeen = System.nanoTime();

    private RepairLock(SourceStore source, int graph, Stop stop) {
        this.source = source;
        this.graph = graph;
        this.stop = stop;
    }

    /**
     * Takes the lock.
     *
     * @throws RefusedException if another repair of the same graph holds it, or PostgreSQL is a standby
     */
    public static RepairLock take(Databases databases) {
        if (databases.source().isStandby()) {
            throw new RefusedException(
                    "PostgreSQL is a standby, and what it has not received yet looks deleted or older:"
                    + " connect to the primary, or let --from-standby allow it");
        }
        return takeOfAny(databases);
    }

    /**
     * Takes the lock in any PostgreSQL, a standby too. A repair through another server does not see it there.
     *
     * @throws RefusedException if another repair of the same graph holds it
     */
    public static RepairLock takeOfAny(Databases databases) {
        int graph = databases.graph().identity().id().orElseThrow().hashCode();
        RepairLock lock = new RepairLock(databases.source(), graph, databases.pace().stop());
        lock.take("");
        return lock;
    }

    /**
     * Makes sure that it is still held, and takes it again where its connection was lost. Asks at most once a second.
     *
     * @throws RefusedException if another repair has taken it meanwhile
     */
    public synchronized void ensureHeld() {
        if (System.nanoTime() - lastSeen < LOOK_AGAIN.toNanos()) {
            return;
        }
        if (!session.isAlive()) {
            session.close();
            take("The connection that held the lock was lost, and ");
        }
        lastSeen = System.nanoTime();
    }

    @Override
    public synchronized void close() {
        session.close();
    }

    private void take(String before) {
        session = source.openLock();
        for (int tries = 1; tries <= TRIES; tries++) {
            if (session.take(graph)) {
                return;
            }
            stop.pause(BETWEEN_TRIES);
        }
        Optional<String> holder = session.holder(graph);
        session.close();
        throw new RefusedException(before + "another repair of this graph is running: "
                + holder.orElse("it ended just now") + "; wait for it to end, then run this again");
    }
}
