package syncdata.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import syncdata.run.IdLog;
import syncdata.run.SortedIds;

/**
 * What the check of a range of ids came to. The results of all ranges, joined in any order, are that of the whole.
 *
 * @param ok       entities that are the same in both by the walk alone
 * @param inGraph  nodes and relationships of Neo4j that went by
 * @param otherIds nodes and relationships whose ids are no lower-case UUIDs
 * @param findings what was looked at again and is believed
 * @param waiting  what is to be looked at once more
 */
public record RangeResult(long ok, long inGraph, long otherIds, Findings findings, Waiting waiting)
        implements AutoCloseable {
    private static final ObjectInputFilter OURS =
            ObjectInputFilter.Config.createFilter("syncdata.**;java.base/*;!*");

    /** That of no ids. */
    public static RangeResult none() {
        return new RangeResult(0, 0, 0, new Findings(), new Waiting());
    }

    /** Reads what {@link #writeTo} has written, in memory that does not grow with it. */
    public static RangeResult read(InputStream in) throws IOException {
        ObjectInputStream objects = new ObjectInputStream(in);
        objects.setObjectInputFilter(OURS);
        try {
            return new RangeResult(objects.readLong(), objects.readLong(), objects.readLong(), Findings.read(objects),
                    Waiting.read(objects));
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    /** Writes all of it, to be joined in another process of the same version. */
    public void writeTo(OutputStream out) throws IOException {
        ObjectOutputStream objects = new ObjectOutputStream(out);
        objects.writeLong(ok);
        objects.writeLong(inGraph);
        objects.writeLong(otherIds);
        findings.writeTo(objects);
        waiting.writeTo(objects);
        objects.flush();
    }

    /** Joins both; takes over what the others hold. */
    public RangeResult join(RangeResult others) {
        findings.join(others.findings);
        waiting.join(others.waiting);
        others.close();
        return new RangeResult(ok + others.ok, inGraph + others.inGraph, otherIds + others.otherIds, findings, waiting);
    }

    /** All ids that were looked at again, whether what was seen is believed yet or not. */
    SortedIds suspected() {
        try (IdLog all = new IdLog()) {
            findings.addTo(all);
            waiting.addTo(all);
            return all.sorted();
        }
    }

    @Override
    public void close() {
        findings.close();
        waiting.close();
    }
}
