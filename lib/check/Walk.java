package syncdata.check;

import java.util.List;
import java.util.UUID;
import syncdata.rules.ContentDigest;
import syncdata.rules.EntityId;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.Selection;
import syncdata.rules.Verdict;

/** Walks PostgreSQL's entities and Neo4j's nodes and relationships side by side, once, in the order of their ids. */
public final class Walk {

    /** Takes what the walk shows, in the order of ids. */
    @FunctionalInterface
    public interface Found {
        /**
         * Takes what seems to differ.
         *
         * @param gone whether only Neo4j holds it
         */
        void take(UUID id, boolean gone);

        /**
         * Takes what is the same by its timestamp, its id in two halves.
         *
         * @param sameContent whether its content was read, and is the same too
         */
        default void same(long high, long low, boolean relation, boolean sameContent) {
        }
    }

    private final EntityStream source;
    private final List<EntityStream> graph;
    private final Selection selection;
    private long ok;
    private long inGraph;
    private UUID upTo;

    private int copies;
    private long newest;
    private Precision precision;
    private boolean relationship;
    private long digest;

    /**
     * Begins with the first entity of each.
     *
     * @param source each id once
     * @param graph  streams in which an id may come again, in one of them or in several
     */
    public Walk(EntityStream source, List<EntityStream> graph, Selection selection) {
        this.source = source;
        this.graph = graph;
        this.selection = selection;
        source.begin();
        graph.forEach(EntityStream::begin);
    }

    /** How many of the entities so far are the same in both. */
    public long ok() {
        return ok;
    }

    /** How many nodes and relationships went by. */
    public long inGraph() {
        return inGraph;
    }

    /** How many nodes and relationships went by that belong to nobody: their ids are no lower-case UUIDs. */
    public long otherIds() {
        return graph.stream().mapToLong(EntityStream::otherIds).sum();
    }

    /** The id that was compared last; null before the first. */
    public UUID upTo() {
        return upTo;
    }

    /**
     * Compares the next entities.
     *
     * @param limit how many ids at most
     * @param found takes each entity that seems to differ
     * @return how many ids were compared; 0 where none is left
     */
    public int next(int limit, Found found) {
        int compared = 0;
        long lastHigh = 0;
        long lastLow = 0;
        for (; compared < limit; compared++) {
            EntityStream first = firstOf(graph);
            int order = order(first);
            if (order == 0 && first == null) {
                break;
            }
            lastHigh = order > 0 ? first.high() : source.high();
            lastLow = order > 0 ? first.low() : source.low();
            compare(order, first, found);
        }
        if (compared > 0) {
            upTo = new UUID(lastHigh, lastLow);
        }
        return compared;
    }

    private void compare(int order, EntityStream first, Found found) {
        if (order < 0) {
            if (source.selected() && selection.includesChange(source.micros())) {
                found.take(source.id(), false);
            }
            source.advance();
            return;
        }
        long high = first.high();
        long low = first.low();
        takeCopies(high, low);
        boolean changed = precision != Precision.UNREADABLE && selection.includesChange(newest)
                || !selection.onlyChanged();
        if (order > 0) {
            if (changed) {
                found.take(new UUID(high, low), true);
            }
            return;
        }
        if (source.selected() && (changed || selection.includesChange(source.micros()))) {
            if (copies == 1 && relationship == source.relation()
                    && Verdict.ofInstants(source.micros(), newest, precision) == Verdict.OK) {
                ok++;
                found.same(high, low, relationship, digest != ContentDigest.UNKNOWN && digest == source.digest());
            } else {
                found.take(source.id(), false);
            }
        }
        source.advance();
    }

    /** Whose id comes first: below 0 PostgreSQL's, above 0 Neo4j's. 0 where both are the same, or at their end. */
    private int order(EntityStream first) {
        if (source.atEnd() || first == null) {
            return Boolean.compare(source.atEnd(), first == null);
        }
        return EntityId.compare(source.high(), source.low(), first.high(), first.low());
    }

    private static EntityStream firstOf(List<EntityStream> streams) {
        EntityStream first = null;
        for (int i = 0; i < streams.size(); i++) {
            EntityStream stream = streams.get(i);
            if (!stream.atEnd() && (first == null
                    || EntityId.compare(stream.high(), stream.low(), first.high(), first.low()) < 0)) {
                first = stream;
            }
        }
        return first;
    }

    private void takeCopies(long high, long low) {
        copies = 0;
        newest = Long.MIN_VALUE;
        precision = Precision.UNREADABLE;
        for (int i = 0; i < graph.size(); i++) {
            EntityStream stream = graph.get(i);
            while (!stream.atEnd() && stream.high() == high && stream.low() == low) {
                copies++;
                relationship = stream.relation();
                digest = stream.digest();
                if (stream.precision() != Precision.UNREADABLE && stream.micros() >= newest) {
                    newest = stream.micros();
                    precision = stream.precision();
                }
                stream.advance();
            }
        }
        inGraph += copies;
    }
}
