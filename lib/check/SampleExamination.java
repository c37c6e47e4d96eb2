package syncdata.check;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import syncdata.report.SystematicOffset;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.IdSpelling;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.Words;
import syncdata.store.GraphStore;
import syncdata.store.Parts;
import syncdata.store.SourceStore;

/** Examines a bounded sample of both databases: how timestamps and ids are written, and what differs. */
final class SampleExamination {
    private static final int POINTS = 16;
    private static final int SAMPLED_AT_A_POINT = 500;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final SourceStore source;
    private final GraphStore graph;
    private final Diagnosis told;
    private final Contents contents;
    private final Map<String, Long> encodings = new HashMap<>();
    private final SystematicOffset offset = new SystematicOffset();
    private final Map<String, Long> altered = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Set<String> otherIds = new TreeSet<>();
    private long sampled;
    private long twice;
    private long inBoth;
    private long otherwise;
    private long compared;
    private long differing;

    SampleExamination(SourceStore source, GraphStore graph, Diagnosis told) {
        this.source = source;
        this.graph = graph;
        this.told = told;
        this.contents = new Contents(source, graph);
    }

    /** Tells what it finds. */
    void examine() {
        look();
        if (sampled > 0) {
            tellSpelling();
            tellTimestamps();
            tellDuplicates();
            tellOffset();
            tellContent();
        }
    }

    private void look() {
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int i = 0; i < POINTS && (i < 2 || System.nanoTime() < end); i++) {
            // In leaps over all ids: a sample that is cut short is spread, too.
            UUID after = new UUID((long) Integer.reverse(i) << 32, 0);
            for (boolean relationships : new boolean[] {false, true}) {
                List<Map.Entry<String, Object>> held = graph.survey()
                        .timestamps(relationships, after, SAMPLED_AT_A_POINT).stream()
                        .filter(copy -> !seen.contains(copy.getKey())).toList();
                take(held);
                held.forEach(copy -> seen.add(copy.getKey()));
                held.stream().map(Map.Entry::getKey).filter(id -> !EntityId.isCanonical(id)).forEach(otherIds::add);
            }
        }
    }

    private void take(List<Map.Entry<String, Object>> held) {
        Set<String> ids = new HashSet<>();
        Map<UUID, GraphTimestamp> timestamps = new HashMap<>();
        for (Map.Entry<String, Object> copy : held) {
            encodings.merge(encoding(copy.getValue()), 1L, Long::sum);
            sampled++;
            twice += ids.add(copy.getKey()) ? 0 : 1;
            if (EntityId.isCanonical(copy.getKey())) {
                timestamps.put(UUID.fromString(copy.getKey()), GraphTimestamp.of(copy.getValue()));
            }
        }
        Map<UUID, SourceState> states = source.states(timestamps.keySet());
        states.forEach((id, state) -> {
            inBoth++;
            if (Verdict.ofInstants(state.micros(), timestamps.get(id)) != Verdict.OK) {
                otherwise++;
                offset.add(state.micros(), timestamps.get(id));
            }
        });
        List<UUID> some = List.copyOf(states.keySet());
        Parts.of(some, source.projection().largeRows(some))
                .forEach(part -> compareContent(part.stream().map(states::get).toList()));
    }

    private void compareContent(List<SourceState> states) {
        Map<UUID, List<GraphState>> copies =
                graph.states().of(states.stream().map(SourceState::id).toList());
        List<SourceState> same = states.stream()
                .filter(state -> Verdict.of(Optional.of(state), copies.getOrDefault(state.id(), List.of()),
                        Selection.ALL) == Verdict.OK).toList();
        Map<UUID, Set<String>> found = contents.differing(same, copies);
        compared += same.size();
        differing += found.size();
        found.values().forEach(names -> names.forEach(name -> altered.merge(name, 1L, Long::sum)));
    }

    private void tellTimestamps() {
        String census = encodings.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(10).map(entry -> Words.count(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        String encoded = "of " + Words.count(sampled) + " sampled in Neo4j: " + census;
        if (encodings.keySet().stream().allMatch("DateTime in UTC"::equals)) {
            told.ok("Timestamps", encoded);
        } else {
            told.warn("Timestamps", encoded,
                    "All that can be read is compared as an instant, LocalDateTime and text without a zone as UTC. A "
                    + "repair writes DateTime in UTC.");
        }
    }

    private void tellDuplicates() {
        if (twice > 0) {
            told.warn("Duplicates", Words.count(twice) + " of " + Words.count(sampled)
                    + " sampled ids are there more than once",
                    "A run makes one of each. A constraint keeps it so: CREATE CONSTRAINT FOR (e:Entity) REQUIRE e.id "
                    + "IS UNIQUE");
        } else {
            told.ok("Duplicates", "none among " + Words.count(sampled) + " sampled ids; a check finds all");
        }
    }

    private void tellOffset() {
        offset.shared().ifPresentOrElse(
                shared -> told.problem("Systematic offset", "of the sample, " + shared.words(),
                        "Find out who writes local time, and correct that first: a repair would hide it until the "
                        + "next write."),
                () -> told.ok("Sample", "of " + Words.count(inBoth) + " entities in both, " + Words.count(otherwise)
                        + " have another timestamp in Neo4j"
                        + (otherwise == 0 ? "" : ", by no offset that most share")));
    }

    private void tellContent() {
        String found = "of " + Words.count(compared) + " with the same timestamp, " + Words.count(differing)
                + " have another content";
        if (differing == 0) {
            told.ok("Content", found);
        } else {
            String names = altered.entrySet().stream()
                    .map(name -> Words.count(name.getValue()) + " " + Words.visible(name.getKey())).limit(10)
                    .collect(Collectors.joining(", "));
            told.warn("Content", found + ": " + names,
                    "Find them all: check --compare content. A property that another service keeps there: name it in "
                    + "kept-properties.txt.");
        }
    }

    /** Ids that are no lower-case UUIDs belong to nobody, unless PostgreSQL has the same, written otherwise. */
    private void tellSpelling() {
        if (otherIds.isEmpty()) {
            return;
        }
        String found = Words.count(otherIds.size()) + " of " + Words.count(sampled)
                + " sampled ids are no lower-case UUIDs, such as \"" + Words.visible(otherIds.iterator().next()) + "\"";
        long held = source.states(otherIds.stream().flatMap(id -> IdSpelling.read(id).stream()).distinct().toList())
                .size();
        if (held == 0) {
            told.warn("Ids", found, "They belong to no entity, and are never touched. Find out who wrote them.");
        } else {
            told.problem("Ids", found + "; PostgreSQL holds " + Words.count(held) + " of them, written otherwise",
                    "A repair would make those a second time, and is refused where they are many. Write them as "
                    + "lower-case UUIDs in Neo4j: SET e.id = toLower(e.id).");
        }
    }

    /** How a timestamp is held, such as {@code DateTime at +02:00}. */
    static String encoding(Object value) {
        if (value instanceof ZonedDateTime time) {
            return time.getZone().normalized().equals(ZoneOffset.UTC)
                    ? "DateTime in UTC" : "DateTime at " + time.getZone();
        }
        if (value instanceof LocalDateTime) {
            return "LocalDateTime";
        }
        if (GraphTimestamp.of(value).precision() == GraphTimestamp.Precision.UNREADABLE) {
            return "unreadable";
        }
        if (value instanceof Long) {
            return "integers of milliseconds";
        }
        return String.valueOf(value).matches(".*([zZ]|[+-]\\d\\d(:?\\d\\d)?|\\])$")
                && String.valueOf(value).length() > 10 ? "text with a zone" : "text without a zone";
    }
}
