package syncdata.check;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.neo4j.driver.AccessMode;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.Words;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.GraphSurvey;
import syncdata.store.Queries;

/** Examines Neo4j: its version, what the user may do, whether what the query files name is there, its indexes. */
final class GraphExamination {
    private final GraphStore graph;
    private final Queries queries;
    private final Diagnosis told;

    GraphExamination(GraphStore graph, Queries queries, Diagnosis told) {
        this.graph = graph;
        this.queries = queries;
        this.told = told;
    }

    /**
     * Tells what it finds.
     *
     * @param createIndexes whether indexes that are missing are made
     */
    void examine(boolean createIndexes) {
        DatabaseIdentity identity = graph.identity();
        told.ok("Neo4j", "version " + identity.version() + " answers at " + identity.host() + ", database "
                + identity.name());
        graph.survey().tryQueries(AccessMode.WRITE);
        GraphSurvey.Counts counts = graph.survey().counts();
        if (counts.nodes() == 0 && counts.allNodes() > 0) {
            told.problem("Neo4j, entities", "there are " + counts.allNodes()
                    + " nodes, but none of the label that the query files ask for",
                    "Connect to the platform's own database (NEO4J_DATABASE), or name its label in lib/queries.");
        } else if (counts.nodes() == 0) {
            told.warn("Neo4j, entities", "it is empty: a first run will fill it",
                    "If it should not be, check NEO4J_URI and NEO4J_DATABASE.");
        } else {
            Set<String> unknown = graph.survey().unknownNames();
            unknown.removeIf(name -> counts.relationships() == 0 && name.startsWith("relationship type"));
            if (unknown.isEmpty()) {
                told.ok("Neo4j, queries",
                        "every query file works, and each label, type and property in them is known here");
            } else {
                told.warn("Neo4j, queries", "the query files name what is not here: " + String.join(", ", unknown),
                        "If the graph names it otherwise, change that in lib/queries or with --queries.");
            }
            tryWriting();
        }
        indexes(createIndexes);
        GraphSurvey.Unidentified unidentified = graph.survey().unidentified();
        long withoutTimestamp = graph.query(queries.text("graph-census.cypher"), 10).values().stream()
                .mapToLong(row -> (Long) row.get(0)).sum();
        if (unidentified.withoutId() + unidentified.withOtherId() > 0) {
            told.warn("Neo4j, ids", Words.count(unidentified.withoutId()) + " nodes and relationships have no id, "
                    + Words.count(unidentified.withOtherId()) + " one that is no text",
                    "They belong to no entity, and are never touched. Find out who wrote them.");
        }
        if (withoutTimestamp > 0) {
            told.warn("Neo4j, timestamps", Words.count(withoutTimestamp)
                    + " nodes and relationships have an id and no last_updated_at",
                    "They are strange or not deleted: a run repairs them.");
        }
        if (unidentified.withoutId() + unidentified.withOtherId() + withoutTimestamp == 0) {
            told.ok("Neo4j, ids", "each of " + Words.count(counts.nodes()) + " nodes and "
                    + Words.count(counts.relationships()) + " relationships has an id and a last_updated_at");
        }
        told.clock("Neo4j", () -> ((ZonedDateTime) graph.query(queries.text("graph-clock.cypher"), 1).single()
                .get("clock")).toInstant());
    }

    private void tryWriting() {
        try {
            graph.survey().tryWriting();
            told.ok("Neo4j, privileges", "the user may read and write (tried, and rolled back)");
        } catch (RuntimeException e) {
            told.warn("Neo4j, privileges", "the user may not write: " + Failure.of(e).message(),
                    "A check works, a repair does not: connect as a user that may write to this database.");
        }
    }

    private void indexes(boolean create) {
        List<String> missing = graph.survey().missingIndexes();
        for (String statement : missing) {
            if (create) {
                graph.survey().createIndex(statement);
                told.ok("Neo4j, index", "made: " + statement);
            } else {
                told.warn("Neo4j, index", "one is missing that would make this faster; --create-indexes makes it",
                        statement);
            }
        }
        for (List<Object> row : graph.query(queries.text("indexes-not-ready.cypher"), 100).values()) {
            told.warn("Neo4j, index", row.get(0) + " is " + String.valueOf(row.get(1)).toLowerCase(Locale.ROOT) + ", "
                    + row.get(2) + " %", "Wait until it is online; if it failed, drop it and make it again.");
        }
        if (missing.isEmpty()) {
            told.ok("Neo4j, indexes", "all that are used are there");
        }
    }
}
