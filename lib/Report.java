package syncdata;

import java.util.Map;

/**
 * What a check found.
 *
 * @param toDelete  the ids that are not deleted, ascending
 * @param toReindex the ids that are missing, outdated or strange, ascending
 * @param diffs     what differs in each outdated and strange entity; null where nobody asked
 * @param check     where the report comes from: the databases, the options that filtered it, the counts kept apart
 */
public record Report(IdFile toDelete, IdFile toReindex, long missing, long notDeleted, long ok, long outdated, long strange,
                     DiffFile diffs, Map<String, Object> check) implements AutoCloseable {

    /** How many entities differ. */
    public long differences() {
        return missing + notDeleted + outdated + strange;
    }

    /** How many of the entities that were checked Neo4j holds. */
    public long inGraph() {
        return notDeleted + ok + outdated + strange;
    }

    @Override
    public void close() {
        toDelete.close();
        toReindex.close();
        if (diffs != null) {
            diffs.close();
        }
    }
}
