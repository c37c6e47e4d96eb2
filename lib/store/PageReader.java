package syncdata.store;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads the entities of one database page after page, in the order of their ids.
 *
 * <pre>
 *   next() -> Page, Page, TooLarge, Page, …, End
 *                        the server had not the memory: the page after it is smaller, and begins at the same id
 * </pre>
 */
@FunctionalInterface
public interface PageReader {
    /** Asks for the next page; not to be called after the end. */
    Answer next();

    /** What comes of asking for a page. */
    sealed interface Answer {
    }

    /**
     * A page as it came over the wire. It may hold no entity.
     *
     * @param packed unpacks it, which takes a while: the next page can be read meanwhile
     */
    record Page(Supplier<EntityPage> packed) implements Answer {
        /** A page that needs no unpacking. */
        static Page of(EntityPage page) {
            return new Page(() -> page);
        }

        public EntityPage unpacked() {
            return packed.get();
        }
    }

    /** The page was too large for the server. The next one is smaller. */
    record TooLarge() implements Answer {
    }

    /** Every page was given. */
    record End() implements Answer {
    }

    /**
     * Reads all pages that are left.
     *
     * @param pages takes each, and says whether it wants more
     * @return whether all were given: false where the taker wanted no more
     */
    default boolean forEach(Predicate<EntityPage> pages) {
        for (Answer answer = next(); !(answer instanceof End); answer = next()) {
            if (answer instanceof Page page && !pages.test(page.unpacked())) {
                return false;
            }
        }
        return true;
    }
}
