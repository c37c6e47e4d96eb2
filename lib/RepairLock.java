package syncdata;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps two repairs of one graph apart: an advisory lock in the PostgreSQL that both read, held by a connection of its own.
 * It goes with the process, however that ends. Checks need none.
 */
public final class RepairLock implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final SourceStore source;
    private final int graph;
    private SourceStore.LockSession session;
    private long lastSeen = System.nanoTime();

    private RepairLock(SourceStore source, int graph) {
        this.source = source;
        this.graph = graph;
    }

    /**
     * Takes the lock.
     *
     * @throws RefusedException if another repair of the same graph holds it
     */
    public static RepairLock take(Databases databases) {
        RepairLock lock = new RepairLock(databases.source(), databases.graph().identity().id().hashCode());
        lock.take("");
        return lock;
    }

    /**
     * Makes sure that it is still held, and takes it again if its connection was lost. Cheap: asks at most once a second.
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
        session = source.openLockSession();
        if (session.take(graph)) {
            return;
        }
        Optional<String> holder = session.holder(graph);
        session.close();
        throw new RefusedException(before + "another repair of this graph is running: "
                + holder.orElse("it ended just now") + "; wait for it to end, then run this again");
    }
}
