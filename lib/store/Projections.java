package syncdata.store;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import syncdata.rules.KeptProperties;

/**
 * What both projections give, by name, so that Neo4j can be asked for the same.
 *
 * @param entities  the columns of entities that are no relations, but for those that are compared anyway
 * @param relations those of relations; their ends are among them
 * @param kept      which properties belong to others
 */
record Projections(List<ProjectedColumn> entities, List<ProjectedColumn> relations, KeptProperties kept) {
    /** They are compared by the walk itself. */
    static final Set<String> WALKED = Set.of("id", "last_updated_at");
    /** The ends of a relation, which are no properties of it. */
    static final Set<String> ENDS = Set.of("source", "target");

    /** The columns in the order in which digests take them. */
    static List<ProjectedColumn> ordered(Stream<ProjectedColumn> columns) {
        return columns.filter(column -> !WALKED.contains(column.name()))
                .sorted(Comparator.comparing(ProjectedColumn::name)).toList();
    }

    /** The columns of nodes or of relationships. */
    List<ProjectedColumn> of(boolean relationships) {
        return relationships ? relations : entities;
    }
}
