import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import syncdata.Databases;
import syncdata.EntityPage;
import syncdata.PageSize;
import syncdata.Selection;

/** (d) Reads every page that a check reads, in as many threads, and compares nothing: the least that a check can take. */
record Drain(Databases databases, int entities, int batchSize) {

    void run() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            int pages = 0;
            for (Future<Integer> read : readers.invokeAll(List.of(
                    all(databases.source().pages(size(), Selection.ALL.types(), null)),
                    all(databases.graph().nodes(size(), null)),
                    all(databases.graph().relationships(size(), null))))) {
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

    private static Callable<Integer> all(Supplier<EntityPage> reader) {
        return () -> {
            int pages = 0;
            while (reader.get() != null) {
                pages++;
            }
            return pages;
        };
    }
}
