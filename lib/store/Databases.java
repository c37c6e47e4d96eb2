package syncdata.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.neo4j.driver.AccessMode;
import syncdata.rules.GraphState;
import syncdata.rules.SourceState;
import syncdata.run.Background;
import syncdata.run.InputException;

/** Both databases, open, and the pace of the work on them. */
public record Databases(SourceStore source, GraphStore graph, Pace pace) implements AutoCloseable {
    /** The most transactions that PostgreSQL counts before the first query on a new connection. */
    private static final int TRANSACTIONS_TO_OPEN = 4;

    /**
     * Opens both at once.
     *
     * @param access   whether Neo4j may be written to; PostgreSQL never is
     * @param terms    of all queries
     * @param password asked where PostgreSQL wants one and the settings have none; empty where nobody knows it
     * @throws InputException if a query file has a mistake, names what is not there, or a limit cannot be watched
     * @throws JdbiException  if PostgreSQL cannot be reached or refuses the login
     * @throws org.neo4j.driver.exceptions.Neo4jException if Neo4j cannot be reached or refuses the login
     */
    public static Databases open(ConnectionSettings settings, Queries queries, AccessMode access, RunTerms terms,
                                 Supplier<Optional<String>> password) {
        Throttle throttle = Throttle.of(terms);
        Retry retry = Retry.of(terms);
        CompletableFuture<GraphStore> graph = CompletableFuture.supplyAsync(
                () -> GraphStore.open(settings, queries, access, new Gate("Neo4j", retry, throttle)));
        SourceStore source = null;
        try {
            Gate gate = new Gate("PostgreSQL", retry, throttle);
            source = openSource(settings, queries, access, gate, password);
            requireVisible(terms.limits().maxLoad(), source);
            return opened(source, gate, Background.join(graph), terms, throttle);
        } catch (RuntimeException e) {
            graph.thenAccept(GraphStore::close);
            if (source != null) {
                source.close();
            }
            throw e;
        }
    }

    /** The same where nobody can be asked for a password. */
    public static Databases open(ConnectionSettings settings, Queries queries, AccessMode access, RunTerms terms) {
        return open(settings, queries, access, terms, Optional::empty);
    }

    /** The same without terms: nothing waits, and nothing is tried again. */
    public static Databases open(ConnectionSettings settings, Queries queries, AccessMode access) {
        return open(settings, queries, access, RunTerms.NONE);
    }

    /** The same databases with new connections to PostgreSQL, the only ones to close. */
    public Databases another() {
        return new Databases(source.another(), graph, pace);
    }

    /**
     * Looks at entities in both databases: all at once, unless they have megabytes, or others are at work.
     *
     * @param each takes some of them at a time, in their order
     */
    public void look(List<UUID> ids, Consumer<BothSides> each) {
        for (int from = 0; from < ids.size(); ) {
            int to = from + pace.most(ids.size() - from);
            lookAtOnce(ids.subList(from, to), each);
            from = to;
        }
    }

    private void lookAtOnce(List<UUID> ids, Consumer<BothSides> each) {
        Sized<List<GraphState>> copies = graph.states().sized(ids);
        Sized<SourceState> truths = source.sizedStates(ids);
        Map<UUID, Long> large = new HashMap<>(truths.large());
        copies.large().forEach((id, bytes) -> large.merge(id, bytes, Long::sum));
        BothSides both = new BothSides(ids, copies.held(), truths.held(), large);
        for (List<UUID> part : Parts.of(ids, large)) {
            boolean whole = part.stream().noneMatch(copies.large()::containsKey);
            each.accept(whole ? both.of(part)
                    : new BothSides(part, graph.states().of(part), source.states(part), large));
        }
    }

    @Override
    public void close() {
        try (source; graph) {
            pace.close();
        }
    }

    private static Databases opened(SourceStore source, Gate gate, GraphStore graph, RunTerms terms,
            Throttle throttle) {
        MaxLoad most = terms.limits().maxLoad();
        return new Databases(source, graph, new Pace(terms, throttle, () -> overLimit(most, source, graph),
                new OthersAtWork(source.survey()::activity,
                        () -> gate.passed() + TRANSACTIONS_TO_OPEN * source.connectionsOpened(),
                        graph.survey()::isInUse)));
    }

    private static void requireVisible(MaxLoad most, SourceStore source) {
        if (most.limitsPostgres() && !source.survey().load().visible()) {
            throw new InputException("--max-load cannot see what others do in PostgreSQL:"
                    + " GRANT pg_read_all_stats to the user that connects, or leave its limits out");
        }
    }

    private static Optional<String> overLimit(MaxLoad most, SourceStore source, GraphStore graph) {
        SourceSurvey.Load postgres = most.limitsPostgres() ? source.survey().load() : SourceSurvey.Load.NONE;
        return most.exceededBy(postgres.active(), postgres.lag(),
                most.limitsNeo4j() ? graph.survey().runningTransactions() : 0);
    }

    private static SourceStore openSource(ConnectionSettings settings, Queries queries, AccessMode access, Gate gate,
                                          Supplier<Optional<String>> prompt) {
        try {
            return SourceStore.open(settings, queries, access, gate);
        } catch (JdbiException e) {
            boolean asksForPassword = settings.postgres().getProperty("password") == null
                    && String.valueOf(e.getMessage()).contains("no password was provided");
            Optional<String> password = asksForPassword ? prompt.get() : Optional.empty();
            settings.postgres().setProperty("password", password.orElseThrow(() -> e));
            return SourceStore.open(settings, queries, access, gate);
        }
    }
}
