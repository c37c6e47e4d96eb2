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
 * The summary of the differences of a check, as it stands in a report's {@code check}. Its size is bounded.
 *
 * @param byType             counts by type and class
 * @param behind             how far outdated entities are behind PostgreSQL, ascending; empty bins are left out
 * @param missingLastChanged when missing entities were last changed in PostgreSQL
 * @param oldest             of each class the entities whose last change is longest ago, the oldest of all first
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DriftSummary(Map<String, Map<Verdict, Long>> byType, List<Behind> behind, Histogram missingLastChanged,
        List<Entity> oldest) {
    /** The edges between the bins of {@code behind}, in seconds: from nothing by a second, a minute, … to ten years. */
    public static final List<Long> BEHIND_EDGES =
            List.of(0L, 1L, 10L, 60L, 600L, 3_600L, 21_600L, 86_400L, 604_800L, 2_592_000L, 31_536_000L, 315_360_000L);

    public DriftSummary {
        byType = byType == null ? Map.of() : byType;
        behind = behind == null ? List.of() : behind;
        missingLastChanged = missingLastChanged == null ? new Histogram(0, Map.of(), null) : missingLastChanged;
        oldest = oldest == null ? List.of() : oldest;
    }

    /**
     * A bin of entities by how far they are behind.
     *
     * @param fromSeconds the least
     * @param toSeconds   above the most; null where the bin has no end
     * @param n           the number of entities
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Behind(long fromSeconds, Long toSeconds, long n) {
    }

    /**
     * Counts of entities by the time of their last change.
     *
     * @param secondsPerBin the length of a bin, which grows with the range of times
     * @param bins          counts by the instant at which a bin begins, in UTC, ascending; empty bins are left out.
     *                      {@code infinity} is a bin too
     * @param most          the short time in which most were changed; null where there is none
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
     * @param from          its beginning, in UTC
     * @param to            its end
     * @param n             the number of entities
     * @param secondsPerBin the length of a bin
     * @param bins          counts by the instant at which a bin begins
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Most(String from, String to, long n, long secondsPerBin, Map<String, Long> bins) {
        public Most {
            bins = bins == null ? Map.of() : bins;
        }
    }

    /**
     * A difference.
     *
     * @param verdict       its class
     * @param type          may be null, in malformed data
     * @param title         null where there is none
     * @param lastUpdatedAt in both databases; of several copies, the latest
     * @param nInNeo4j      the number of copies
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonPropertyOrder({"id", "class", "type", "title", "last_updated_at", "n_in_neo4j"})
    public record Entity(String id, @JsonProperty("class") Verdict verdict, String type, String title,
                         @JsonProperty("last_updated_at") Sides lastUpdatedAt,
                         @JsonProperty("n_in_neo4j") int nInNeo4j) {
        public Entity {
            lastUpdatedAt = lastUpdatedAt == null ? new Sides(null, null) : lastUpdatedAt;
        }

        /** The time of the last change: PostgreSQL's, or else Neo4j's; empty where there is neither. */
        public Optional<String> lastChanged() {
            return Optional.ofNullable(lastUpdatedAt.postgresql()).or(() -> Optional.ofNullable(lastUpdatedAt.neo4j()));
        }
    }

    /** A timestamp in both databases, as ISO 8601 or {@code infinity}; null where it is absent or unreadable. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Sides(String postgresql, String neo4j) {
    }

    /** The number of differences. */
    public long differences() {
        return totals().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The number of differences by type, the most frequent type first. */
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
