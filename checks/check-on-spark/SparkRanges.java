import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import syncdata.check.CheckTerms;
import syncdata.check.Checkpoint;
import syncdata.check.RangeResult;
import syncdata.check.RangeTask;
import syncdata.check.RangeWalker;
import syncdata.rules.IdRange;
import syncdata.rules.Snapshot;
import syncdata.run.Ending;
import syncdata.run.EndingException;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.store.Databases;

/** Checks ranges as the tasks of Spark jobs, whose answers are joined one by one as they come. */
final class SparkRanges implements RangeWalker {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final SparkConf conf;
    private final Databases databases;
    private final TaskConnection connection;
    private final Events events;

    SparkRanges(SparkConf conf, Databases databases, TaskConnection connection, Events events) {
        this.conf = conf;
        this.databases = databases;
        this.connection = connection;
        this.events = events;
    }

    @Override
    public Walk begin(CheckTerms terms, Snapshot began, List<Optional<IdRange>> left) {
        JavaSparkContext spark = new JavaSparkContext(conf);
        if (spark.isLocal()) {
            TaskDatabases.share(databases);
        }
        return new SparkWalk(spark, terms, began);
    }

    private final class SparkWalk implements Walk {
        private final JavaSparkContext spark;
        private final CheckTerms terms;
        private final Snapshot began;
        private RangeResult all = RangeResult.none();
        private volatile Optional<Ending> failure = Optional.empty();

        SparkWalk(JavaSparkContext spark, CheckTerms terms, Snapshot began) {
            this.spark = spark;
            this.terms = terms;
            this.began = began;
        }

        @Override
        public RangeResult join(List<Checkpoint.Range> kept, Progress progress) {
            for (Checkpoint.Range range : kept) {
                if (range.before().upTo().isPresent()) {
                    all = all.join(RangeTask.again(databases, terms, began, range, progress));
                }
            }
            // Of a range in which very much differs, a task checks a part; the next job goes on there.
            for (List<Checkpoint.Range> open = open(kept); !open.isEmpty() && !databases.pace().isStopping();
                    open = open(kept)) {
                run(open, progress);
            }
            close(); // what is left to do takes one process
            return all;
        }

        @Override
        public void close() {
            spark.close();
            TaskDatabases.close();
        }

        private static List<Checkpoint.Range> open(List<Checkpoint.Range> ranges) {
            return ranges.stream().filter(range -> range.left().isPresent()).toList();
        }

        /** A task that is tried again, or runs twice, answers once: Spark gives the first answer of each. */
        private void run(List<Checkpoint.Range> open, Progress progress) {
            Function1<Iterator<Work>, Answer> task =
                    (Function1<Iterator<Work>, Answer> & Serializable) work -> work.next().answer();
            Function2<Object, Answer, BoxedUnit> take = (number, answer) -> {
                if (answer instanceof Answer.Failed failed) {
                    failure = Optional.of(failed.ending());
                } else if (answer instanceof Answer.Found found) {
                    all = all.join(RangeTask.take(found.packed(), open.get((int) number), progress));
                }
                return BoxedUnit.UNIT;
            };
            List<Work> work = open.stream().map(range ->
                    new Work(new RangeTask(terms, began, range.left().orElseThrow()), connection)).toList();
            List<Object> numbers = new ArrayList<>(IntStream.range(0, work.size()).boxed().toList());
            Seq<Object> partitions = CollectionConverters.asScala(numbers).toSeq();
            waitFor(spark.sc().submitJob(spark.parallelize(work, work.size()).rdd(), task, partitions, take,
                    () -> BoxedUnit.UNIT));
        }

        /** Where it is to stop, tasks of this process end by themselves, with what they have. */
        private void waitFor(SimpleFutureAction<BoxedUnit> job) {
            boolean stopped = false;
            long warnAt = System.nanoTime() + SOON.toNanos();
            while (!job.isCompleted()) {
                stopped |= databases.pace().isStopping() && !spark.isLocal();
                if (stopped || failure.isPresent()) {
                    job.cancel();
                }
                if (System.nanoTime() - warnAt > 0 && !hasExecutors()) {
                    events.warning(Events.Logger.CHECK, "Spark has given nothing to run on yet",
                            Map.of("master", spark.master()));
                    warnAt = System.nanoTime() + SOON.toNanos();
                }
                pause();
            }
            if (failure.isPresent()) {
                all.close();
                throw new EndingException(failure.get());
            }
            if (!stopped && job.value().get().isFailure()) {
                all.close();
                Throwable cause = job.value().get().failed().get();
                throw new IllegalStateException("Spark gave up: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                        + " (--verbose shows its log)", cause);
            }
        }

        private boolean hasExecutors() {
            return spark.isLocal() || spark.sc().getExecutorMemoryStatus().size() > 1; // the driver is one
        }

        private static void pause() {
            try {
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for Spark", e);
            }
        }
    }
}
