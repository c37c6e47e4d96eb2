package syncdata;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads for the next batches in the background while one is acted on. Batches are acted on in order, on the caller's thread.
 *
 * @param <B> a batch
 * @param <R> what is read for it
 */
final class ReadAhead<B, R> implements AutoCloseable {
    private record Pending<B, R>(B batch, CompletableFuture<R> read) {
    }

    private final int depth;
    private final Function<B, R> reader;
    private final BiConsumer<B, Supplier<R>> action;
    private final Queue<Pending<B, R>> pending = new ArrayDeque<>();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "read-ahead");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param depth  how many batches to read ahead
     * @param action takes a batch and gets what was read for it, or the exception that reading met
     */
    ReadAhead(int depth, Function<B, R> reader, BiConsumer<B, Supplier<R>> action) {
        this.depth = depth;
        this.reader = reader;
        this.action = action;
    }

    /** Takes the next batch, and acts on the oldest where enough are read ahead. */
    void add(B batch) {
        pending.add(new Pending<>(batch, CompletableFuture.supplyAsync(() -> reader.apply(batch), background)));
        if (pending.size() > depth) {
            act();
        }
    }

    /** Acts on all that are left. */
    void finish() {
        while (!pending.isEmpty()) {
            act();
        }
    }

    @Override
    public void close() {
        background.shutdown();
    }

    private void act() {
        Pending<B, R> oldest = pending.remove();
        action.accept(oldest.batch(), () -> result(oldest.read()));
    }

    private static <R> R result(CompletableFuture<R> read) {
        try {
            return read.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
