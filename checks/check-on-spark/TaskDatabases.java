import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import syncdata.store.Databases;

/** Open databases of this process, one pair for each task that runs in it; the next task goes on with them. */
final class TaskDatabases {
    private static final Deque<Databases> IDLE = new ConcurrentLinkedDeque<>();
    /** Those of the driver, where tasks run in its process: they share its gates and its pace. */
    private static volatile Optional<Databases> ofDriver = Optional.empty();

    private TaskDatabases() {
    }

    /** Opens them as others for the driver's, from now on until {@link #close}. */
    static void share(Databases driver) {
        ofDriver = Optional.of(driver);
    }

    /** Whether tasks run in the driver's process. */
    static boolean areShared() {
        return ofDriver.isPresent();
    }

    static Databases take(TaskConnection connection) {
        Databases idle = IDLE.poll();
        if (idle != null) {
            return idle;
        }
        return ofDriver.map(Databases::another).orElseGet(connection::open);
    }

    static void giveBack(Databases databases) {
        IDLE.push(databases);
    }

    /** Closes some that failed. */
    static void close(Databases databases) {
        if (areShared()) {
            databases.source().close();
        } else {
            databases.close();
        }
    }

    /** Closes all that nobody uses. */
    static void close() {
        for (Databases idle = IDLE.poll(); idle != null; idle = IDLE.poll()) {
            close(idle);
        }
        ofDriver = Optional.empty();
    }
}
