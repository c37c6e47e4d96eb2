package syncdata.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/** The request that a run ends early, after its current batch: from a signal, or since its time is up. */
public final class Stop {
    /** Why a run is to end early. */
    public enum Reason {
        INTERRUPTED("SIGINT", ExitCode.INTERRUPTED),
        TERMINATED("SIGTERM", ExitCode.TERMINATED),
        TIME_UP("--run-time is over", ExitCode.DIFFERENCES_LEFT);

        private final String label;
        private final ExitCode exitCode;

        Reason(String label, ExitCode exitCode) {
            this.label = label;
            this.exitCode = exitCode;
        }

        /** A few words for an event. */
        public String label() {
            return label;
        }

        /** How the run ends; where its time was up, what is left unchecked counts as a difference. */
        public ExitCode exitCode() {
            return exitCode;
        }
    }

    private final CountDownLatch requested = new CountDownLatch(1);
    private volatile Reason reason;
    private volatile boolean signalled;
    private volatile long end = Long.MAX_VALUE;

    /** Requests the end. The first reason counts. */
    public synchronized void request(Reason wanted) {
        if (reason == null) {
            reason = wanted;
            requested.countDown();
        }
    }

    /** Takes SIGINT and SIGTERM as requests. The second signal ends the process at once. */
    public void onSignals() {
        Signal.handle(new Signal("INT"), signal -> signalled(Reason.INTERRUPTED));
        Signal.handle(new Signal("TERM"), signal -> signalled(Reason.TERMINATED));
    }

    private void signalled(Reason wanted) {
        if (signalled) {
            System.exit(wanted.exitCode().code());
        }
        signalled = true;
        request(wanted);
    }

    /** Requests the end for when this time has passed. */
    public void after(Duration runTime) {
        end = System.nanoTime() + runTime.toNanos();
    }

    /** Whether the run is to end. */
    public boolean isRequested() {
        if (reason == null && end != Long.MAX_VALUE && System.nanoTime() - end >= 0) {
            request(Reason.TIME_UP);
        }
        return reason != null;
    }

    /** Why the run is to end, if it is. */
    public Optional<Reason> reason() {
        return isRequested() ? Optional.of(reason) : Optional.empty();
    }

    /** Waits, but no longer than the run may last. */
    public void pause(Duration time) {
        long nanos = end == Long.MAX_VALUE ? time.toNanos() : Math.min(time.toNanos(), end - System.nanoTime());
        try {
            requested.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
