package syncdata.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import syncdata.run.Background;

/** Looks twice a second, on a thread of its own, whether others are at work in the databases. */
final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Supplier<Optional<String>> othersAtWork;
    private final Consumer<Optional<String>> told;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(Background.threads("others-at-work"));
    private Sharing sharing = Sharing.NOT_YET;

    /**
     * Begins.
     *
     * @param othersAtWork looks what others do, in words; empty where nobody is at work; may fail
     * @param told         hears what they do each time that they begin to be at work, and nothing when they end
     */
    Watch(Supplier<Optional<String>> othersAtWork, Consumer<Optional<String>> told) {
        this.othersAtWork = othersAtWork;
        this.told = told;
        looks.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks no more. */
    @Override
    public void close() {
        looks.shutdownNow();
    }

    private void look() {
        Sharing before = sharing;
        Optional<String> work;
        try {
            work = othersAtWork.get();
        } catch (RuntimeException unanswered) {
            return; // the run's own queries find out why
        }
        sharing = before.after(work.isPresent());
        if (sharing.withOthers() != before.withOthers()) {
            told.accept(work);
        }
    }
}
