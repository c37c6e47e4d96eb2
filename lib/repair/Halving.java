package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import syncdata.store.TooLargeException;

/** Acts on a repair's entities by {@link Halves}, and remembers those that fail. */
final class Halving {
    private final RepairLock lock;
    private final Revisits revisits;
    private final Tally tally;

    /** @param lock must still be held at each try */
    Halving(RepairLock lock, Revisits revisits, Tally tally) {
        this.lock = lock;
        this.revisits = revisits;
        this.tally = tally;
    }

    /**
     * Acts on a batch, or on its parts.
     *
     * @param first what came of the whole batch, or the exception that it met
     * @param again does the same with a part
     * @param done  takes each part that succeeded, with what came of it
     */
    <R> void act(Round round, List<UUID> batch, Supplier<R> first, Function<List<UUID>, R> again,
            BiConsumer<List<UUID>, R> done) {
        new Halves<UUID>(lock::ensureHeld, (id, cause) -> failed(round, id, cause)).act(batch, first, again, done);
    }

    /**
     * Acts on all at once, or on their halves.
     *
     * @param action gives those that lost the compare-and-set and were left; they are judged again
     * @return those that are done
     */
    List<UUID> act(Round round, Collection<UUID> all, Function<List<UUID>, Set<UUID>> action) {
        List<UUID> batch = all instanceof List<UUID> list ? list : List.copyOf(all);
        List<UUID> done = new ArrayList<>();
        act(round, batch, () -> action.apply(batch), action, (part, left) -> {
            revisits.add(Revisits.Reason.CHANGED, left);
            part.stream().filter(id -> !left.contains(id)).forEach(done::add);
        });
        return done;
    }

    /** Takes one that fails: tried once more at the end of the run, failed after that. */
    void failed(Round round, UUID id, String cause) {
        if (round.last()) {
            tally.failed(id, cause);
        } else {
            revisits.add(Revisits.Reason.FAILED, id);
        }
    }

    /** Repeats a step until it finds nothing more. Halves the limit whenever the server has not the memory for it. */
    static void inSmallerParts(int most, IntUnaryOperator step) {
        int limit = most;
        for (boolean more = true; more; ) {
            try {
                more = step.applyAsInt(limit) > 0;
            } catch (TooLargeException e) {
                if (limit == 1) {
                    throw e;
                }
                limit /= 2;
            }
        }
    }
}
