package syncdata.store;

import java.io.UncheckedIOException;
import syncdata.run.Ending;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.RefusedException;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;

/**
 * What an exception means to an operator.
 *
 * @param message one line: what was wrong and what to do
 * @param concern whom it concerns
 */
public record Failure(ExitCode exitCode, String message, Concern concern) {

    /** Reads the chain of causes. */
    public static Failure of(Throwable thrown) {
        return Ending.find(thrown, UnfinishedException.class).map(e -> of(e.getCause()).with("; " + Ending.line(e) + "; it is safe to run again"))
                .or(() -> Ending.find(thrown, GaveUpException.class).map(Failure::ofGivingUp))
                .or(() -> Ending.find(thrown, InputException.class).map(e -> whole(ExitCode.INVALID_INPUT, e)))
                .or(() -> Ending.find(thrown, RefusedException.class).map(e -> whole(ExitCode.REFUSED, e)))
                .or(() -> Ending.find(thrown, UncheckedIOException.class).map(e -> whole(ExitCode.FAULT, e)))
                .orElseGet(() -> FailureKind.of(thrown).failure(thrown));
    }

    /** The same exception with what was done so far, where it is a database that cannot be reached any more. */
    public static RuntimeException unfinished(RuntimeException failure, String soFar) {
        boolean gaveUp = of(failure).exitCode() == ExitCode.UNREACHABLE || failure instanceof GaveUpException;
        return gaveUp ? new UnfinishedException(soFar, failure) : failure;
    }

    /** Whether nothing else can succeed either: so too where a database is gone, whether or not it comes back. */
    public boolean endsTheRun() {
        return concern == Concern.WHOLE_RUN || concern == Concern.HEALS && exitCode == ExitCode.UNREACHABLE;
    }

    /** What happened, in one line and without advice. */
    static String cause(Throwable thrown) {
        return FailureKind.of(thrown).said(thrown);
    }

    /** Whether the same may succeed a little later. */
    static boolean canHeal(Throwable thrown) {
        return FailureKind.of(thrown).concern() == Concern.HEALS;
    }

    /** Whether Neo4j ended a transaction for another's sake, each having waited for the other. */
    static boolean isDeadlock(Throwable thrown) {
        return FailureKind.of(thrown) == FailureKind.NEO4J_ENDED_A_DEADLOCK;
    }

    private static Failure ofGivingUp(GaveUpException e) {
        Failure failure = of(e.getCause());
        return new Failure(e.stopped().map(Stop.Reason::exitCode).orElse(ExitCode.UNREACHABLE),
                failure.message() + "; tried again for " + TimeSpan.text(e.after()), Concern.WHOLE_RUN);
    }

    private static Failure whole(ExitCode exitCode, Exception e) {
        return new Failure(exitCode, Ending.line(e), Concern.WHOLE_RUN);
    }

    private Failure with(String more) {
        return new Failure(exitCode, message + more, concern);
    }
}
