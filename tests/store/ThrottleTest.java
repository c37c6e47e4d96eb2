package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.run.Background;
import syncdata.run.Stop;

class ThrottleTest {
    private final Stop stop = new Stop();
    private Throttle throttle = new Throttle(stop, 0.25);

    @Test
    @DisplayName("While others are at work a query is for few entities")
    void whileOthersAreAtWorkAQueryIsForFewEntities() {
        assertEquals(1000, throttle.most(1000));
        throttle.share(true);
        assertEquals(250, throttle.most(1000));
        assertEquals(100, throttle.most(100));
        throttle.share(false);
        assertEquals(1000, throttle.most(1000));
    }

    @Test
    @DisplayName("Queries run side by side while nobody else is at work")
    void queriesRunSideBySideWhileNobodyElseIsAtWork() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<CompletableFuture<Integer>> queries = inThreads(2, () -> {
            await(together);
            return 1;
        });
        for (CompletableFuture<Integer> query : queries) {
            query.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("Queries go one at a time and rest while others are at work")
    void queriesGoOneAtATimeAndRestWhileOthersAreAtWork() {
        throttle.share(true);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        long started = System.nanoTime();
        inThreads(6, () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            sleep(10);
            return running.decrementAndGet();
        }).forEach(CompletableFuture::join);
        assertEquals(1, most.get());
        long took = Duration.ofNanos(System.nanoTime() - started).toMillis();
        assertTrue(took >= 6 * 10 + 5 * 30, took + " ms for 60 ms of work, a quarter of the time");
    }

    @Test
    @DisplayName("A query within another is part of that one")
    void aQueryThatAnotherNeedsIsAPartOfIt() throws Exception {
        throttle.share(true);
        assertEquals(7, CompletableFuture.supplyAsync(() -> throttle.run(() -> {
            sleep(50);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> throttle.run(() -> 1));
            long before = System.nanoTime();
            int inner = throttle.run(() -> 7);
            assertTrue(System.nanoTime() - before < 50_000_000, "rested in the middle of a query");
            assertFalse(waiting.isDone());
            return inner;
        })).get(10, TimeUnit.SECONDS));
    }

    @Test
    void aStopEndsTheRest() {
        throttle = new Throttle(stop, 0.01);
        throttle.share(true);
        throttle.run(() -> sleep(60)); // the rest would be 5 s
        stop.request(Stop.Reason.INTERRUPTED);
        long before = System.nanoTime();
        throttle.run(() -> 1);
        assertTrue(System.nanoTime() - before < 2_000_000_000L);
    }

    @Test
    @DisplayName("Only the time of queries counts as spent")
    void whatIsSpentIsTheTimeOfQueriesAlone() {
        throttle.share(true);
        throttle.run(() -> sleep(20));
        throttle.run(() -> throttle.run(() -> sleep(20))); // behind 60 ms of rest
        long spent = Duration.ofNanos(throttle.spent()).toMillis();
        assertTrue(spent >= 40 && spent < 90, spent + " ms");
    }

    private List<CompletableFuture<Integer>> inThreads(int count, Supplier<Integer> query) {
        ExecutorService threads = Executors.newFixedThreadPool(count, Background.threads("query"));
        return Stream.generate(() -> CompletableFuture.supplyAsync(() -> throttle.run(query), threads)).limit(count)
                .toList();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int sleep(int millis) {
        try {
            Thread.sleep(millis);
            return millis;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
