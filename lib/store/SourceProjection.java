package syncdata.store;

import java.sql.ResultSet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import syncdata.rules.KeptProperties;
import syncdata.rules.Relation;
import syncdata.rules.SourceState;

/** The projection of entities: what a repair would write into the graph. */
public final class SourceProjection {
    static final String ENTITIES = "entity-projection.sql";
    static final String RELATIONS = "relation-projection.sql";

    private final Queries files;
    private final SourceQueries queries;
    private final SourceConnection rows;
    private final Duration time;
    private Optional<KeptProperties> kept = Optional.empty();

    /** @param time how long PostgreSQL may work on each query */
    SourceProjection(Queries files, SourceQueries queries, SourceConnection rows, Duration time) {
        this.files = files;
        this.queries = queries;
        this.rows = rows;
        this.time = time;
    }

    /** Tries the queries. */
    void planQueries() {
        for (String name : List.of(ENTITIES, RELATIONS, "entity-titles.sql", "large-entities.sql")) {
            queries.plan(rows, name, SourceQueries.uuids(Set.of()));
        }
    }

    /** The titles of these entities. One without a title has no entry. */
    public Map<UUID, String> titles(Collection<UUID> ids) {
        Map<UUID, String> titles = new HashMap<>();
        queries.list(rows, "entity-titles.sql", SourceQueries.uuids(ids),
                row -> Map.entry(row.getObject("id", UUID.class), Optional.ofNullable(row.getString("title"))))
                .forEach(row -> row.getValue().ifPresent(title -> titles.put(row.getKey(), title)));
        return titles;
    }

    /** The properties of the nodes of these entities, in the order of ids. */
    public List<Map<String, Object>> entities(Collection<UUID> ids) {
        return queries.list(rows, ENTITIES, SourceQueries.uuids(ids), new RowValues()::map);
    }

    /** The relations of these ids, in their order. */
    public List<Relation> relations(Collection<UUID> ids) {
        RowValues values = new RowValues();
        return queries.list(rows, RELATIONS, SourceQueries.uuids(ids), row -> {
            Map<String, Object> properties = values.map(row);
            return new Relation(row.getObject("id", UUID.class),
                    (String) properties.remove("source"), (String) properties.remove("target"), properties);
        });
    }

    /** The properties in the graph that belong to other services. */
    public synchronized KeptProperties kept() {
        if (kept.isEmpty()) {
            List<String> names = files.lines("kept-properties.txt");
            kept = Optional.of(names.isEmpty() ? KeptProperties.NONE : KeptProperties.of(names, projected()));
        }
        return kept.get();
    }

    /** The names of all properties in the projections. */
    private Set<String> projected() {
        Set<String> names = new TreeSet<>();
        for (String name : List.of(ENTITIES, RELATIONS)) {
            columns(name).forEach(column -> names.add(column.name()));
        }
        names.removeAll(Projections.ENDS);
        return names;
    }

    /** The columns of a projection. */
    List<ProjectedColumn> columns(String name) {
        return queries.ask(name, () -> rows.inTransaction(time, handle -> columns(handle, queries.text(name))));
    }

    private static List<ProjectedColumn> columns(Handle handle, String sql) {
        try (Query query = SourceQueries.uuids(Set.of()).apply(handle.createQuery(sql))) {
            return query.scanResultSet((results, context) -> {
                try (context; ResultSet none = results.get()) {
                    return ProjectedColumn.of(none.getMetaData());
                }
            });
        }
    }

    /** The projections of these entities by id; of a relation {@code source} and {@code target} too. */
    public Map<UUID, Map<String, Object>> properties(Collection<SourceState> states) {
        Map<UUID, Map<String, Object>> properties =
                entityProperties(states.stream().filter(state -> !state.relation()).map(SourceState::id).toList());
        properties.putAll(relationProperties(states.stream().filter(SourceState::relation).map(SourceState::id)
                .toList()));
        return properties;
    }

    /** The projections of entities that are no relations, by id. */
    public Map<UUID, Map<String, Object>> entityProperties(Collection<UUID> ids) {
        Map<UUID, Map<String, Object>> properties = new HashMap<>();
        if (!ids.isEmpty()) {
            entities(ids).forEach(row -> properties.put(UUID.fromString((String) row.get("id")), row));
        }
        return properties;
    }

    /** The projections of relations by id, {@code source} and {@code target} among them. */
    public Map<UUID, Map<String, Object>> relationProperties(Collection<UUID> ids) {
        Map<UUID, Map<String, Object>> properties = new HashMap<>();
        for (Relation relation : ids.isEmpty() ? List.<Relation>of() : relations(ids)) {
            Map<String, Object> row = new HashMap<>(relation.properties());
            row.put("source", relation.from());
            row.put("target", relation.to());
            properties.put(relation.id(), row);
        }
        return properties;
    }

    /** The size of those of these entities that may be large, estimated, in bytes. */
    public Map<UUID, Long> largeRows(Collection<UUID> ids) {
        return queries.list(rows, "large-entities.sql", SourceQueries.uuids(ids),
                row -> Map.entry(row.getObject("id", UUID.class), row.getLong("bytes")))
                .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
