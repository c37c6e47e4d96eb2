package syncdata;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How large the pages of a run are, when its next batch may begin, and whether there should be another. Used by one thread. */
public final class Pace {
    /** Never waits and never stops. */
    static final Pace UNLIMITED = new Pace(new Stop(), Duration.ofDays(1), 0, MaxLoad.ANY, null, null);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Stop stop;
    private final Duration batchTime;
    private final double nanosEach;
    private final MaxLoad maxLoad;
    private final Databases databases;
    private final Events events;

    private long nextAllowed = System.nanoTime();
    private long nextLook = System.nanoTime();

    /**
     * @param batchTime how long a page should take; where it takes longer, the next are smaller
     * @param rate      entities a second at most; 0 for any number
     * @param databases whose load is looked at; may be null where {@code maxLoad} limits nothing
     * @throws InputException if a limit is for what the user may not see
     */
    public Pace(Stop stop, Duration batchTime, double rate, MaxLoad maxLoad, Databases databases, Events events) {
        this.stop = stop;
        this.batchTime = batchTime;
        this.nanosEach = rate == 0 ? 0 : 1e9 / rate;
        this.maxLoad = maxLoad;
        this.databases = databases;
        this.events = events;
        if (maxLoad.limitsPostgres() && !databases.source().load().visible()) {
            throw new InputException("--max-load cannot see what others do in PostgreSQL: GRANT pg_read_all_stats to the user that connects, or leave its limits out");
        }
    }

    /**
     * Waits until a batch of so many entities may begin.
     *
     * @return false where the run is to stop: what is begun is finished, and no other batch begun
     */
    public boolean beforeBatch(int entities) {
        waitForTurn(entities);
        waitForRoom();
        return !stop.isRequested();
    }

    /** How many entities one more reader should ask for at a time, so that a page takes no longer than it should. */
    PageSize pageSize(int largest) {
        return new PageSize(largest, batchTime);
    }

    /** Whether the run is to stop. */
    public boolean isStopping() {
        return stop.isRequested();
    }

    /** Why, and when, the run is to stop. */
    Stop stop() {
        return stop;
    }

    /** How a run ends that would end like this, had it not been stopped. */
    public ExitCode exitCode(ExitCode unstopped) {
        return stop.reason().map(Stop.Reason::exitCode).orElse(unstopped);
    }

    private void waitForTurn(int entities) {
        if (nanosEach == 0) {
            return;
        }
        long now = System.nanoTime();
        long turn = Math.max(nextAllowed, now);
        nextAllowed = turn + (long) (entities * nanosEach);
        if (turn > now) {
            stop.pause(Duration.ofNanos(turn - now));
        }
    }

    private void waitForRoom() {
        if (!maxLoad.limitsPostgres() && !maxLoad.limitsNeo4j() || System.nanoTime() - nextLook < 0) {
            return;
        }
        Optional<String> over = over();
        if (over.isPresent() && !stop.isRequested()) {
            long started = System.nanoTime();
            events.info(Events.Logger.CHECK, "Waiting until the platform is less busy", Map.of("waits_for", over.get()));
            try (Progress.Wait wait = events.progress().waitingFor(over.get())) {
                while (over().isPresent() && !stop.isRequested()) {
                    stop.pause(BETWEEN_LOOKS);
                }
            }
            events.info(Events.Logger.CHECK, "Going on", Map.of("after", TimeSpan.text(Duration.ofNanos(System.nanoTime() - started))));
        }
        nextLook = System.nanoTime() + BETWEEN_LOOKS.toNanos();
    }

    private Optional<String> over() {
        SourceStore.Load postgres = maxLoad.limitsPostgres() ? databases.source().load() : new SourceStore.Load(true, 0, Duration.ZERO);
        return maxLoad.exceededBy(postgres.active(), postgres.lag(), maxLoad.limitsNeo4j() ? databases.graph().runningTransactions() : 0);
    }
}
