import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import syncdata.Databases;
import syncdata.EntityPage;
import syncdata.Selection;

/** (d) Reads every page that a check reads, in as many threads, and compares nothing: the least that a check can take. */
record Drain(Databases databases, int entities, int batchSize) {

    void run() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            int pages = 0;
            for (Future<Integer> read : readers.invokeAll(List.of(
                    all(databases.source().pages(batchSize, Selection.ALL.types())),
                    all(databases.graph().nodes(batchSize)),
                    all(databases.graph().relationships(batchSize))))) {
                pages += read.get();
            }
            if ((long) pages * batchSize < 2L * entities) {
                throw new IllegalStateException("only " + pages + " pages were read");
            }
        } finally {
            readers.shutdown();
        }
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
