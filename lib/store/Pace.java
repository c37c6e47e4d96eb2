package syncdata.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import syncdata.run.Events;
import syncdata.run.ExitCode;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;
import syncdata.run.Words;

/**
 * How large the pages of a run are, when its next batch may begin, and whether there should be another. One for all
 * threads that begin batches.
 */
public final class Pace implements AutoCloseable {
    /** Never waits and never stops. */
    public static final Pace UNLIMITED = of(RunTerms.NONE);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Larger pages are hardly faster, and take more memory. */
    private static final int LARGEST_PAGE = 20_000;
    private static final int BATCHES_IN_A_PAGE = 20;

    private final Stop stop;
    private final PaceLimits limits;
    private final Events events;
    private final Throttle throttle;
    private final Supplier<Optional<String>> overLimit;
    private final Optional<Watch> watch;

    /** What counted as work of others last. */
    private volatile String work = "";
    private long nextAllowed = System.nanoTime();
    private long nextLook = System.nanoTime();

    /**
     * @param throttle     what the queries of the run go through
     * @param overLimit    looks what is over its limit, in words; empty where nothing is
     * @param othersAtWork looks what others do in the databases, in words; empty where nobody is at work; may fail
     */
    Pace(RunTerms terms, Throttle throttle, Supplier<Optional<String>> overLimit,
         Supplier<Optional<String>> othersAtWork) {
        this.stop = terms.stop();
        this.limits = terms.limits();
        this.events = terms.events();
        this.throttle = throttle;
        this.overLimit = overLimit;
        this.watch = limits.share() < 1 ? Optional.of(new Watch(othersAtWork, this::othersAtWork)) : Optional.empty();
    }

    /** One that looks at no database. */
    public static Pace of(RunTerms terms) {
        return new Pace(terms, Throttle.of(terms), Optional::empty, Optional::empty);
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

    /** How many entities to write at a time, so that a batch takes no longer than it should. */
    public PageSize batches(int largest) {
        return new PageSize(largest, largest, limits.batchTime(), () -> most(largest));
    }

    /**
     * How many entities one more reader should ask for at a time: a batch first, then as many batches at once as take
     * no longer than a page should.
     */
    public PageSize pages(int batchSize) {
        int largest = limits.rate() > 0 ? batchSize
                : (int) Math.max(batchSize, Math.min(LARGEST_PAGE, (long) batchSize * BATCHES_IN_A_PAGE));
        return new PageSize(batchSize, largest, limits.batchTime(), () -> most(largest));
    }

    /**
     * How many blocks of a table to ask for at a time, likewise.
     *
     * @param perBlock how many entities one holds
     */
    PageSize blocks(int first, int largest, double perBlock) {
        return new PageSize(Math.min(first, largest), largest, limits.batchTime(),
                () -> Math.max(1, (int) (most((int) Math.ceil(largest * perBlock)) / perBlock)));
    }

    /** Whether so many entities a second are allowed, and no more. */
    boolean hasRate() {
        return limits.rate() > 0;
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

    /** How long its queries rested so far, to leave the databases to others. */
    public Duration heldBack() {
        return throttle.rested();
    }

    /** Says how long that was so far, if it was at all. */
    public void tellHeldBack() {
        if (!heldBack().isZero()) {
            events.info(Events.Logger.CHECK, "Held back while others were at work in the databases",
                    Map.of("held_back", TimeSpan.text(heldBack()), "share", share(), "work", work));
        }
    }

    /** The same for the end of a summary, and what counted as work. */
    public List<String> heldBackInAll() {
        return heldBack().isZero() ? List.of() : List.of("Held back for " + Words.duration(heldBack())
                + " in all while others were at work in the databases, to " + share() + " of the time (--share).",
                "What counted as work: " + work + ".");
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

    private void othersAtWork(Optional<String> work) {
        throttle.share(work.isPresent());
        work.ifPresentOrElse(seen -> {
            this.work = seen;
            Priority.lower();
            events.info(Events.Logger.CHECK, "Others are at work in the databases: leaving them most of the time",
                    Map.of("share", share(), "work", seen));
        }, () -> events.info(Events.Logger.CHECK,
                "Nobody else is at work in the databases any more: taking all of the time",
                Map.of("held_back", TimeSpan.text(heldBack()))));
    }

    private String share() {
        return Math.round(limits.share() * 100) + "%";
    }

    private void waitForTurn(int entities) {
        if (limits.rate() == 0) {
            return;
        }
        long wait = turn(entities);
        if (wait > 0) {
            stop.pause(Duration.ofNanos(wait));
        }
    }

    /** Takes the next turn, and says in how many nanoseconds it comes. */
    private synchronized long turn(int entities) {
        long now = System.nanoTime();
        long turn = Math.max(nextAllowed, now);
        nextAllowed = turn + (long) (entities * 1e9 / limits.rate());
        return turn - now;
    }

    /** While one thread waits, the others wait for it. */
    private synchronized void waitForRoom() {
        if (System.nanoTime() - nextLook < 0) {
            return;
        }
        Optional<String> over = overLimit.get();
        if (over.isPresent() && !stop.isRequested()) {
            long started = System.nanoTime();
            events.info(Events.Logger.CHECK, "Waiting until the platform is less busy",
                    Map.of("waits_for", over.get()));
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
