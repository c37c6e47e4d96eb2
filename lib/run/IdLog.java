package syncdata.run;

import java.io.DataInput;
import java.io.IOException;
import java.util.Collection;
import java.util.UUID;

/** Ids in the order in which they were added. {@link #sorted} gives them to search in. */
public final class IdLog extends Ids {

    public void add(UUID id) {
        append(id);
    }

    public void addAll(Collection<UUID> ids) {
        ids.forEach(this::append);
    }

    public void addAll(Ids others) {
        others.forEachBatch(1000, this::addAll);
    }

    /** Adds the ids that {@link #writeTo} wrote. */
    public void addFrom(DataInput in) throws IOException {
        for (long left = in.readLong(); left > 0; left--) {
            append(new UUID(in.readLong(), in.readLong()));
        }
    }

    /** The ids up to now, ascending, in a file of their own, which is to be closed. */
    public SortedIds sorted() {
        return SortedIds.of(this);
    }
}
