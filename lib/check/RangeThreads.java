package syncdata.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.run.Background;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.ReadingOrder;
import syncdata.store.SourcePages;
import syncdata.store.SourceStore;

/**
 * Checks several ranges at a time in threads of this process, at the pace of one run. Each thread has connections of
 * its own to PostgreSQL; those to Neo4j come from the driver's pool.
 */
public final class RangeThreads implements RangeWalker {
    private final Databases databases;
    private final int atATime;

    /** @param databases its own connections serve the first thread */
    public RangeThreads(Databases databases, int atATime) {
        this.databases = databases;
        this.atATime = atATime;
    }

    @Override
    public Walk begin(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left) {
        return new Threads(terms, began, left);
    }

    /** One thread's connections, and the check of its first range, which reads already. */
    private record Worker(Databases databases, RangeCheck first) {
    }

    private final class Threads implements Walk {
        private final CheckTerms terms;
        private final Snapshot began;
        private final List<Optional<IdRange>> left;
        private final List<SourceStore> opened = new ArrayList<>();
        private final List<Worker> workers = new ArrayList<>();
        private final AtomicInteger next;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final ExecutorService threads;
        private final SourcePages entities;

        Threads(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left) {
            this.terms = terms;
            this.began = began;
            this.left = left;
            this.entities = new SourcePages(databases, terms.selection().types(),
                    IdRange.around(left.stream().flatMap(Optional::stream).toList()), terms.batchSize(),
                    terms.comparison());
            int most = Math.min(atATime, left.size());
            next = new AtomicInteger(most);
            threads = Executors.newFixedThreadPool(most, Background.threads("range"));
            for (int i = 0; i < most; i++) {
                Databases own = i == 0 ? databases : ownConnections();
                workers.add(new Worker(own, new RangeCheck(own, terms, began, left.get(i), entities)));
            }
        }

        @Override
        public Optional<ReadingOrder.Decision> order() {
            return Optional.of(entities.decision());
        }

        @Override
        public void prepare(Progress progress) {
            entities.sort(progress);
        }

        @Override
        public RangeResult join(List<Checkpoint.Range> kept, Progress progress) {
            List<CompletableFuture<RangeResult>> parts = IntStream.range(0, workers.size())
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> work(i, kept, progress), threads)).toList();
            RangeResult all = RangeResult.none();
            for (CompletableFuture<RangeResult> part : parts) {
                try {
                    all = all.join(part.join());
                } catch (CompletionException e) {
                    failure.compareAndSet(null, e.getCause());
                }
            }
            if (failure.get() == null) {
                return all;
            }
            all.close();
            throw failure.get() instanceof RuntimeException cause ? cause : new CompletionException(failure.get());
        }

        @Override
        public void close() {
            threads.shutdown();
            workers.forEach(worker -> worker.first().close());
            entities.close();
            opened.forEach(SourceStore::close);
        }

        /** Checks the worker's first range, and then those that nobody has begun. */
        private RangeResult work(int worker, List<Checkpoint.Range> kept, Progress progress) {
            RangeResult result = RangeResult.none();
            try {
                result = result.join(workers.get(worker).first().run(kept.get(worker), progress, this::hasFailed));
                for (int i = next.getAndIncrement(); i < left.size() && !hasFailed(); i = next.getAndIncrement()) {
                    try (RangeCheck check =
                            new RangeCheck(workers.get(worker).databases(), terms, began, left.get(i), entities)) {
                        result = result.join(check.run(kept.get(i), progress, this::hasFailed));
                    }
                }
                return result;
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                result.close();
                throw e;
            }
        }

        private boolean hasFailed() {
            return failure.get() != null;
        }

        private Databases ownConnections() {
            Databases own = databases.another();
            opened.add(own.source());
            return own;
        }
    }
}
