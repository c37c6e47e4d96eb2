package syncdata.check;

import java.util.Optional;
import syncdata.rules.IdRange;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.EntityPart;
import syncdata.store.SourcePages;

/** What the check of one range of ids reads. */
sealed interface RangeReading extends AutoCloseable {

    /** Nothing: an interrupted check came to the end of the range. */
    record Nothing() implements RangeReading {
        @Override
        public void close() {
            // there is nothing
        }
    }

    /** Both databases. */
    sealed interface Streams extends RangeReading {
        Readers readers();
    }

    /** Both databases, PostgreSQL's entities from pages that several ranges share. */
    record Shared(Readers readers) implements Streams {
        @Override
        public void close() {
            readers.close();
        }
    }

    /** Both databases, PostgreSQL's entities from pages of this range alone. */
    record Own(Readers readers, SourcePages entities) implements Streams {
        @Override
        public void prepare(Progress progress) {
            entities.sort(progress);
        }

        @Override
        public void close() {
            readers.close();
            entities.close();
        }
    }

    /** @param left what is left of the range; empty where nothing is */
    static RangeReading own(Databases databases, CheckTerms terms, Optional<IdRange> left) {
        if (left.isEmpty()) {
            return new Nothing();
        }
        SourcePages entities = new SourcePages(databases, new EntityPart(terms.selection().types(), left.get()),
                terms.batchSize(), 1, terms.comparison());
        return new Own(Readers.all(databases, left.get(), entities), entities);
    }

    /** The same, of pages that several ranges share. */
    static RangeReading shared(Databases databases, Optional<IdRange> left, SourcePages entities) {
        return left.isEmpty() ? new Nothing() : new Shared(Readers.all(databases, left.get(), entities));
    }

    /** Reads what is needed before the first page, where there is such. */
    default void prepare(Progress progress) {
    }

    @Override
    void close();
}
