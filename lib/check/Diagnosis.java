package syncdata.check;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import syncdata.check.Finding.Level;
import syncdata.run.ExitCode;
import syncdata.run.Words;
import syncdata.store.Failure;

/** What the doctor finds, told as it is found. The worst of it is how the examination ends. */
final class Diagnosis {
    private static final Duration SKEW = Duration.ofSeconds(2);

    private final Consumer<Finding> findings;
    private boolean problem;
    private boolean unreachable;

    /** @param findings takes each as it is found */
    Diagnosis(Consumer<Finding> findings) {
        this.findings = findings;
    }

    /** All is well with something. */
    void ok(String about, String text) {
        findings.accept(new Finding(Level.OK, about, text, null));
    }

    /** Something works, and could be better. */
    void warn(String about, String text, String advice) {
        findings.accept(new Finding(Level.WARNING, about, text, advice));
    }

    /** Something does not work. */
    void problem(String about, String text, String advice) {
        problem = true;
        findings.accept(new Finding(Level.PROBLEM, about, text, advice));
    }

    /** Compares a server's clock with this machine's, halfway through the round trip. */
    void clock(String name, Supplier<Instant> clock) {
        clock.get(); // plans the query
        Instant before = Instant.now();
        Instant told = clock.get();
        Instant after = Instant.now();
        Duration skew = Duration.between(before.plus(Duration.between(before, after).dividedBy(2)), told);
        if (skew.abs().compareTo(SKEW) > 0) {
            warn(name + ", clock", "it is " + Words.duration(skew.abs()) + (skew.isNegative() ? " behind" : " ahead of")
                    + " this machine's",
                    "Let NTP set the clocks of all three machines: what was changed when is judged by them.");
        } else {
            ok(name + ", clock", "as this machine's, within "
                    + Words.duration(skew.abs().plus(Duration.between(before, after)).plusMillis(1)));
        }
    }

    /** Does work, and says whether it succeeded; a failure is a problem. */
    boolean worked(String about, Runnable work) {
        return attempt(about, () -> {
            work.run();
            return true;
        }).isPresent();
    }

    /** What work gives; nothing where it fails, which is a problem. */
    <T> Optional<T> attempt(String about, Supplier<T> work) {
        try {
            return Optional.of(work.get());
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            unreachable |= failure.exitCode() == ExitCode.UNREACHABLE;
            int end = failure.message().indexOf("; ");
            problem(about, end < 0 ? failure.message() : failure.message().substring(0, end),
                    end < 0 ? null : failure.message().substring(end + 2));
            return Optional.empty();
        }
    }

    /** In sync where there is no problem, unreachable where a database is, else differences left. */
    ExitCode exitCode() {
        if (unreachable) {
            return ExitCode.UNREACHABLE;
        }
        return problem ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
    }
}
