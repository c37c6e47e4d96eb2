package syncdata.run;

import java.io.DataInput;
import java.io.IOException;
import java.util.Collection;
import java.util.UUID;

/** Ids in the order in which they were added, to add to. To ask for one of them, see {@link #sorted}. */
public final class IdLog extends Ids {

    /** Adds an id behind the last. */
    public void add(UUID id) {
        append(id);
    }

    /** Adds ids, in their order. */
    public void addAll(Collection<UUID> ids) {
        ids.forEach(this::append);
    }

    /** Adds all that others hold, in their order. */
    public void addAll(Ids others) {
        others.forEachBatch(1000, this::addAll);
    }

    /** Adds what {@link #writeTo} has written. */
    public void addFrom(DataInput in) throws IOException {
        for (long left = in.readLong(); left > 0; left--) {
            append(new UUID(in.readLong(), in.readLong()));
        }
    }

    /** The ids up to now, ascending, to be closed by itself: what is added later is not among them. */
    public SortedIds sorted() {
        return SortedIds.of(this);
    }
}
