package syncdata.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import syncdata.run.Background;

/** Looks for others at work in the databases, twice a second, on a thread of its own. */
final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Supplier<Optional<String>> othersAtWork;
    private final Consumer<Optional<String>> told;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(Background.threads("others-at-work"));
    private Sharing sharing = Sharing.NOT_YET;

    /**
     * Begins to look.
     *
     * @param othersAtWork says what others do; empty where nobody is at work; may fail
     * @param told         takes what they do when they begin to be at work, and empty when they end
     */
    Watch(Supplier<Optional<String>> othersAtWork, Consumer<Optional<String>> told) {
        this.othersAtWork = othersAtWork;
        this.told = told;
        looks.scheduleWithFixedDelay(this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the looks. */
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
            return; // the queries of the run will fail too, and say why
        }
        sharing = before.after(work.isPresent());
        if (sharing.withOthers() != before.withOthers()) {
            told.accept(work);
        }
    }
}
