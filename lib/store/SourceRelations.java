package syncdata.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import syncdata.rules.TiedRelations;

/** The relations from and to entities in PostgreSQL: which, and how many. */
public final class SourceRelations {
    private static final String UNINDEXED = "relations-of-entities-unindexed.sql";

    private final Queries files;
    private final SourceQueries queries;
    private final SourceSurvey survey;
    private final SourceConnection rows;
    private final Duration time;
    private String query;

    /** @param time how long PostgreSQL may work on each query */
    SourceRelations(Queries files, SourceQueries queries, SourceSurvey survey, SourceConnection rows, Duration time) {
        this.files = files;
        this.queries = queries;
        this.survey = survey;
        this.rows = rows;
        this.time = time;
    }

    /**
     * Gives the ids of every relation from or to these entities, in no order.
     *
     * @param fetch how many come over the wire at a time
     */
    public void attached(Collection<UUID> ids, int fetch, Consumer<UUID> relation) {
        Duration longer = time.multipliedBy(10); // it may have to read the whole table
        String name = query();
        queries.ask(name, () -> rows.inTransaction(longer, transaction -> {
            SourceConnection.forEach(transaction, queries.text(name),
                    bound -> SourceQueries.texts(ids).apply(bound).setFetchSize(fetch),
                    row -> row.getObject("id", UUID.class), relation);
            return null;
        }));
    }

    /** Whether {@link #attached} reads the whole table each time, for want of an index. */
    public boolean readAll() {
        return query().equals(UNINDEXED);
    }

    /**
     * An entity after the other where there are indexes, which PostgreSQL's planner does not see to be much quicker;
     * else one pass for all.
     */
    private synchronized String query() {
        if (query == null) {
            boolean unindexed = files.hasVariant("relations-of-entities.sql", UNINDEXED)
                    && !survey.missingRelationIndexes().isEmpty();
            query = unindexed ? UNINDEXED : "relations-of-entities.sql";
        }
        return query;
    }

    /**
     * The relations from and to each of these entities; one that has none has no entry.
     *
     * @param limit how many ids are given for each
     */
    public Map<UUID, TiedRelations> byEntity(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        queries.list(rows, "relations-by-entity.sql",
                bound -> SourceQueries.texts(ids).apply(bound).bind("limit", limit),
                row -> Map.entry(UUID.fromString(row.getString("id")),
                        new TiedRelations(row.getLong("total"), List.of((UUID[]) row.getArray("first").getArray()))))
                .forEach(row -> relations.put(row.getKey(), row.getValue()));
        return relations;
    }
}
