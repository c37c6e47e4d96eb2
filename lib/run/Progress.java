package syncdata.run;

import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;
import syncdata.rules.Verdict;

/**
 * How far a run is. The work says so after each batch, from any thread. A display asks for the {@link #now() status} at
 * any time.
 */
public final class Progress {
    /** What a run does at a time. */
    public enum Phase {
        READ("Reading PostgreSQL"), CHECK("Checking"), REPAIR("Repairing"), UNDO("Putting back");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** The word for it, such as {@code Checking}. */
        public String label() {
            return label;
        }
    }

    /** A time of waiting, until it is closed. */
    public interface Wait extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * How far a run was at an instant.
     *
     * @param entities    checked or repaired so far; of a resumed phase, those before the interruption too
     * @param total       estimated, never below {@code entities}; empty where it is unknown
     * @param perSecond   entities a second since the phase began; 0 before the first
     * @param secondsLeft estimated; empty where it is unknown
     * @param found       differences so far, by class
     * @param waitingFor  what the run waits for, if it does
     */
    public record Status(Phase phase, long entities, OptionalLong total, double perSecond, OptionalLong secondsLeft,
            Map<Verdict, Long> found, Optional<String> waitingFor) {
    }

    private record Reason(String text) {
    }

    private final Deque<Reason> reasons = new ConcurrentLinkedDeque<>();
    private Map<Verdict, Long> found = Map.of();
    private Optional<Phase> phase = Optional.empty();
    private long started;
    /** Entities that were done before an interruption. */
    private long first;
    private long entities;
    /** 0 where it is unknown. */
    private long total;

    /**
     * Begins a phase.
     *
     * @param estimatedTotal entities that it has, estimated; 0 where it is unknown
     */
    public synchronized void begin(Phase phase, long estimatedTotal) {
        this.phase = Optional.of(phase);
        this.total = estimatedTotal;
        this.started = System.nanoTime();
        this.entities = 0;
        this.first = 0;
        if (phase == Phase.CHECK) {
            this.found = Map.of();
        }
    }

    /** Resumes a phase: these entities were done before, and do not count in its rate. */
    public synchronized void resumeAt(long entities) {
        this.first = entities;
        reached(entities);
    }

    /** Says how many entities of the phase are done. Of several readers, the one that is furthest counts. */
    public synchronized void reached(long entities) {
        this.entities = Math.max(this.entities, entities);
    }

    /** Says how many more are done, by one of several threads. */
    public synchronized void advance(long more) {
        entities += more;
    }

    /** Says how many more differences were found, by class. Classes that are no differences do not count. */
    public synchronized void found(Map<Verdict, Long> more) {
        Map<Verdict, Long> differences = new EnumMap<>(Verdict.class);
        differences.putAll(found);
        more.forEach((verdict, count) -> {
            if (verdict.isDifference()) {
                differences.merge(verdict, count, Long::sum);
            }
        });
        found = differences;
    }

    /**
     * Says that the run waits, until the result is closed.
     *
     * @param what such as {@code confirmation}, which follows "waiting for"
     */
    public Wait waitingFor(String what) {
        Reason reason = new Reason(what);
        reasons.addLast(reason);
        return () -> reasons.removeLastOccurrence(reason);
    }

    /** Ends the phase; nothing is shown until the next one. */
    public synchronized void end() {
        phase = Optional.empty();
    }

    /** How far the run is now; empty between phases. */
    public synchronized Optional<Status> now() {
        return phase.map(this::status);
    }

    private Status status(Phase during) {
        long atLeast = Math.max(total, entities);
        double seconds = (System.nanoTime() - started) / 1e9;
        double perSecond = seconds > 0 ? (entities - first) / seconds : 0;
        OptionalLong left = perSecond > 0 && total > 0
                ? OptionalLong.of((long) Math.ceil((atLeast - entities) / perSecond)) : OptionalLong.empty();
        return new Status(during, entities, total > 0 ? OptionalLong.of(atLeast) : OptionalLong.empty(), perSecond,
                left, found, Optional.ofNullable(reasons.peekLast()).map(Reason::text));
    }
}
