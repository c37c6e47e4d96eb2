package syncdata.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is tied in Neo4j to the entities that a repair deletes or reindexes.
 *
 * @param nRelationsDeleted     relations that are deleted with nodes
 * @param relationsDeletedByKey the same by key, the most frequent first
 * @param bestConnected         the entities with the most relations, at most {@value #BEST}, the best connected first
 * @param nLookedAt             entities that were looked at: of very many, not all
 * @param exact                 whether all were looked at, and each relation was counted once
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlastRadius(long nRelationsDeleted, Map<String, Long> relationsDeletedByKey,
        List<Connected> bestConnected, long nLookedAt, boolean exact) {

    public BlastRadius {
        relationsDeletedByKey = relationsDeletedByKey == null ? Map.of() : relationsDeletedByKey;
        bestConnected = bestConnected == null ? List.of() : bestConnected;
    }

    /**
     * An entity and its number of relations.
     *
     * @param title      in Neo4j; null where there is none
     * @param repair     {@code delete} or {@code reindex}
     * @param nRelations tied to it in Neo4j
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Connected(String entityId, String type, String title, String repair, long nRelations) {
        public Connected {
            entityId = Objects.requireNonNullElse(entityId, "");
            type = Objects.requireNonNullElse(type, "");
            repair = Objects.requireNonNullElse(repair, "");
        }
    }

    /** The most entities that are named. */
    public static final int BEST = 10;

    /** The fields of an event. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("n_relations_deleted", nRelationsDeleted);
        fields.put("relations_deleted_by_key", relationsDeletedByKey);
        Map<String, Long> best = new LinkedHashMap<>();
        bestConnected.forEach(connected -> best.put(connected.entityId(), connected.nRelations()));
        fields.put("best_connected", best);
        fields.put("n_looked_at", nLookedAt);
        fields.put("exact", exact);
        return fields;
    }
}
