package syncdata.store;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Looks for the work of others in both databases. Used by one thread. */
final class OthersAtWork implements Supplier<Optional<String>> {
    static final String SESSIONS = "sessions of PostgreSQL that did something in the last half second";
    static final String COUNTERS =
            "transactions or written rows in PostgreSQL's statistics; GRANT pg_read_all_stats shows sessions";
    static final String IN_NEO4J = "transactions in Neo4j";

    private final Supplier<SourceActivity> source;
    private final LongSupplier ours;
    private final BooleanSupplier graph;
    private HiddenWork hidden = HiddenWork.UNKNOWN;
    private long looks;

    /**
     * @param source looks at PostgreSQL; may fail
     * @param ours   queries of this run to PostgreSQL so far, without the looks
     * @param graph  whether others have transactions in Neo4j; may fail
     */
    OthersAtWork(Supplier<SourceActivity> source, LongSupplier ours, BooleanSupplier graph) {
        this.source = source;
        this.ours = ours;
        this.graph = graph;
    }

    /** What counts as work now, in words; empty where nobody is at work. */
    @Override
    public Optional<String> get() {
        looks++;
        SourceActivity seen = source.get();
        hidden = hidden.after(seen, ours.getAsLong() + looks);
        if (seen.inUse()) {
            return Optional.of(SESSIONS);
        }
        if (seen.hidden() && hidden.isSeen()) {
            return Optional.of(COUNTERS);
        }
        return graph.getAsBoolean() ? Optional.of(IN_NEO4J) : Optional.empty();
    }
}
