package syncdata.repair;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import syncdata.run.IdLog;

/** The entities that a repair has to look at once more, by the reason. */
final class Revisits implements AutoCloseable {
    /** Why. */
    enum Reason {
        /** It lost the compare-and-set. */
        CHANGED,
        /** Copies of it were deleted: a write of others to a copy meanwhile is lost, and Neo4j says nothing. */
        COPIES_DELETED,
        /** A node was made where there was none: without a constraint, another writer may have made it too. */
        NODE_MADE,
        /** A relationship was made, likewise. */
        RELATION_MADE,
        /** It failed: what blocked it may have gone by the end. */
        FAILED
    }

    private final Map<Reason, IdLog> files = new EnumMap<>(Reason.class);

    void add(Reason reason, UUID id) {
        files.computeIfAbsent(reason, any -> new IdLog()).add(id);
    }

    void add(Reason reason, Collection<UUID> ids) {
        ids.forEach(id -> add(reason, id));
    }

    boolean has(Reason reason) {
        return files.containsKey(reason);
    }

    /** Takes those of a reason out; the caller closes them. */
    IdLog take(Reason reason) {
        IdLog taken = files.remove(reason);
        return taken == null ? new IdLog() : taken;
    }

    @Override
    public void close() {
        files.values().forEach(IdLog::close);
    }
}
