package syncdata.check;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.run.Background;
import syncdata.store.Databases;
import syncdata.store.GraphStore;
import syncdata.store.Pace;
import syncdata.store.PageReader;
import syncdata.store.SourcePages;

/** The streams of both databases that are walked side by side. They begin to read at once. */
final class Readers implements AutoCloseable {
    private final ExecutorService threads;
    private final EntityStream entities;
    private final List<EntityStream> copies;

    /** @param copies what gives pages of Neo4j, by what an error calls it */
    private Readers(IdRange range, PageReader entities, Map<String, PageReader> copies) {
        this.threads = Executors.newFixedThreadPool(2 * (copies.size() + 1), Background.threads("reader"));
        this.entities = new EntityStream("Entities of PostgreSQL", false, entities, range, threads);
        this.copies = copies.entrySet().stream()
                .map(copy -> new EntityStream(copy.getKey(), true, copy.getValue(), range, threads)).toList();
    }

    /**
     * All of a range that has a timestamp.
     *
     * @param entities what reads both databases alike
     */
    static Readers all(Databases databases, IdRange range, SourcePages entities) {
        GraphStore graph = databases.graph();
        return new Readers(range, entities.of(databases.source(), range),
                Map.of("Nodes of Neo4j", entities.nodes(graph, range),
                        "Relationships of Neo4j", entities.relationships(graph, range)));
    }

    /** What of a range has none in Neo4j. */
    static Readers withoutTimestamp(Databases databases, CheckTerms terms, IdRange range) {
        Pace pace = databases.pace();
        GraphStore graph = databases.graph();
        int batchSize = terms.batchSize();
        return new Readers(range, PageReader.End::new,
                Map.of("Nodes of Neo4j without a timestamp",
                        graph.nodesWithoutTimestamp(pace.pages(batchSize), range),
                        "Relationships of Neo4j without a timestamp",
                        graph.relationshipsWithoutTimestamp(pace.pages(batchSize), range)));
    }

    /** Begins to walk them. */
    Walk walk(Selection selection) {
        return new Walk(entities, copies, selection);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
