package syncdata.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.run.Background;
import syncdata.run.HostLoad;
import syncdata.run.Progress;
import syncdata.store.Databases;
import syncdata.store.EntityPart;
import syncdata.store.ReadingOrder;
import syncdata.store.SourcePages;
import syncdata.store.SourceStore;

/**
 * Checks several ranges at a time in threads of this process, at the pace of one run. Each thread has connections of
 * its own to PostgreSQL; those to Neo4j come from the driver's pool. There are no more threads than processors, until
 * this host proves to have processors to spare: where it has none, more threads would only take turns.
 */
public final class RangeThreads implements RangeWalker {
    /** How long the threads that there are work before another one may begin. */
    private static final Duration BETWEEN_THREADS = Duration.ofMillis(250);
    /** The share of its processors' time from which on this host has none to spare. */
    private static final double BUSY = 0.8;

    private final Databases databases;
    private final int atATime;
    private final Supplier<DoubleSupplier> loads;

    /** @param databases its own connections serve the first thread */
    public RangeThreads(Databases databases, int atATime) {
        this(databases, atATime, HostLoad::new);
    }

    /** @param loads gives what tells how busy this host is, as {@link HostLoad} does */
    RangeThreads(Databases databases, int atATime, Supplier<DoubleSupplier> loads) {
        this.databases = databases;
        this.atATime = atATime;
        this.loads = loads;
    }

    @Override
    public Walk begin(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left) {
        return new Threads(terms, began, left);
    }

    /**
     * One thread.
     *
     * @param databases its connections
     * @param first     the number of its first range
     * @param check     of that range, which reads already
     */
    private record Worker(Databases databases, int first, RangeCheck check) {
    }

    private final class Threads implements Walk {
        private final CheckTerms terms;
        private final Snapshot began;
        private final List<Optional<IdRange>> left;
        private final List<SourceStore> opened = new ArrayList<>();
        private final List<Worker> workers = new ArrayList<>();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final ExecutorService threads;
        private final SourcePages entities;

        Threads(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left) {
            this.terms = terms;
            this.began = began;
            this.left = left;
            this.entities = new SourcePages(databases, new EntityPart(terms.selection().types(),
                    IdRange.around(left.stream().flatMap(Optional::stream).toList())), terms.batchSize(), most(),
                    terms.comparison());
            threads = Executors.newFixedThreadPool(most(), Background.threads("range"));
            addWorker(databases);
            while (workers.size() < Math.min(most(), Runtime.getRuntime().availableProcessors())) {
                addWorker(ownConnections());
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
            RangeResult all = RangeResult.none();
            for (CompletableFuture<RangeResult> part : begin(kept, progress)) {
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
            workers.forEach(worker -> worker.check().close());
            entities.close();
            opened.forEach(SourceStore::close);
        }

        private int most() {
            return Math.min(atATime, left.size());
        }

        private boolean isLeft() {
            return workers.size() < most() && next.get() < left.size() && !hasFailed();
        }

        /** Begins the work of all threads, of some only when this host is seen to have processors to spare. */
        private List<CompletableFuture<RangeResult>> begin(List<Checkpoint.Range> kept, Progress progress) {
            List<CompletableFuture<RangeResult>> parts = new ArrayList<>();
            workers.forEach(worker -> parts.add(begin(worker, kept, progress)));
            if (isLeft()) {
                DoubleSupplier load = loads.get();
                while (isLeft() && !endsSoon(parts)) {
                    if (load.getAsDouble() < BUSY) {
                        parts.add(beginAnother(kept, progress));
                    }
                }
            }
            return parts;
        }

        /** Fails as the part that could not begin. */
        private CompletableFuture<RangeResult> beginAnother(List<Checkpoint.Range> kept, Progress progress) {
            try {
                return addWorker(ownConnections()).map(worker -> begin(worker, kept, progress))
                        .orElseGet(() -> CompletableFuture.completedFuture(RangeResult.none()));
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
                return CompletableFuture.failedFuture(e);
            }
        }

        private CompletableFuture<RangeResult> begin(Worker worker, List<Checkpoint.Range> kept, Progress progress) {
            return CompletableFuture.supplyAsync(() -> work(worker, kept, progress), threads);
        }

        private boolean endsSoon(List<CompletableFuture<RangeResult>> parts) {
            return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).handle((all, failed) -> true)
                    .completeOnTimeout(false, BETWEEN_THREADS.toMillis(), TimeUnit.MILLISECONDS).join();
        }

        /** Adds a thread for the next range that nobody has begun, if there is one. */
        private Optional<Worker> addWorker(Databases own) {
            int range = next.getAndIncrement();
            if (range >= left.size()) {
                return Optional.empty();
            }
            workers.add(new Worker(own, range, check(own, range)));
            return Optional.of(workers.get(workers.size() - 1));
        }

        private RangeCheck check(Databases own, int range) {
            return new RangeCheck(own, terms, began, left.get(range), entities);
        }

        /** Checks the worker's first range, and then those that nobody has begun. */
        private RangeResult work(Worker worker, List<Checkpoint.Range> kept, Progress progress) {
            RangeResult result = RangeResult.none();
            try {
                result = result.join(worker.check().run(kept.get(worker.first()), progress, this::hasFailed));
                for (int i = next.getAndIncrement(); i < left.size() && !hasFailed(); i = next.getAndIncrement()) {
                    try (RangeCheck check = check(worker.databases(), i)) {
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
