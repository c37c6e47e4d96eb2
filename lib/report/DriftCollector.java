package syncdata.report;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
import syncdata.rules.GraphTimestamp.Precision;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.Json;
import syncdata.run.Words;

/** Makes a {@link DriftSummary} from differences one by one, in memory of a fixed size. */
public final class DriftCollector implements Serializable {
    static final int OLDEST_OF_CLASS = 250;
    static final int MOST_TYPES = 64;
    /** All types beyond the {@link #MOST_TYPES} most frequent, together. Only malformed data has so many. */
    static final String OTHER_TYPES = "(other types)";
    /** The most types that are counted apart; the last ones in the alphabet are not. */
    private static final int MOST_COUNTED = 2_000;
    static final String NO_TYPE = "(no type)";

    private static final int LONGEST_TEXT = 200;

    /** What is kept of a difference, null where it is unknown. {@code changed} is the time of its last change. */
    private record Kept(UUID id, Verdict verdict, String type, String title, Long changed, Long source, Long graph,
            int copies) implements Comparable<Kept>, Serializable {
        private static final Comparator<Kept> OLDEST_FIRST =
                Comparator.comparing(Kept::changed, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(Kept::id, EntityId.ORDER);

        @Override
        public int compareTo(Kept other) {
            return OLDEST_FIRST.compare(this, other);
        }
    }

    private final TreeMap<String, Map<Verdict, Long>> byType = new TreeMap<>();
    private final Map<Verdict, Long> ofOtherTypes = new EnumMap<>(Verdict.class);
    private final long[] behind = new long[DriftSummary.BEHIND_EDGES.size()];
    /** The oldest differences of each class, the latest of them first. */
    private final Map<Verdict, PriorityQueue<Kept>> oldest = new EnumMap<>(Verdict.class);
    private final TimeBins missing = new TimeBins();

    /** Adds an entity, if it differs. */
    public void add(Difference difference) {
        Verdict verdict = difference.verdict();
        if (!verdict.isDifference()) {
            return;
        }
        Kept kept = kept(difference);
        count(kept.type == null ? NO_TYPE : kept.type, verdict, 1);
        if (verdict == Verdict.OUTDATED) {
            behind[behindBin(kept.source, kept.graph)]++;
        } else if (verdict == Verdict.MISSING) {
            missing.add(kept.source);
        }
        keep(kept);
    }

    /** Adds all of another. The order in which collectors are joined makes no difference. */
    public void join(DriftCollector other) {
        other.byType.forEach((type, counts) -> counts.forEach((verdict, n) -> count(type, verdict, n)));
        other.ofOtherTypes.forEach((verdict, n) -> ofOtherTypes.merge(verdict, n, Long::sum));
        for (int i = 0; i < behind.length; i++) {
            behind[i] += other.behind[i];
        }
        other.oldest.values().forEach(queue -> queue.forEach(this::keep));
        missing.join(other.missing);
    }

    /**
     * The summary of all differences so far.
     *
     * @param titles gives the titles of these entities in PostgreSQL; one without a title has no entry
     */
    public DriftSummary summary(Function<Collection<UUID>, Map<UUID, String>> titles) {
        List<Kept> all = oldest.values().stream().flatMap(Collection::stream).sorted().toList();
        Map<UUID, String> known = titles.apply(all.stream().filter(kept -> kept.source != null).map(Kept::id).toList());
        List<DriftSummary.Entity> entities = all.stream()
                .map(kept -> entity(kept, known.getOrDefault(kept.id, kept.title))).toList();
        return new DriftSummary(mostFrequentTypes(), behindBins(), missing.summary(), entities);
    }

    private void keep(Kept kept) {
        PriorityQueue<Kept> queue = oldest.computeIfAbsent(kept.verdict,
                any -> new PriorityQueue<>(Collections.reverseOrder()));
        queue.add(kept);
        if (queue.size() > OLDEST_OF_CLASS) {
            queue.poll();
        }
    }

    private void count(String type, Verdict verdict, long n) {
        byType.computeIfAbsent(type, any -> new EnumMap<>(Verdict.class)).merge(verdict, n, Long::sum);
        if (byType.size() > MOST_COUNTED) {
            byType.pollLastEntry().getValue().forEach((others, more) -> ofOtherTypes.merge(others, more, Long::sum));
        }
    }

    private Map<String, Map<Verdict, Long>> mostFrequentTypes() {
        Map<String, Map<Verdict, Long>> shown = new TreeMap<>();
        Map<Verdict, Long> others = new EnumMap<>(ofOtherTypes);
        byType.entrySet().stream()
                .sorted(Comparator.comparingLong(type -> -DriftSummary.total(type.getValue()))).forEach(type -> {
                    if (shown.size() < MOST_TYPES) {
                        shown.put(type.getKey(), new EnumMap<>(type.getValue()));
                    } else {
                        type.getValue().forEach((verdict, n) -> others.merge(verdict, n, Long::sum));
                    }
                });
        others.forEach((verdict, n) -> shown.computeIfAbsent(OTHER_TYPES, any -> new EnumMap<>(Verdict.class))
                .merge(verdict, n, Long::sum));
        return shown;
    }

    private static int behindBin(long source, long graph) {
        int bin = 0;
        List<Long> edges = DriftSummary.BEHIND_EDGES;
        while (bin + 1 < edges.size() && isAtLeast(source, graph, edges.get(bin + 1))) {
            bin++;
        }
        return bin;
    }

    /** Whether an instant is at least so many seconds later than another. Infinity is later than all. */
    private static boolean isAtLeast(long later, long earlier, long seconds) {
        return later > Long.MAX_VALUE - 1 || later >= 0 && earlier < later - Long.MAX_VALUE
                || later - earlier >= seconds * 1_000_000;
    }

    private List<DriftSummary.Behind> behindBins() {
        List<DriftSummary.Behind> bins = new ArrayList<>();
        for (int i = 0; i < behind.length; i++) {
            if (behind[i] > 0) {
                bins.add(new DriftSummary.Behind(DriftSummary.BEHIND_EDGES.get(i),
                        i + 1 < behind.length ? DriftSummary.BEHIND_EDGES.get(i + 1) : null, behind[i]));
            }
        }
        return bins;
    }

    private static Kept kept(Difference difference) {
        List<GraphState> copies = difference.graph();
        Long inSource = difference.source().map(SourceState::micros).orElse(null);
        Long inGraph = copies.stream().map(GraphState::timestamp)
                .filter(timestamp -> timestamp.precision() != Precision.UNREADABLE)
                .map(GraphTimestamp::micros).max(Comparator.naturalOrder()).orElse(null);
        return new Kept(difference.id(), difference.verdict(), cut(difference.type()),
                inSource != null ? null : title(copies.get(0)),
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
