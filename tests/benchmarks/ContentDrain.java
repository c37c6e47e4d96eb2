import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import syncdata.store.Databases;
import syncdata.store.GraphStates;
import syncdata.store.SourceProjection;

/**
 * (i) Reads every page that a check of the content reads, and beside that the content of every entity by the same
 * queries, two batches at a time, and compares nothing: the least that such a check can take.
 *
 * @param entities  ids of those that are no relations, ascending
 * @param relations of those that are
 */
record ContentDrain(Databases databases, Drain pages, List<UUID> entities, List<UUID> relations, int batchSize) {
    private static final int AT_A_TIME = 2;

    static ContentDrain of(Databases databases, PlainStores stores, Drain pages, int batchSize) throws SQLException {
        return new ContentDrain(databases, pages, ids(stores, "<>"), ids(stores, "="), batchSize);
    }

    private static List<UUID> ids(PlainStores stores, String relation) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (Statement statement = stores.postgres().createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id FROM entity WHERE data->>'type' " + relation + " 'relation' ORDER BY id")) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        return ids;
    }

    void run() throws InterruptedException, ExecutionException {
        ExecutorService readers = Executors.newFixedThreadPool(AT_A_TIME + 1);
        try {
            List<Callable<Integer>> content = batches();
            AtomicInteger next = new AtomicInteger();
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                all.add(() -> {
                    int read = 0;
                    for (int batch = next.getAndIncrement(); batch < content.size(); batch = next.getAndIncrement()) {
                        read += content.get(batch).call();
                    }
                    return read;
                });
            }
            all.add(() -> {
                pages.run();
                return 0;
            });
            int read = 0;
            for (Future<Integer> some : readers.invokeAll(all)) {
                read += some.get();
            }
            if (read != 2 * (entities.size() + relations.size())) {
                throw new IllegalStateException("only " + read + " rows and copies were read");
            }
        } finally {
            readers.shutdown();
        }
    }

    private List<Callable<Integer>> batches() {
        SourceProjection rows = databases.source().projection();
        GraphStates copies = databases.graph().states();
        List<Callable<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < entities.size(); from += batchSize) {
            List<UUID> ids = entities.subList(from, Math.min(entities.size(), from + batchSize));
            batches.add(() -> rows.largeRows(ids).size() + copies.ofNodes(ids).size()
                    + rows.entityProperties(ids).size());
        }
        for (int from = 0; from < relations.size(); from += batchSize) {
            List<UUID> ids = relations.subList(from, Math.min(relations.size(), from + batchSize));
            batches.add(() -> rows.largeRows(ids).size() + copies.ofRelationships(ids).size()
                    + rows.relationProperties(ids).size());
        }
        return batches;
    }
}
