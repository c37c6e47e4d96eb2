package syncdata.check;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * How far the check of a range came.
 *
 * @param upTo        the id compared last, and the range's last once it is complete; empty where none was
 * @param ok          entities that are the same in both, so far
 * @param inGraph     nodes and relationships that went by
 * @param withOtherId those of them whose ids are no lower-case UUIDs
 */
public record RangePosition(Optional<UUID> upTo, long ok, long inGraph, long withOtherId) {
    static final RangePosition NONE = new RangePosition(Optional.empty(), 0, 0, 0);

    /** Reads what {@link #writeTo} has written. */
    static RangePosition read(DataInput in) throws IOException {
        Optional<UUID> upTo = in.readBoolean()
                ? Optional.of(new UUID(in.readLong(), in.readLong())) : Optional.empty();
        return new RangePosition(upTo, in.readLong(), in.readLong(), in.readLong());
    }

    /** Writes all of it. */
    void writeTo(DataOutput out) throws IOException {
        out.writeBoolean(upTo.isPresent());
        if (upTo.isPresent()) {
            out.writeLong(upTo.get().getMostSignificantBits());
            out.writeLong(upTo.get().getLeastSignificantBits());
        }
        out.writeLong(ok);
        out.writeLong(inGraph);
        out.writeLong(withOtherId);
    }

    /** How far both together came, of which the other went on from here. */
    RangePosition then(RangePosition other) {
        return new RangePosition(other.upTo.or(() -> upTo), ok + other.ok, inGraph + other.inGraph,
                withOtherId + other.withOtherId);
    }
}
