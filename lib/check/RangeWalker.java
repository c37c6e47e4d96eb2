package syncdata.check;

import java.util.List;
import java.util.Optional;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.run.Progress;
import syncdata.store.ReadingOrder;

/** Checks the ranges of a check: in threads of this process, or elsewhere. */
public interface RangeWalker {

    /** Ranges that are being checked. */
    interface Walk extends AutoCloseable {
        /** In which order PostgreSQL is read; empty where each range decides for itself. */
        default Optional<ReadingOrder.Decision> order() {
            return Optional.empty();
        }

        /**
         * Reads what all ranges need before they can be walked, if there is such.
         *
         * @param progress is told of each entity
         */
        default void prepare(Progress progress) {
        }

        /**
         * Waits for all of them.
         *
         * @param kept the ranges in their order, each with how far an interrupted check came in it
         * @return what all of them came to
         */
        RangeResult join(List<Checkpoint.Range> kept, Progress progress);

        @Override
        void close();
    }

    /**
     * Begins, and may read ahead; progress is told once the walk is joined.
     *
     * @param began when the check began
     * @param left  what is left of each range, in their order; empty where nothing is
     */
    Walk begin(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left);
}
