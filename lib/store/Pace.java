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
 * When the next batch of a run may begin, how large it may be, and whether there is to be one at all. All threads that
 * begin batches share it.
 */
public final class Pace implements AutoCloseable {
    /** A pace that never waits and never stops. */
    public static final Pace UNLIMITED = of(RunTerms.NONE);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** A larger page is hardly faster, and takes more memory. */
    private static final int LARGEST_PAGE = 20_000;
    /** Entities in the pages of all ranges that are read at the same time. */
    private static final int IN_ALL_PAGES = 2 * LARGEST_PAGE;
    private static final int LARGEST_CONTENT_PAGE = 5_000;
    private static final int BATCHES_IN_A_PAGE = 20;

    private final Stop stop;
    private final PaceLimits limits;
    private final Events events;
    private final Throttle throttle;
    private final Supplier<Optional<String>> overLimit;
    private final Optional<Watch> watch;

    /** What last counted as work of others. */
    private volatile String work = "";
    private long nextAllowed = System.nanoTime();
    private long nextLook = System.nanoTime();

    /**
     * @param throttle     through which the queries of the run go
     * @param overLimit    says what is above its limit; empty where nothing is
     * @param othersAtWork says what others do in the databases; empty where nobody is at work; may fail
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

    /** A pace that looks at no database. */
    public static Pace of(RunTerms terms) {
        return new Pace(terms, Throttle.of(terms), Optional::empty, Optional::empty);
    }

    /**
     * Waits until a batch of so many entities may begin.
     *
     * @return whether it may: false where the run is to stop
     */
    public boolean beforeBatch(int entities) {
        waitForTurn(entities);
        waitForRoom();
        return !stop.isRequested();
    }

    /** The size of batches that are written, each within the time for a batch. */
    public PageSize batches(int largest) {
        return new PageSize(largest, largest, limits.batchTime(), () -> most(largest));
    }

    /**
     * The size of pages of a new reader: one batch at first, then as many batches as can be read in the time for a
     * page.
     */
    public PageSize pages(int batchSize) {
        return pages(batchSize, 1);
    }

    /** The same where so many ranges are read at the same time, whose pages share memory. */
    PageSize pages(int batchSize, int ranges) {
        return upTo(Math.min(LARGEST_PAGE, IN_ALL_PAGES / ranges), batchSize);
    }

    /** The same of entities with their contents, of which fewer fit into the same memory. */
    PageSize contentPages(int batchSize) {
        return upTo(LARGEST_CONTENT_PAGE, Math.min(batchSize, LARGEST_CONTENT_PAGE));
    }

    private PageSize upTo(int most, int batchSize) {
        int largest = limits.rate() > 0 ? batchSize
                : (int) Math.max(batchSize, Math.min(most, (long) batchSize * BATCHES_IN_A_PAGE));
        return new PageSize(batchSize, largest, limits.batchTime(), () -> most(largest));
    }

    /**
     * The size of ranges of blocks, likewise.
     *
     * @param perBlock entities in a block
     */
    PageSize blocks(int first, int largest, double perBlock) {
        return new PageSize(Math.min(first, largest), largest, limits.batchTime(),
                () -> Math.max(1, (int) (most((int) Math.ceil(largest * perBlock)) / perBlock)));
    }

    /** Whether the rate of entities is limited. */
    boolean hasRate() {
        return limits.rate() > 0;
    }

    /** Whether the run is to stop. */
    public boolean isStopping() {
        return stop.isRequested();
    }

    /** The request that the run stops. */
    public Stop stop() {
        return stop;
    }

    /** The most entities for one query, given how many it may have while nobody else is at work. */
    public int most(int alone) {
        return throttle.most(alone);
    }

    /** Nanoseconds that queries of this thread took so far, without waiting for their turns. */
    public long spent() {
        return throttle.spent();
    }

    /** How long queries rested so far, so as to leave the databases to others. */
    public Duration heldBack() {
        return throttle.rested();
    }

    /** Says in an event how long queries were held back, if they were. */
    public void tellHeldBack() {
        if (!heldBack().isZero()) {
            events.info(Events.Logger.CHECK, "Held back while others were at work in the databases",
                    Map.of("held_back", TimeSpan.text(heldBack()), "share", share(), "work", work));
        }
    }

    /** Lines for the end of a summary: how long queries were held back, and what counted as work. */
    public List<String> heldBackInAll() {
        return heldBack().isZero() ? List.of() : List.of("Held back for " + Words.duration(heldBack())
                + " in all while others were at work in the databases, to " + share() + " of the time (--share).",
                "What counted as work: " + work + ".");
    }

    /** The exit code of a run, given what it would be without a request to stop. */
    public ExitCode exitCode(ExitCode unstopped) {
        return stop.reason().map(Stop.Reason::exitCode).orElse(unstopped);
    }

    /** Ends the looks for others in the databases. */
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

    /** Takes the next turn, and gives the nanoseconds until it comes. */
    private synchronized long turn(int entities) {
        long now = System.nanoTime();
        long turn = Math.max(nextAllowed, now);
        nextAllowed = turn + (long) (entities * 1e9 / limits.rate());
        return turn - now;
    }

    /** Waits until nothing is above its limit. While one thread waits, the others wait for it. */
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
