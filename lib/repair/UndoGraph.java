package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import syncdata.store.GraphStore;
import syncdata.store.GraphTransaction;

/**
 * Neo4j for an undo: written to under locks, or, by a dry run, only looked at.
 *
 * @param dryRun whether transactions can do no more than read, and take no locks
 */
record UndoGraph(GraphStore graph, boolean dryRun) {

    <T> T transaction(Function<GraphTransaction, T> work) {
        return dryRun ? graph.look(work) : graph.write(work);
    }

    /** What a transaction finds of these entities. */
    Held held(GraphTransaction transaction, Collection<UUID> nodes, Collection<UUID> relationships) {
        return dryRun ? Held.unlocked(transaction, nodes, relationships)
                : Held.locked(transaction, nodes, relationships);
    }

    /** The element id of a node or relationship, as a query takes it. */
    Object element(Copy copy) {
        return element(copy.element());
    }

    /** Likewise. */
    Object element(String element) {
        return graph.dialect().element(element);
    }

    /**
     * Runs a write that needs the names of each row: of all rows at once where names can be parameters, else of those
     * with the same names.
     */
    void writeNamed(GraphTransaction transaction, String query, List<Map<String, Object>> rows) {
        Map<List<String>, List<Map<String, Object>>> groups = new LinkedHashMap<>();
        rows.forEach(row -> groups.computeIfAbsent(graph.dialect().namesAsParameters() ? List.of() : names(row),
                names -> new ArrayList<>()).add(row));
        groups.forEach((names, some) ->
                transaction.rows(query, text -> graph.dialect().named(text, names), Map.of("rows", some))
                        .forEach(row -> requireAll(row.get("done").asInt(), some.size())));
    }

    /** A row is not done only where somebody deletes an end meanwhile. */
    private static void requireAll(int done, int rows) {
        if (done != rows) {
            throw new IllegalStateException("one of its ends has just been deleted; run this again");
        }
    }

    private static List<String> names(Map<String, Object> row) {
        return ((Collection<?>) row.get("names")).stream().map(String.class::cast).toList();
    }
}
