package syncdata.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import syncdata.rules.Verdict;

/**
 * What the differences of a check look like, as it stands in a report's {@code check}: of a bounded size, however many
 * they are.
 *
 * @param byType how many of each class there are, by type and class
 * @param behind how far the outdated ones are behind PostgreSQL, ascending; a bin that would be empty is left out
 * @param missingLastChanged when the missing ones were last changed in PostgreSQL
 * @param oldest of each class the {@value DriftCollector#OLDEST_OF_CLASS} that were last changed longest ago, the
 *               oldest of all first
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DriftSummary(Map<String, Map<Verdict, Long>> byType, List<Behind> behind, Histogram missingLastChanged,
        List<Entity> oldest) {

    public DriftSummary {
        byType = byType == null ? Map.of() : byType;
        behind = behind == null ? List.of() : behind;
        missingLastChanged = missingLastChanged == null ? new Histogram(0, Map.of(), null) : missingLastChanged;
        oldest = oldest == null ? List.of() : oldest;
    }

    /**
     * How many entities are so far behind.
     *
     * @param fromSeconds at least so far
     * @param toSeconds   but not so far; null where the bin has no end
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Behind(long fromSeconds, Long toSeconds, long n) {
    }

    /**
     * How many entities were last changed when.
     *
     * @param secondsPerBin how long a bin is; the more they are scattered, the longer
     * @param bins          by the instant at which a bin begins, in UTC, ascending; an empty one is left out. {@code
     *                      infinity} is one too
     * @param most          the short time in which most of them were changed; null where they are scattered
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Histogram(long secondsPerBin, Map<String, Long> bins, Most most) {
        public Histogram {
            bins = bins == null ? Map.of() : bins;
        }
    }

    /**
     * A short time in which at least four of five entities were last changed.
     *
     * @param from          when it begins, in UTC
     * @param to            when it ends
     * @param n             how many were
     * @param secondsPerBin how long a bin of it is
     * @param bins          by the instant at which a bin begins
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Most(String from, String to, long n, long secondsPerBin, Map<String, Long> bins) {
        public Most {
            bins = bins == null ? Map.of() : bins;
        }
    }

    /**
     * One entity that differs.
     *
     * @param verdict       its class
     * @param type          may be null, in malformed data
     * @param title         what people call it; null where nothing does
     * @param lastUpdatedAt in both databases; null on the side that has none that can be read, and of several copies
     *                      the latest
     * @param nInNeo4j      how many nodes and relationships have its id
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonPropertyOrder({"id", "class", "type", "title", "last_updated_at", "n_in_neo4j"})
    public record Entity(String id, @JsonProperty("class") Verdict verdict, String type, String title,
                         @JsonProperty("last_updated_at") Sides lastUpdatedAt,
                         @JsonProperty("n_in_neo4j") int nInNeo4j) {
        public Entity {
            lastUpdatedAt = lastUpdatedAt == null ? new Sides(null, null) : lastUpdatedAt;
        }

        /** When it was last changed, by PostgreSQL where that holds it; empty where nothing says so. */
        public Optional<String> lastChanged() {
            return Optional.ofNullable(lastUpdatedAt.postgresql()).or(() -> Optional.ofNullable(lastUpdatedAt.neo4j()));
        }
    }

    /** A timestamp in both databases, as ISO 8601 or {@code infinity}; null where there is none. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Sides(String postgresql, String neo4j) {
    }

    /** How many differ. */
    public long differences() {
        return totals().values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of each type differ, the most frequent type first. */
    public Map<String, Long> totals() {
        Map<String, Long> totals = new LinkedHashMap<>();
        byType.entrySet().stream().map(type -> Map.entry(type.getKey(), total(type.getValue())))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(type -> totals.put(type.getKey(), type.getValue()));
        return totals;
    }

    static long total(Map<Verdict, Long> classes) {
        return classes.values().stream().filter(Objects::nonNull).mapToLong(Long::longValue).sum();
    }
}
