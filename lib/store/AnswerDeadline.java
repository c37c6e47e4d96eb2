package syncdata.store;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.ServiceUnavailableException;
import org.neo4j.driver.exceptions.TransientException;
import syncdata.run.Background;

/** A deadline for the answers of Neo4j. The driver itself would wait forever. */
final class AnswerDeadline {
    private static final ScheduledExecutorService ALARMS =
            Executors.newSingleThreadScheduledExecutor(Background.threads("no-answer"));
    private static final ExecutorService READS = Executors.newCachedThreadPool(Background.threads("graph-read"));

    private final String host;
    private final long millis;

    /**
     * @param host         of the server, for errors
     * @param queryTimeout how long the server may work on one query
     */
    AnswerDeadline(String host, Duration queryTimeout) {
        this.host = host;
        this.millis = ConnectionSettings.waitFor(queryTimeout).toMillis();
    }

    /**
     * Reads on a thread of its own. If no answer comes in time, that thread is abandoned: an interrupt would not end
     * it, since the driver, in the middle of a result, asks the silent server to reset the connection.
     *
     * @throws TooLargeException if the server has not the memory for the query
     */
    <T> T readApart(Supplier<T> read) {
        Future<T> answer = READS.submit(read::get);
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Neo4jException cause ? explained(cause) : (RuntimeException) e.getCause();
        } catch (TimeoutException e) {
            throw new ServiceUnavailableException(host + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        } finally {
            answer.cancel(true);
        }
    }

    /**
     * Waits on this thread, which is interrupted at the deadline: the driver then closes its connection. The interrupt
     * is repeated, since the driver may wait for another connection next.
     *
     * @throws TooLargeException if the server has not the memory for the query
     */
    <T> T await(Supplier<T> answer) {
        Thread waiting = Thread.currentThread();
        AtomicBoolean answered = new AtomicBoolean();
        ScheduledFuture<?> alarm = ALARMS.scheduleAtFixedRate(() -> {
            synchronized (answered) {
                if (!answered.get()) {
                    waiting.interrupt();
                }
            }
        }, millis, millis, TimeUnit.MILLISECONDS);
        try {
            return answer.get();
        } catch (Neo4jException e) {
            throw explained(e);
        } finally {
            synchronized (answered) {
                answered.set(true);
                Thread.interrupted();
            }
            alarm.cancel(false);
        }
    }

    /** The same for an answer without a value. */
    void await(Runnable answer) {
        await(() -> {
            answer.run();
            return null;
        });
    }

    private static RuntimeException explained(Neo4jException e) {
        return isOutOfMemory(e) ? new TooLargeException(e) : e;
    }

    private static boolean isOutOfMemory(Neo4jException e) {
        return e instanceof TransientException
                && (e.code().contains("OutOfMemory") || e.code().contains("MemoryLimit"));
    }
}
