package syncdata.run;

import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import syncdata.rules.Verdict;

/**
 * How far a run is. The work tells it at its batch boundaries, from any thread and at no cost; whoever shows it asks
 * for a {@link #now() snapshot} when it pleases.
 */
public final class Progress {
    /** What a run is busy with. */
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

    /** A time of waiting, which its closing ends. */
    public interface Wait extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * How far a run was at an instant.
     *
     * @param entities    checked or repaired so far, where a phase was taken up again those before it included
     * @param total       estimated, never below {@code entities}; 0 where nothing is known
     * @param perSecond   entities a second since the phase began; 0 before the first
     * @param secondsLeft -1 where it cannot be told
     * @param found       the differences so far, by class
     * @param waitingFor  null where it waits for nothing
     */
    public record Status(Phase phase, long entities, long total, double perSecond, long secondsLeft,
            Map<Verdict, Long> found, String waitingFor) {
    }

    private record Reason(String text) {
    }

    private final Deque<Reason> reasons = new ConcurrentLinkedDeque<>();
    private Map<Verdict, Long> found = Map.of();
    private Phase phase;
    private long started;
    private long first;
    private long entities;
    private long total;

    /**
     * A phase begins.
     *
     * @param estimatedTotal entities there may be in it, cheaply estimated; 0 where nothing is known
     */
    public synchronized void begin(Phase phase, long estimatedTotal) {
        this.phase = phase;
        this.total = estimatedTotal;
        this.started = System.nanoTime();
        this.entities = 0;
        this.first = 0;
        if (phase == Phase.CHECK) {
            this.found = Map.of();
        }
    }

    /** The phase does not start at the beginning: so many entities were done before, and do not count in its rate. */
    public synchronized void resumeAt(long entities) {
        this.first = entities;
        reached(entities);
    }

    /** So many entities of the phase are done. Of several readers the one that is furthest counts. */
    public synchronized void reached(long entities) {
        this.entities = Math.max(this.entities, entities);
    }

    /** So many more are done, by one of several that work beside each other. */
    public synchronized void advance(long more) {
        entities += more;
    }

    /** So many differences more, by class; what is no difference does not count. */
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
     * The run waits, until the result is closed; use it in a try-with-resources statement.
     *
     * @param what such as {@code confirmation}, to stand after "waiting for"
     */
    public Wait waitingFor(String what) {
        Reason reason = new Reason(what);
        reasons.addLast(reason);
        return () -> reasons.removeLastOccurrence(reason);
    }

    /** The phase is over; nothing is to be shown until the next. */
    public synchronized void end() {
        phase = null;
    }

    /** How far the run is now; null between phases. */
    public synchronized Status now() {
        if (phase == null) {
            return null;
        }
        long atLeast = Math.max(total, entities);
        double seconds = (System.nanoTime() - started) / 1e9;
        double perSecond = seconds > 0 ? (entities - first) / seconds : 0;
        long left = perSecond > 0 && total > 0 ? (long) Math.ceil((atLeast - entities) / perSecond) : -1;
        Reason reason = reasons.peekLast();
        return new Status(phase, entities, total > 0 ? atLeast : 0, perSecond, left, found,
                reason == null ? null : reason.text());
    }
}
