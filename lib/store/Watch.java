package syncdata.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import syncdata.run.Background;

/** Looks twice a second, on a thread of its own, whether others are at work in the databases. */
final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final BooleanSupplier othersAtWork;
    private final Consumer<Boolean> told;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(Background.threads("others-at-work"));
    private Sharing sharing = Sharing.NOT_YET;

    /**
     * Begins.
     *
     * @param othersAtWork looks whether there are others; may fail
     * @param told         hears each time that others begin to be at work, and that they end
     */
    Watch(BooleanSupplier othersAtWork, Consumer<Boolean> told) {
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
        try {
            sharing = before.after(othersAtWork.getAsBoolean());
        } catch (RuntimeException unanswered) {
            return; // the run's own queries find out why
        }
        if (sharing.withOthers() != before.withOthers()) {
            told.accept(sharing.withOthers());
        }
    }
}
