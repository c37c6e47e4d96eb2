package syncdata.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import syncdata.rules.Difference;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.Json;
import syncdata.run.Words;

/** Makes a {@link DriftSummary} while the differences go by, in memory of a fixed size. */
public final class DriftCollector {
    static final int OLDEST_OF_CLASS = 250;
    static final int MOST_TYPES = 64;
    /** Types beyond {@link #MOST_TYPES}, which only malformed data has, are counted as one. */
    static final String OTHER_TYPES = "(other types)";
    static final String NO_TYPE = "(no type)";

    /**
     * Where one bin of how far behind ends and the next begins, in seconds: a second, a minute, an hour, a day, 30
     * days, a year, and some between.
     */
    public static final List<Long> BEHIND_EDGES =
            List.of(0L, 1L, 10L, 60L, 600L, 3_600L, 21_600L, 86_400L, 604_800L, 2_592_000L, 31_536_000L, 315_360_000L);

    /** What is kept of an entity; {@code changed} is null where nobody knows when it was last changed. */
    private static final int LONGEST_TEXT = 200;
    private record Kept(UUID id, Verdict verdict, String type, String title, Long changed, Long source, Long graph,
            int copies) {
    }

    private static final Comparator<Kept> OLDEST_FIRST =
            Comparator.comparing(Kept::changed, Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(Kept::id, EntityId.ORDER);

    private final Map<String, Map<Verdict, Long>> byType = new TreeMap<>();
    private final long[] behind = new long[BEHIND_EDGES.size()];
    private final Map<Verdict, PriorityQueue<Kept>> oldest = new EnumMap<>(Verdict.class);
    private final Timeline missing = new Timeline();

    /** Takes one judged entity into account, if it differs. */
    public void add(Difference difference) {
        Verdict verdict = difference.verdict();
        if (!verdict.isDifference()) {
            return;
        }
        Kept kept = kept(difference);
        count(kept.type == null ? NO_TYPE : kept.type, verdict);
        if (verdict == Verdict.OUTDATED) {
            behind[behindBin(kept.source, kept.graph)]++;
        } else if (verdict == Verdict.MISSING) {
            missing.add(kept.source);
        }
        PriorityQueue<Kept> queue = oldest.computeIfAbsent(verdict,
                any -> new PriorityQueue<>(OLDEST_FIRST.reversed()));
        queue.add(kept);
        if (queue.size() > OLDEST_OF_CLASS) {
            queue.poll();
        }
    }

    /**
     * What was seen so far.
     *
     * @param titles gives what PostgreSQL calls these entities; one without a title has no entry
     */
    public DriftSummary summary(Function<Collection<UUID>, Map<UUID, String>> titles) {
        List<Kept> all = oldest.values().stream().flatMap(Collection::stream).sorted(OLDEST_FIRST).toList();
        Map<UUID, String> known = titles.apply(all.stream().filter(kept -> kept.source != null).map(Kept::id).toList());
        List<DriftSummary.Entity> entities = all.stream()
                .map(kept -> entity(kept, known.getOrDefault(kept.id, kept.title))).toList();
        return new DriftSummary(byType, behindBins(), missing.summary(), entities);
    }

    private void count(String type, Verdict verdict) {
        String counted = byType.containsKey(type) || byType.size() < MOST_TYPES ? type : OTHER_TYPES;
        byType.computeIfAbsent(counted, any -> new EnumMap<>(Verdict.class)).merge(verdict, 1L, Long::sum);
    }

    private static int behindBin(long source, long graph) {
        int bin = 0;
        while (bin + 1 < BEHIND_EDGES.size() && isAtLeast(source, graph, BEHIND_EDGES.get(bin + 1))) {
            bin++;
        }
        return bin;
    }

    /** Whether one instant is so many seconds later than another; what lies at infinity is later than all. */
    private static boolean isAtLeast(long later, long earlier, long seconds) {
        return later > Long.MAX_VALUE - 1 || later >= 0 && earlier < later - Long.MAX_VALUE
                || later - earlier >= seconds * 1_000_000;
    }

    private List<DriftSummary.Behind> behindBins() {
        List<DriftSummary.Behind> bins = new ArrayList<>();
        for (int i = 0; i < behind.length; i++) {
            if (behind[i] > 0) {
                bins.add(new DriftSummary.Behind(BEHIND_EDGES.get(i),
                        i + 1 < behind.length ? BEHIND_EDGES.get(i + 1) : null, behind[i]));
            }
        }
        return bins;
    }

    private static Kept kept(Difference difference) {
        SourceState source = difference.source();
        List<GraphState> copies = difference.graph();
        String type = source != null ? source.type() : copies.get(0).type();
        Long inSource = source == null ? null : source.micros();
        Long inGraph = copies.stream().map(GraphState::timestamp)
                .filter(timestamp -> timestamp.precision() != Precision.UNREADABLE)
                .map(GraphTimestamp::micros).max(Comparator.naturalOrder()).orElse(null);
        return new Kept(difference.id(), difference.verdict(), cut(type), source != null ? null : title(copies.get(0)),
                inSource != null ? inSource : inGraph, inSource, inGraph, copies.size());
    }

    private static String title(GraphState copy) {
        return Stream.of("title", "key").map(copy.properties()::get).filter(String.class::isInstance)
                .map(title -> cut((String) title)).findFirst().orElse(null);
    }

    private static String cut(String text) {
        return text == null ? null : Words.shortened(text, LONGEST_TEXT);
    }

    private static DriftSummary.Entity entity(Kept kept, String title) {
        return new DriftSummary.Entity(kept.id.toString(), kept.verdict, kept.type, title,
                new DriftSummary.Sides(text(kept.source), text(kept.graph)), kept.copies);
    }

    private static String text(Long micros) {
        if (micros == null) {
            return null;
        }
        if (micros >= Long.MAX_VALUE - 1) {
            return "infinity";
        }
        return micros <= Long.MIN_VALUE + 1
                ? "-infinity" : Json.timestamp(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
