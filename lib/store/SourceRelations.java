package syncdata.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.neo4j.driver.AccessMode;
import syncdata.rules.TiedRelations;

/** The relations from and to entities in PostgreSQL: their ids and numbers. */
public final class SourceRelations {
    private static final String BY_ENTITY = "relations-by-entity.sql";
    private static final String UNINDEXED = "relations-of-entities-unindexed.sql";

    private final Queries files;
    private final SourceQueries queries;
    private final SourceSurvey survey;
    private final SourceConnection rows;
    private final Duration time;
    private Optional<String> query = Optional.empty();

    /** @param time how long PostgreSQL may work on each query */
    SourceRelations(Queries files, SourceQueries queries, SourceSurvey survey, SourceConnection rows, Duration time) {
        this.files = files;
        this.queries = queries;
        this.survey = survey;
        this.rows = rows;
        this.time = time;
    }

    /** Tries the queries. Without an index, to run one would read the table, though it is for no entity. */
    void planQueries(AccessMode access) {
        queries.plan(rows, BY_ENTITY, ofEntities(Set.of(), 1));
        if (access == AccessMode.WRITE) {
            inTransaction(time, transaction -> SourceConnection.forEach(transaction,
                    SourceQueries.EXPLAIN + queries.text(query()), SourceQueries.texts(Set.of()),
                    row -> row.getString(1), plan -> { }));
        }
    }

    /**
     * Hands out the ids of all relations from or to these entities, in no order.
     *
     * @param fetch how many come over the wire at a time
     */
    public void attached(Collection<UUID> ids, int fetch, Consumer<UUID> relation) {
        Duration longer = time.multipliedBy(10); // it may have to read the whole table
        inTransaction(longer, transaction -> SourceConnection.forEach(transaction, queries.text(query()),
                bound -> SourceQueries.texts(ids).apply(bound).setFetchSize(fetch),
                row -> row.getObject("id", UUID.class), relation));
    }

    private void inTransaction(Duration longest, Consumer<Handle> work) {
        queries.ask(query(), () -> rows.inTransaction(longest, transaction -> {
            work.accept(transaction);
            return null;
        }));
    }

    /** Whether {@link #attached} reads the whole table each time, for want of an index. */
    public boolean readAll() {
        return query().equals(UNINDEXED);
    }

    /**
     * With indexes, the query that asks them for one entity after the other: PostgreSQL's planner does not see that
     * this is much quicker. Else the query that reads the table once for all.
     */
    private synchronized String query() {
        if (query.isEmpty()) {
            boolean unindexed = files.hasVariant("relations-of-entities.sql", UNINDEXED)
                    && !survey.missingRelationIndexes().isEmpty();
            query = Optional.of(unindexed ? UNINDEXED : "relations-of-entities.sql");
        }
        return query.get();
    }

    /**
     * The relations from and to each of these entities. One without any has no entry.
     *
     * @param limit the most ids to give for each
     */
    public Map<UUID, TiedRelations> byEntity(Collection<UUID> ids, int limit) {
        Map<UUID, TiedRelations> relations = new HashMap<>();
        queries.list(rows, BY_ENTITY, ofEntities(ids, limit),
                row -> Map.entry(UUID.fromString(row.getString("id")),
                        new TiedRelations(row.getLong("total"), List.of((UUID[]) row.getArray("first").getArray()))))
                .forEach(row -> relations.put(row.getKey(), row.getValue()));
        return relations;
    }

    private static UnaryOperator<Query> ofEntities(Collection<UUID> ids, int limit) {
        return bound -> SourceQueries.texts(ids).apply(bound).bind("limit", limit);
    }
}
