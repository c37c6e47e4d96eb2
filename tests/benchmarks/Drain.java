import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.store.Databases;
import syncdata.store.PageReader;
import syncdata.store.PageSize;

/**
 * (d) Reads every page that a check reads, in as many threads, and compares nothing: the least that a check can take.
 */
record Drain(Databases databases, int entities, int batchSize) {

    void run() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newCachedThreadPool();
        try {
            int pages = 0;
            for (Future<Integer> read : readers.invokeAll(List.of(
                    all(databases.source().pages(size(), Selection.ALL.types(), IdRange.ALL), readers),
                    all(databases.graph().nodes(size(), IdRange.ALL), readers),
                    all(databases.graph().relationships(size(), IdRange.ALL), readers)))) {
                pages += read.get();
            }
            if ((long) pages * batchSize < 2L * entities) {
                throw new IllegalStateException("only " + pages + " pages were read");
            }
        } finally {
            readers.shutdown();
        }
    }

    private PageSize size() {
        return new PageSize(batchSize, Duration.ofSeconds(1));
    }

    /** Unpacks each page beside the reading of the next, as a check does. */
    static Callable<Integer> all(PageReader reader, Executor executor) {
        return () -> {
            int pages = 0;
            CompletableFuture<Void> unpacked = CompletableFuture.completedFuture(null);
            while (reader.next() instanceof PageReader.Page page) {
                unpacked = unpacked.thenRunAsync(page::unpacked, executor);
                pages++;
            }
            unpacked.join();
            return pages;
        };
    }
}
