package syncdata.store;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import syncdata.run.TimeSpan;

/**
 * How busy the databases may be with the work of others. Above it, a run waits. An empty limit is none.
 *
 * @param postgresActive    sessions of others at work in PostgreSQL
 * @param replicaLag        the lag of a replica
 * @param neo4jTransactions running transactions of others in Neo4j
 */
public record MaxLoad(OptionalInt postgresActive, Optional<Duration> replicaLag, OptionalInt neo4jTransactions)
        implements Serializable {
    public static final MaxLoad ANY = new MaxLoad(OptionalInt.empty(), Optional.empty(), OptionalInt.empty());

    private static final String POSTGRES_ACTIVE = "postgres-active";
    private static final String REPLICA_LAG = "replica-lag";
    private static final String NEO4J_TRANSACTIONS = "neo4j-transactions";

    /**
     * Reads limits as the option takes them.
     *
     * @throws IllegalArgumentException if one is no limit
     */
    public static MaxLoad of(Map<String, String> limits) {
        for (String name : limits.keySet()) {
            if (!List.of(POSTGRES_ACTIVE, REPLICA_LAG, NEO4J_TRANSACTIONS).contains(name)) {
                throw new IllegalArgumentException("\"" + name + "\" cannot be limited: write it like "
                        + POSTGRES_ACTIVE + "=20," + REPLICA_LAG + "=10s," + NEO4J_TRANSACTIONS + "=30");
            }
        }
        return new MaxLoad(number(limits, POSTGRES_ACTIVE),
                Optional.ofNullable(limits.get(REPLICA_LAG)).map(TimeSpan::parse),
                number(limits, NEO4J_TRANSACTIONS));
    }

    /** What is sent to another process instead: the limits as the option takes them. */
    private record Written(Map<String, String> limits) implements Serializable {
        private Object readResolve() {
            return of(limits);
        }
    }

    private Object writeReplace() {
        Map<String, String> limits = new HashMap<>();
        postgresActive.ifPresent(limit -> limits.put(POSTGRES_ACTIVE, String.valueOf(limit)));
        replicaLag.ifPresent(limit -> limits.put(REPLICA_LAG, limit.toMillis() + "ms"));
        neo4jTransactions.ifPresent(limit -> limits.put(NEO4J_TRANSACTIONS, String.valueOf(limit)));
        return new Written(limits);
    }

    boolean limitsPostgres() {
        return postgresActive.isPresent() || replicaLag.isPresent();
    }

    boolean limitsNeo4j() {
        return neo4jTransactions.isPresent();
    }

    /**
     * What is above its limit, in words; empty where nothing is.
     *
     * @param lag empty where it is unknown, which is above any limit
     */
    Optional<String> exceededBy(long active, Optional<Duration> lag, long transactions) {
        List<String> over = new ArrayList<>();
        postgresActive.ifPresent(most -> {
            if (active > most) {
                over.add(POSTGRES_ACTIVE + " to fall from " + active + " to " + most);
            }
        });
        replicaLag.filter(most -> lag.isEmpty() || lag.get().compareTo(most) > 0).ifPresent(most -> {
            String now = lag.map(TimeSpan::text).orElse("that of a broken stream");
            over.add(REPLICA_LAG + " to fall from " + now + " to " + TimeSpan.text(most));
        });
        neo4jTransactions.ifPresent(most -> {
            if (transactions > most) {
                over.add(NEO4J_TRANSACTIONS + " to fall from " + transactions + " to " + most);
            }
        });
        return over.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", over));
    }

    private static OptionalInt number(Map<String, String> limits, String name) {
        String text = limits.get(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(name + " is \"" + text + "\": give a whole number");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }
}
