package syncdata.repair;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import syncdata.store.Failure;

/**
 * Acts on a whole batch, or, where that fails, on each half, until the one that fails stands alone.
 *
 * @param before done before each try, outside of it: its exception ends the run
 * @param failed takes the one that fails, and why
 */
record Halves<T>(Runnable before, BiConsumer<T, String> failed) {
    /**
     * Acts on a batch, or on its parts.
     *
     * @param first what came of the whole batch, or the exception that it met
     * @param again does the same with a part
     * @param done  takes each part that succeeded, with what came of it
     */
    <R> void act(List<T> batch, Supplier<R> first, Function<List<T>, R> again, BiConsumer<List<T>, R> done) {
        if (batch.isEmpty()) {
            return;
        }
        before.run();
        R result;
        try {
            result = first.get();
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            if (failure.endsTheRun()) {
                throw e;
            }
            if (batch.size() == 1) {
                failed.accept(batch.get(0), failure.message());
                return;
            }
            for (List<T> half : List.of(batch.subList(0, batch.size() / 2),
                    batch.subList(batch.size() / 2, batch.size()))) {
                act(half, () -> again.apply(half), again, done);
            }
            return;
        }
        done.accept(batch, result);
    }
}
