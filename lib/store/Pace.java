package syncdata.store;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;

/**
 * How large the pages of a run are, when its next batch may begin, and whether there should be another.
 * One thread begins batches.
 */
public final class Pace implements AutoCloseable {
    /** Never waits and never stops. */
    public static final Pace UNLIMITED = of(RunTerms.NONE);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Stop stop;
    private final PaceLimits limits;
    private final Events events;
    private final Throttle throttle;
    private final Supplier<Optional<String>> overLimit;
    private final Optional<Watch> watch;

    private long nextAllowed = System.nanoTime();
    private long nextLook = System.nanoTime();

    /**
     * @param throttle     what the queries of the run go through
     * @param overLimit    looks what is over its limit, in words; empty where nothing is
     * @param othersAtWork looks whether others are at work in the databases; may fail
     */
    Pace(RunTerms terms, Throttle throttle, Supplier<Optional<String>> overLimit, BooleanSupplier othersAtWork) {
        this.stop = terms.stop();
        this.limits = terms.limits();
        this.events = terms.events();
        this.throttle = throttle;
        this.overLimit = overLimit;
        this.watch = limits.share() < 1 ? Optional.of(new Watch(othersAtWork, this::othersAtWork)) : Optional.empty();
    }

    /** One that looks at no database. */
    public static Pace of(RunTerms terms) {
        return new Pace(terms, Throttle.of(terms), Optional::empty, () -> false);
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
        watch.ifPresent(Watch::close);
    }

    private void othersAtWork(boolean begin) {
        throttle.share(begin);
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
        if (System.nanoTime() - nextLook < 0) {
            return;
        }
        Optional<String> over = overLimit.get();
        if (over.isPresent() && !stop.isRequested()) {
            long started = System.nanoTime();
            events.info(Events.Logger.CHECK, "Waiting until the platform is less busy", Map.of("waits_for", over.get()));
            try (Progress.Wait wait = events.progress().waitingFor(over.get())) {
                while (overLimit.get().isPresent() && !stop.isRequested()) {
                    stop.pause(BETWEEN_LOOKS);
                }
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - started);
            events.info(Events.Logger.CHECK, "Going on", Map.of("after", TimeSpan.text(waited)));
        }
        nextLook = System.nanoTime() + BETWEEN_LOOKS.toNanos();
    }
}
