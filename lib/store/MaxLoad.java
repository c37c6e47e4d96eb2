package syncdata.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import syncdata.run.TimeSpan;

/**
 * How busy the databases may be with other work while a run goes on; over it, the run waits.
 *
 * @param postgresActive    sessions of others at work in PostgreSQL; null for any number
 * @param replicaLag        how far a replica may lag; null for any time
 * @param neo4jTransactions transactions of others running in Neo4j; null for any number
 */
public record MaxLoad(Integer postgresActive, Duration replicaLag, Integer neo4jTransactions) {
    public static final MaxLoad ANY = new MaxLoad(null, null, null);

    private static final String POSTGRES_ACTIVE = "postgres-active";
    private static final String REPLICA_LAG = "replica-lag";
    private static final String NEO4J_TRANSACTIONS = "neo4j-transactions";

    /**
     * Reads limits as the option takes them.
     *
     * @throws IllegalArgumentException if one is none
     */
    public static MaxLoad of(Map<String, String> limits) {
        for (String name : limits.keySet()) {
            if (!List.of(POSTGRES_ACTIVE, REPLICA_LAG, NEO4J_TRANSACTIONS).contains(name)) {
                throw new IllegalArgumentException("\"" + name + "\" cannot be limited: write it like "
                        + POSTGRES_ACTIVE + "=20," + REPLICA_LAG + "=10s," + NEO4J_TRANSACTIONS + "=30");
            }
        }
        return new MaxLoad(number(limits, POSTGRES_ACTIVE),
                limits.containsKey(REPLICA_LAG) ? TimeSpan.parse(limits.get(REPLICA_LAG)) : null,
                number(limits, NEO4J_TRANSACTIONS));
    }

    boolean limitsPostgres() {
        return postgresActive != null || replicaLag != null;
    }

    boolean limitsNeo4j() {
        return neo4jTransactions != null;
    }

    /**
     * What is over its limit, in words; empty where nothing is.
     *
     * @param lag empty where it cannot be known, which is over any limit
     */
    Optional<String> exceededBy(long active, Optional<Duration> lag, long transactions) {
        List<String> over = new ArrayList<>();
        if (postgresActive != null && active > postgresActive) {
            over.add(POSTGRES_ACTIVE + " to fall from " + active + " to " + postgresActive);
        }
        if (replicaLag != null && (lag.isEmpty() || lag.get().compareTo(replicaLag) > 0)) {
            String now = lag.map(TimeSpan::text).orElse("that of a broken stream");
            over.add(REPLICA_LAG + " to fall from " + now + " to " + TimeSpan.text(replicaLag));
        }
        if (neo4jTransactions != null && transactions > neo4jTransactions) {
            over.add(NEO4J_TRANSACTIONS + " to fall from " + transactions + " to " + neo4jTransactions);
        }
        return over.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", over));
    }

    private static Integer number(Map<String, String> limits, String name) {
        String text = limits.get(name);
        if (text == null) {
            return null;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(name + " is \"" + text + "\": give a whole number");
        }
        return Integer.valueOf(text);
    }
}
