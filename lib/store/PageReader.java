package syncdata.store;

import java.util.function.Supplier;

/** Reads the entities of one database page after page, in the order of their ids. */
@FunctionalInterface
public interface PageReader {
    /**
     * The next page as it came, which is unpacked on asking for it, so that the page behind it can be read meanwhile;
     * null after the last.
     */
    Supplier<EntityPage> next();
}
