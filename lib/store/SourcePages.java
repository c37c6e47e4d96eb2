package syncdata.store;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import syncdata.rules.Comparison;
import syncdata.rules.IdRange;
import syncdata.run.Background;
import syncdata.run.InputException;
import syncdata.run.Progress;

/**
 * PostgreSQL's entities in the order of their ids, for one check. They are read in that order, or in the order of
 * blocks and then sorted. Any number of readers may read them at the same time.
 */
public final class SourcePages implements AutoCloseable {
    private final SourceStore source;
    private final Pace pace;
    private final EntityLayout layout;
    private final EntityPart part;
    private final ReadingOrder.Decision decision;
    /** Empty where none are asked for, or where they are not read in blocks. */
    private final Optional<SourceContents> contents;
    // All ranges learn together how large their pages may be.
    private final PageSize pages;
    private final PageSize pagesOfNodes;
    private final PageSize pagesOfRelationships;
    /** Completed once they are sorted; empty where they are not, or the run stopped before. */
    private final CompletableFuture<Optional<SortedEntities>> sorted = new CompletableFuture<>();

    /**
     * Decides on the order. Nothing is read yet.
     *
     * @param batchSize  entities that are compared at a time
     * @param ranges     how many ranges of them are read at the same time
     * @param comparison whether their contents are compared too
     * @throws InputException if they are to be sorted, and there is no room for that
     */
    public SourcePages(Databases databases, EntityPart part, int batchSize, int ranges, Comparison comparison) {
        this.source = databases.source();
        this.pace = databases.pace();
        this.part = part;
        this.layout = source.survey().layout();
        ReadingOrder.Decision ofContents = source.readingOrderOfContents(layout, pace.hasRate(), part.range().share());
        this.contents = comparison == Comparison.CONTENT && ofContents.order() == ReadingOrder.BLOCKS
                ? source.contents() : Optional.empty();
        this.decision = contents.isPresent() ? ofContents
                : source.readingOrder(layout, part.types().isEmpty(), pace.hasRate(), part.range().share());
        this.pages = pace.pages(batchSize);
        this.pagesOfNodes = pagesOfGraph(batchSize, ranges);
        this.pagesOfRelationships = pagesOfGraph(batchSize, ranges);
        if (isSorted()) {
            SortedEntities.requireRoom(decision.entities(), contents.isPresent());
        } else {
            sorted.complete(Optional.empty());
        }
    }

    /** The order in which they are read, and why. */
    public ReadingOrder.Decision decision() {
        return decision;
    }

    /** Whether all are read and sorted before the first page. */
    public boolean isSorted() {
        return decision.order() == ReadingOrder.BLOCKS;
    }

    /**
     * Reads and sorts all, unless they are read in the order of ids. Readers wait for it.
     *
     * @param progress is told of each entity
     */
    public void sort(Progress progress) {
        if (!isSorted()) {
            return;
        }
        SortedEntities entities = new SortedEntities(contents.isPresent());
        try {
            boolean all = new BlockPass(source, pace, layout, part, contents).read(page -> {
                entities.add(page);
                progress.advance(page.size());
                return true;
            });
            entities.finish();
            sorted.complete(Optional.of(entities).filter(any -> all));
        } catch (RuntimeException e) {
            sorted.completeExceptionally(e);
            entities.close();
            throw e;
        }
        if (sorted.join().isEmpty()) {
            entities.close();
        }
    }

    /**
     * Reads a range.
     *
     * @param reader whose connections are used where they are not sorted
     */
    public PageReader of(SourceStore reader, IdRange range) {
        return isSorted() ? new WhenSorted(range.first()) : reader.pages(pages, part.types(), range);
    }

    /** A reader of Neo4j's nodes in a range, with their contents where PostgreSQL's are read. */
    public PageReader nodes(GraphStore graph, IdRange range) {
        return graph.nodes(pagesOfNodes, range, projections());
    }

    /** Likewise of its relationships. */
    public PageReader relationships(GraphStore graph, IdRange range) {
        return graph.relationships(pagesOfRelationships, range, projections());
    }

    private PageSize pagesOfGraph(int batchSize, int ranges) {
        return contents.isPresent() ? pace.contentPages(batchSize) : pace.pages(batchSize, ranges);
    }

    private Optional<Projections> projections() {
        return contents.map(SourceContents::projections);
    }

    @Override
    public void close() {
        sorted.complete(Optional.empty());
        if (!sorted.isCompletedExceptionally()) {
            sorted.join().ifPresent(SortedEntities::close);
        }
    }

    /** Waits until all are sorted. */
    private final class WhenSorted implements PageReader {
        private final UUID first;
        private Optional<PageReader> reader = Optional.empty();

        WhenSorted(UUID first) {
            this.first = first;
        }

        @Override
        public Answer next() {
            if (reader.isEmpty()) {
                reader = Optional.of(Background.join(sorted).map(all -> all.from(first)).orElse(End::new));
            }
            return reader.get().next();
        }
    }
}
