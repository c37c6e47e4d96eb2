package syncdata.run;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Works on the next batches in the background while the caller acts on the result of an earlier one. The caller's
 * thread acts, on one batch after the other in their order.
 *
 * @param <B> a batch
 * @param <R> the result of a batch
 */
public final class WorkAhead<B, R> implements AutoCloseable {
    private record Pending<B, R>(B batch, CompletableFuture<R> result) {
    }

    private final int depth;
    private final Function<B, R> work;
    private final BiConsumer<B, Supplier<R>> action;
    private final Queue<Pending<B, R>> pending = new ArrayDeque<>();
    private final ExecutorService background;

    /**
     * @param depth   the number of batches to be ahead
     * @param threads the number of batches to work on at a time
     * @param action  takes a batch, and what supplies its result or throws the exception of the work
     */
    public WorkAhead(int depth, int threads, Function<B, R> work, BiConsumer<B, Supplier<R>> action) {
        this.depth = depth;
        this.work = work;
        this.action = action;
        this.background = Executors.newFixedThreadPool(threads, Background.threads("work-ahead"));
    }

    /** Takes the next batch. Acts on the oldest one where enough are ahead. */
    public void add(B batch) {
        pending.add(new Pending<>(batch, CompletableFuture.supplyAsync(() -> work.apply(batch), background)));
        if (pending.size() > depth) {
            act();
        }
    }

    /** Acts on all batches that are left. */
    public void finish() {
        while (!pending.isEmpty()) {
            act();
        }
    }

    /** Waits for work that has begun, and begins no more. */
    @Override
    public void close() {
        pending.forEach(batch -> batch.result().cancel(false));
        background.shutdown();
        boolean interrupted = false;
        while (!background.isTerminated()) {
            try {
                background.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void act() {
        Pending<B, R> oldest = pending.remove();
        action.accept(oldest.batch(), () -> Background.join(oldest.result()));
    }
}
