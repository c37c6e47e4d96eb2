import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import syncdata.rules.Comparison;
import syncdata.rules.IdRange;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.EntityPart;
import syncdata.store.SourcePages;

/**
 * (o) Reads every page that a check of the content reads, by the same queries and in as many threads, sorts
 * PostgreSQL's, and compares nothing: the least that such a check can take.
 */
record ContentDrain(Databases databases, int entities, int batchSize) {
    private static final int LARGEST_PAGE = 20_000;

    void run() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newCachedThreadPool();
        try (SourcePages pages =
                new SourcePages(databases, EntityPart.ALL, batchSize, 1, Comparison.CONTENT)) {
            Callable<Integer> source = () -> {
                pages.sort(new Progress());
                return Drain.all(pages.of(databases.source(), IdRange.ALL), readers).call();
            };
            int read = 0;
            for (Future<Integer> some : readers.invokeAll(List.of(source,
                    Drain.all(pages.nodes(databases.graph(), IdRange.ALL), readers),
                    Drain.all(pages.relationships(databases.graph(), IdRange.ALL), readers)))) {
                read += some.get();
            }
            if (read < 2L * entities / LARGEST_PAGE) {
                throw new IllegalStateException("only " + read + " pages were read");
            }
        } finally {
            readers.shutdown();
        }
    }
}
