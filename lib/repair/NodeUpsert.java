package syncdata.repair;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.exceptions.ClientException;
import syncdata.rules.GraphState;
import syncdata.rules.KeptProperties;
import syncdata.store.Failure;
import syncdata.store.GraphStore;

/** Makes nodes equal to their rows: those that are there are updated, the others made. */
public final class NodeUpsert {
    private final GraphStore graph;
    private final Journal journal;
    private final KeptProperties kept;
    private final Placeholders placeholders;

    NodeUpsert(GraphStore graph, Journal journal, KeptProperties kept, Placeholders placeholders) {
        this.graph = graph;
        this.journal = journal;
        this.kept = kept;
        this.placeholders = placeholders;
    }

    /**
     * Writes all of these rows.
     *
     * @param seen the copies of each; none where there was none
     * @return the ids of those that lost the compare-and-set, and were left
     */
    public Set<UUID> write(List<Map<String, Object>> rows, Map<UUID, List<GraphState>> seen) {
        return changed(write(byId(rows), seen, (transaction, whole) ->
                new Ran.Made(merge(transaction, "write-nodes.cypher", whole))));
    }

    /**
     * The same in one transaction, for rows that may claim each other's unique values: every node gives up its own
     * before the first is written. Stops at the first row that Neo4j refuses all the same.
     */
    NodesWritten writeTogether(List<Map<String, Object>> rows, Map<UUID, List<GraphState>> seen) {
        return write(byId(rows), seen, (transaction, whole) -> {
            transaction.queries().run("clear-nodes.cypher",
                    Map.of("ids", whole.stream().map(row -> row.get("id")).toList()));
            int made = 0;
            for (Map<String, Object> row : whole) {
                try {
                    made += merge(transaction, "write-nodes.cypher", List.of(row));
                } catch (ClientException e) {
                    if (Failure.canHeal(e)) {
                        throw e;
                    }
                    return new Ran.Refused(id(row), e);
                }
            }
            return new Ran.Made(made);
        });
    }

    /**
     * Makes placeholders where no node was seen.
     *
     * @return the ids of those that lost the compare-and-set, and were left
     */
    public Set<UUID> prepare(List<Map<String, Object>> rows) {
        return placeholders.leave(timestamp -> {
            Map<UUID, Map<String, Object>> untimed = byId(rows);
            untimed.replaceAll((id, row) -> {
                Map<String, Object> rest = new LinkedHashMap<>(row);
                rest.remove(Copy.TIMESTAMP);
                timestamp.ifPresent(time -> rest.put(Copy.TIMESTAMP, time));
                return rest;
            });
            return changed(write(untimed, Map.of(), (transaction, whole) ->
                    new Ran.Made(merge(transaction, "prepare-nodes.cypher", whole))));
        });
    }

    /** Tries again where others made nodes meanwhile; a placeholder of theirs is written over. */
    private NodesWritten write(Map<UUID, Map<String, Object>> rows, Map<UUID, List<GraphState>> seen,
            NodeQuery query) {
        Map<UUID, List<GraphState>> expected = new HashMap<>();
        rows.keySet().forEach(id -> expected.put(id, seen.getOrDefault(id, List.of())));
        Set<UUID> changed = new HashSet<>();
        while (changed.size() < rows.size()) {
            Set<UUID> some = new LinkedHashSet<>(rows.keySet());
            some.removeAll(changed);
            Optional<NodesWritten> written = writeOnce(rows, some, expected, query);
            if (written.isPresent() && written.get() instanceof NodesWritten.Done done) {
                changed.addAll(done.changed());
                return new NodesWritten.Done(changed);
            }
            if (written.isPresent()) {
                return written.get();
            }
            Map<UUID, List<GraphState>> there =
                    graph.states().of(some.stream().filter(id -> expected.get(id).isEmpty()).toList());
            if (there.isEmpty()) { // and gone again
                changed.addAll(some);
            }
            there.forEach((id, copies) -> {
                if (Placeholders.isOne(copies)) {
                    expected.put(id, copies);
                } else {
                    changed.add(id);
                }
            });
        }
        return new NodesWritten.Done(changed);
    }

    /**
     * Writes in one transaction. Locks keep others from nodes that are there. The number of nodes that the query makes
     * tells whether somebody else made one; then nothing is written, and there is no outcome.
     */
    private Optional<NodesWritten> writeOnce(Map<UUID, Map<String, Object>> rows, Set<UUID> ids,
            Map<UUID, List<GraphState>> expected, NodeQuery query) {
        return WriteTransaction.run(graph, journal, transaction -> {
            Held held = transaction.lock(ids.stream().filter(id -> !expected.get(id).isEmpty()).toList(), List.of());
            Set<UUID> unchanged = held.unchanged(ids, expected, kept);
            List<Change> changes = new ArrayList<>();
            List<Map<String, Object>> whole = new ArrayList<>();
            for (UUID id : unchanged) {
                List<Copy> before = held.copies(id);
                Value timestamp = Values.value(rows.get(id).get(Copy.TIMESTAMP));
                whole.add(Copy.withKept(rows.get(id), before, kept));
                changes.add(before.isEmpty() ? new Change.Made(false, id, timestamp)
                        : new Change.Changed(id, before.get(0), timestamp));
            }
            transaction.journal(changes);
            Ran ran = unchanged.isEmpty() ? new Ran.Made(0) : query.run(transaction, whole);
            if (ran instanceof Ran.Refused refused) {
                transaction.rollBack();
                return Optional.of(new NodesWritten.OneFails(refused.id(), refused.cause()));
            }
            long absent = changes.stream().filter(Change.Made.class::isInstance).count();
            if (((Ran.Made) ran).nodes() != absent) {
                transaction.rollBack();
                return Optional.empty();
            }
            Set<UUID> changed = new HashSet<>(ids);
            changed.removeAll(unchanged);
            return Optional.of(new NodesWritten.Done(changed));
        });
    }

    private static int merge(WriteTransaction transaction, String query, List<Map<String, Object>> rows) {
        return transaction.queries().run(query, Map.of("rows", rows)).counters().nodesCreated();
    }

    private static Map<UUID, Map<String, Object>> byId(Collection<Map<String, Object>> rows) {
        Map<UUID, Map<String, Object>> byId = new LinkedHashMap<>();
        rows.forEach(row -> byId.put(id(row), row));
        return byId;
    }

    private static UUID id(Map<String, Object> row) {
        return UUID.fromString((String) row.get("id"));
    }

    /** The outcome of a query that writes all rows at once: it throws where Neo4j refuses one. */
    private static Set<UUID> changed(NodesWritten written) {
        return ((NodesWritten.Done) written).changed();
    }

    /** Writes rows in a transaction. */
    private interface NodeQuery {
        Ran run(WriteTransaction transaction, List<Map<String, Object>> rows);
    }

    /** How the query went. */
    private sealed interface Ran {
        /** It made so many nodes. */
        record Made(int nodes) implements Ran {
        }

        /** Neo4j refused this one. */
        record Refused(UUID id, ClientException cause) implements Ran {
        }
    }
}
