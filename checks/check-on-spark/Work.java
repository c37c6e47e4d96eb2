import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import syncdata.check.RangeTask;
import syncdata.run.Ending;
import syncdata.run.ExitCode;
import syncdata.store.ConnectionSettings;
import syncdata.store.Databases;
import syncdata.store.Failure;

/** One task: it travels with what it works on, of which Spark keeps no copy in a file. */
record Work(RangeTask task, TaskConnection connection) implements Serializable {

    Answer answer() {
        TaskContext context = TaskContext.get();
        Optional<Databases> own = Optional.empty();
        try {
            own = Optional.of(TaskDatabases.take(connection));
            byte[] found = task.answer(own.get(), context::isInterrupted);
            TaskDatabases.giveBack(own.get());
            return new Answer.Found(found);
        } catch (RuntimeException e) {
            own.ifPresent(TaskDatabases::close);
            Failure failure = Failure.of(e);
            if (failure.exitCode() == ExitCode.FAULT) {
                throw e; // Spark tries again
            }
            return new Answer.Failed(TaskDatabases.areShared() ? new Ending(failure.exitCode(), failure.message())
                    : onThisHost(failure));
        }
    }

    private Ending onThisHost(Failure failure) {
        boolean mayLackPassword = failure.exitCode() == ExitCode.UNREACHABLE
                && connection.secrets().equals(ConnectionSettings.Secrets.NONE);
        return new Ending(failure.exitCode(), failure.message() + "; so it is on "
                + SparkEnv.get().blockManager().blockManagerId().host() + (mayLackPassword
                ? ", which has to know the passwords by itself: docs/spark.md says why, and how" : ""));
    }
}
