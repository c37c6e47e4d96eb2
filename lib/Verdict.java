package syncdata;

import java.util.List;
import java.util.Locale;
import syncdata.GraphTimestamp.Precision;

/** How an entity in PostgreSQL and its copies in Neo4j compare: every rule of the comparison stands here. */
public enum Verdict {
    /** Present in both, at the same instant. */
    OK,
    /** Older in Neo4j. */
    OUTDATED,
    /** Newer in Neo4j, without a readable timestamp, there more than once, or a node where a relation should be and the reverse. */
    STRANGE,
    /** Not in Neo4j. */
    MISSING,
    /** Only in Neo4j. */
    NOT_DELETED,
    /** A relation that lacks an end in PostgreSQL, so that the graph cannot hold it. */
    DANGLING,
    /** In neither. */
    GONE,
    /** Not among the entities that are checked. */
    NOT_SELECTED;

    /** The word for it in a report, such as {@code not deleted}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether the repair writes the entity anew from PostgreSQL. */
    public boolean toReindex() {
        return this == OUTDATED || this == STRANGE || this == MISSING;
    }

    /** Whether it is a difference at all. */
    public boolean isDifference() {
        return toReindex() || this == NOT_DELETED;
    }

    /**
     * Judges one entity by all that both databases hold of it.
     *
     * @param source null where PostgreSQL does not hold it
     * @param graph  every node and relationship with its id
     */
    public static Verdict of(SourceState source, List<GraphState> graph, Selection selection) {
        if (!selected(source, graph, selection)) {
            return NOT_SELECTED;
        }
        if (source == null) {
            return graph.isEmpty() ? GONE : NOT_DELETED;
        }
        if (source.dangling()) {
            return DANGLING;
        }
        if (graph.isEmpty()) {
            return MISSING;
        }
        GraphState copy = graph.get(0);
        return graph.size() > 1 || copy.relationship() != source.relation() ? STRANGE : ofInstants(source.micros(), copy.timestamp());
    }

    /** Compares two timestamps at the coarser of their precisions; where a digit was lost, rounded and cut off are both the same. */
    static Verdict ofInstants(long source, GraphTimestamp graph) {
        return ofInstants(source, graph.micros(), graph.precision());
    }

    static Verdict ofInstants(long source, long graph, Precision precision) {
        if (precision == Precision.UNREADABLE) {
            return STRANGE;
        }
        if (source == graph || sameWhenCoarser(source, graph, precision)) {
            return OK;
        }
        return graph < source ? OUTDATED : STRANGE;
    }

    private static boolean sameWhenCoarser(long source, long graph, Precision precision) {
        return switch (precision) {
            case MILLISECONDS -> Math.floorDiv(source, 1000L) == Math.floorDiv(graph, 1000L)
                    || Math.floorDiv(source + 500, 1000L) == Math.floorDiv(graph, 1000L);
            case ROUNDED_UP -> source == graph + 1;
            case MICROSECONDS, UNREADABLE -> false;
        };
    }

    private static boolean selected(SourceState source, List<GraphState> graph, Selection selection) {
        if (source == null && graph.isEmpty()) {
            return true;
        }
        boolean type = source != null
                ? selection.includesType(source.type())
                : graph.stream().anyMatch(copy -> selection.includesType(copy.type()));
        boolean change = source != null && selection.includesChange(source.micros())
                || graph.stream().anyMatch(copy -> copy.timestamp().precision() != Precision.UNREADABLE
                        && selection.includesChange(copy.timestamp().micros()));
        return type && (change || selection.changedAfter() == Long.MIN_VALUE);
    }
}
