package syncdata.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;

/** How large the pages of a run are, when its next batch may begin, and whether there should be another. One thread begins batches. */
public final class Pace implements AutoCloseable {
    /** Never waits and never stops. */
    public static final Pace UNLIMITED = new Pace(new Stop(), PaceLimits.NONE, null, null);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Stop stop;
    private final PaceLimits limits;
    private final Databases databases;
    private final Events events;
    private final Throttle throttle;

    private long nextAllowed = System.nanoTime();
    private long nextLook = System.nanoTime();

    /**
     * @param databases whose load is looked at; may be null where no limit is for that
     * @throws InputException if a limit is for what the user may not see
     */
    public Pace(Stop stop, PaceLimits limits, Databases databases, Events events) {
        this.stop = stop;
        this.limits = limits;
        this.databases = databases;
        this.events = events;
        if (limits.maxLoad().limitsPostgres() && !databases.source().load().visible()) {
            throw new InputException("--max-load cannot see what others do in PostgreSQL: GRANT pg_read_all_stats to the user that connects, or leave its limits out");
        }
        this.throttle = new Throttle(stop, limits.share(), () -> databases.source().isInUse() || databases.graph().isInUse(), this::othersAtWork).watch();
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
    public PageSize pageSize(int largest) {
        return new PageSize(largest, limits.batchTime(), () -> most(largest));
    }

    /** Whether the run is to stop. */
    public boolean isStopping() {
        return stop.isRequested();
    }

    /** Why, and when, the run is to stop. */
    public Stop stop() {
        return stop;
    }

    /** What its queries go through. */
    Throttle throttle() {
        return throttle;
    }

    /** How many entities to ask for in one query at most, of those that one may be for while nobody else is at work. */
    public int most(int alone) {
        return throttle.most(alone);
    }

    /** Nanoseconds that queries of this thread took so far, without what they waited for. */
    public long spent() {
        return throttle.spent();
    }

    /** How a run ends that would end like this, had it not been stopped. */
    public ExitCode exitCode(ExitCode unstopped) {
        return stop.reason().map(Stop.Reason::exitCode).orElse(unstopped);
    }

    /** Looks no more for others in the databases. */
    @Override
    public void close() {
        throttle.close();
    }

    private void othersAtWork(boolean begin) {
        if (begin) {
            Priority.lower();
            events.info(Events.Logger.CHECK, "Others are at work in the databases: leaving them most of the time", Map.of("share", Math.round(limits.share() * 100) + "%"));
        } else {
            events.info(Events.Logger.CHECK, "Nobody else is at work in the databases any more: taking all of the time", Map.of());
        }
    }

    private void waitForTurn(int entities) {
        if (limits.rate() == 0) {
            return;
        }
        long now = System.nanoTime();
        long turn = Math.max(nextAllowed, now);
        nextAllowed = turn + (long) (entities * 1e9 / limits.rate());
        if (turn > now) {
            stop.pause(Duration.ofNanos(turn - now));
        }
    }

    private void waitForRoom() {
        MaxLoad maxLoad = limits.maxLoad();
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
        MaxLoad maxLoad = limits.maxLoad();
        SourceStore.Load postgres = maxLoad.limitsPostgres() ? databases.source().load() : new SourceStore.Load(true, 0, Duration.ZERO);
        return maxLoad.exceededBy(postgres.active(), postgres.lag(), maxLoad.limitsNeo4j() ? databases.graph().runningTransactions() : 0);
    }
}
