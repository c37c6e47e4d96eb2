package syncdata.check;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.neo4j.driver.AccessMode;
import syncdata.check.Finding.Level;
import syncdata.report.SystematicOffset;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.EntityId;
import syncdata.rules.GraphState;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.IdRange;
import syncdata.rules.IdSpelling;
import syncdata.rules.Selection;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.ExitCode;
import syncdata.run.Words;
import syncdata.store.ConnectionSettings;
import syncdata.store.EntityPage;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.GraphSurvey;
import syncdata.store.PageReader;
import syncdata.store.PageSize;
import syncdata.store.Queries;
import syncdata.store.Rows;
import syncdata.store.SourceStore;
import syncdata.store.SourceSurvey;

/**
 * Looks over both databases before a first run: in aggregates and bounded samples, whatever their size. Changes
 * nothing, but for indexes where asked.
 */
public final class Doctor {
    private static final int POINTS = 16;
    private static final int SAMPLED_AT_A_POINT = 500;
    private static final int PAGE = 1000;
    private static final int PAGES = 5;
    private static final Duration LONGEST_SAMPLE = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofSeconds(2);
    private static final int OLDEST_POSTGRESQL = 13;

    private final ConnectionSettings settings;
    private final Queries queries;
    private final Consumer<Finding> findings;
    private boolean problem;
    private boolean unreachable;

    /** @param findings takes each as it is found */
    public Doctor(ConnectionSettings settings, Queries queries, Consumer<Finding> findings) {
        this.settings = settings;
        this.queries = queries;
        this.findings = findings;
    }

    /**
     * Examines both.
     *
     * @param createIndexes whether indexes that are missing in Neo4j are made; PostgreSQL is never written to
     * @return in sync where there is no problem, unreachable where one of them is, else differences left
     */
    public ExitCode examine(boolean createIndexes) {
        SourceStore source = attempt("PostgreSQL", () -> SourceStore.connect(settings, queries));
        GraphStore graph = null;
        try {
            boolean sourceWorks = source != null && worked("PostgreSQL", () -> examine(source));
            graph = attempt("Neo4j", () -> GraphStore.connect(settings, queries, AccessMode.READ));
            GraphStore opened = graph;
            boolean graphWorks = graph != null && worked("Neo4j", () -> examine(opened, createIndexes));
            if (sourceWorks && graphWorks) {
                worked("Sample", () -> sample(source, opened));
                worked("Duration", () -> estimate(source, opened));
            }
        } finally {
            if (source != null) {
                source.close();
            }
            if (graph != null) {
                graph.close();
            }
        }
        if (unreachable) {
            return ExitCode.UNREACHABLE;
        }
        return problem ? ExitCode.DIFFERENCES_LEFT : ExitCode.IN_SYNC;
    }

    private void examine(SourceStore source) {
        DatabaseIdentity identity = source.identity();
        ok("PostgreSQL", "version " + identity.version() + " answers at " + identity.host() + ", database "
                + identity.name());
        int major = Integer.parseInt(identity.version().replaceFirst("\\D.*", ""));
        if (major < OLDEST_POSTGRESQL) {
            warn("PostgreSQL", "version " + major + " is older than what this is tried with",
                    "Expect query files to need a change, or upgrade to " + OLDEST_POSTGRESQL + " or newer.");
        }
        source.tryQueries(AccessMode.WRITE);
        ok("PostgreSQL, queries",
                "every query file works: its tables and columns are there, and the user may read them");
        Map<String, Object> seen = single(source.query(queries.text("source-examination.sql"), 1));
        if (Boolean.TRUE.equals(seen.get("may_write"))) {
            warn("PostgreSQL, privileges",
                    "the user may write to the entities. Nothing here does, in sessions that are read-only",
                    "Connect as a user that has SELECT alone: CREATE ROLE sync_data LOGIN; GRANT SELECT ON entity TO "
                    + "sync_data");
        } else {
            ok("PostgreSQL, privileges", "the user may read, and may not write");
        }
        if (source.survey().seesOthers()) {
            ok("PostgreSQL, others",
                    "the user may see what others do: a run gives way to sessions that did something in the last half "
                    + "second");
        } else {
            warn("PostgreSQL, others",
                    "the user may not see what others do: a run gives way to transactions and written rows in the"
                    + " statistics of all databases, and --max-load cannot be used",
                    "GRANT pg_read_all_stats TO the user that connects");
        }
        if (source.isStandby()) {
            standby(source.survey().standby());
        }
        String kind = String.valueOf(seen.get("kind"));
        kind(kind);
        if (source.isEmpty()) {
            problem("PostgreSQL, entities", "there is none at all",
                    "Connect to the platform's own database (PGDATABASE): a run would delete all of Neo4j, if its "
                    + "guards did not stop it.");
        } else if (source.survey().estimate() == 0 && kind.matches("[rp]")) {
            warn("PostgreSQL, statistics",
                    "the table was never analyzed: plans may be slow, and a check cannot tell how far it is",
                    "ANALYZE entity");
        }
        List<String> missing = new ArrayList<>(source.survey().missingIndexes());
        missing.addAll(source.survey().missingRelationIndexes());
        missing
                .forEach(statement -> warn("PostgreSQL, index", "one is missing that would make this faster",
                        statement));
        if (missing.isEmpty()) {
            ok("PostgreSQL, indexes", "all that are used are there");
        }
        clock("PostgreSQL", () -> ((ZonedDateTime) single(source.query(queries.text("source-examination.sql"), 1))
                .get("clock")).toInstant());
    }

    private void standby(SourceSurvey.StandbyState state) {
        String lag = state.lag().map(Words::duration).map(time -> time + " behind")
                .orElse("behind by a time that it cannot tell");
        warn("PostgreSQL, standby", "this is a standby, " + lag + (state.paused() ? ", its replay paused" : ""),
                "A check leaves unconfirmed what it may not have received, and a repair is refused: connect to the "
                + "primary."
                + (state.visible() ? "" : " To see whether its stream is alive takes GRANT pg_read_all_stats."));
    }

    /** What does not hold for every kind of table. */
    private void kind(String kind) {
        switch (kind) {
            case "f" -> warn("PostgreSQL, entities",
                    "they are in a foreign table: what its server hides or has not received yet"
                    + " cannot be seen from here, nor which transactions are open there",
                    "Connect to that server itself, or give it OPTIONS (options '-c row_security=off') at least.");
            case "v", "m" -> warn("PostgreSQL, entities",
                    "they are in a view: what it leaves out looks deleted, and no index can be made on it",
                    "Let it leave out nothing, and order by an id that is indexed.");
            case "p" -> ok("PostgreSQL, entities",
                    "they are in a partitioned table; an id that is in two partitions ends a check");
            default -> { }
        }
    }

    private void examine(GraphStore graph, boolean createIndexes) {
        DatabaseIdentity identity = graph.identity();
        ok("Neo4j", "version " + identity.version() + " answers at " + identity.host() + ", database "
                + identity.name());
        graph.survey().tryQueries(AccessMode.WRITE);
        GraphSurvey.Counts counts = graph.survey().counts();
        if (counts.nodes() == 0 && counts.allNodes() > 0) {
            problem("Neo4j, entities", "there are " + counts.allNodes()
                    + " nodes, but none of the label that the query files ask for",
                    "Connect to the platform's own database (NEO4J_DATABASE), or name its label in lib/queries.");
        } else if (counts.nodes() == 0) {
            warn("Neo4j, entities", "it is empty: a first run will fill it",
                    "If it should not be, check NEO4J_URI and NEO4J_DATABASE.");
        } else {
            Set<String> unknown = graph.survey().unknownNames();
            unknown.removeIf(name -> counts.relationships() == 0 && name.startsWith("relationship type"));
            if (unknown.isEmpty()) {
                ok("Neo4j, queries", "every query file works, and each label, type and property in them is known here");
            } else {
                warn("Neo4j, queries", "the query files name what is not here: " + String.join(", ", unknown),
                        "If the graph names it otherwise, change that in lib/queries or with --queries.");
            }
            tryWriting(graph);
        }
        indexes(graph, createIndexes);
        GraphSurvey.Unidentified unidentified = graph.survey().unidentified();
        long withoutTimestamp = graph.query(queries.text("graph-census.cypher"), 10).values().stream()
                .mapToLong(row -> (Long) row.get(0)).sum();
        if (unidentified.withoutId() + unidentified.withOtherId() > 0) {
            warn("Neo4j, ids", Words.count(unidentified.withoutId()) + " nodes and relationships have no id, "
                    + Words.count(unidentified.withOtherId()) + " one that is no text",
                    "They belong to no entity, and are never touched. Find out who wrote them.");
        }
        if (withoutTimestamp > 0) {
            warn("Neo4j, timestamps", Words.count(withoutTimestamp)
                    + " nodes and relationships have an id and no last_updated_at",
                    "They are strange or not deleted: a run repairs them.");
        }
        if (unidentified.withoutId() + unidentified.withOtherId() + withoutTimestamp == 0) {
            ok("Neo4j, ids", "each of " + Words.count(counts.nodes()) + " nodes and "
                    + Words.count(counts.relationships()) + " relationships has an id and a last_updated_at");
        }
        clock("Neo4j", () -> ((ZonedDateTime) single(graph.query(queries.text("graph-clock.cypher"), 1)).get("clock"))
                .toInstant());
    }

    private void tryWriting(GraphStore graph) {
        try {
            graph.survey().tryWriting();
            ok("Neo4j, privileges", "the user may read and write (tried, and rolled back)");
        } catch (RuntimeException e) {
            warn("Neo4j, privileges", "the user may not write: " + Failure.of(e).message(),
                    "A check works, a repair does not: connect as a user that may write to this database.");
        }
    }

    private void indexes(GraphStore graph, boolean create) {
        List<String> missing = graph.survey().missingIndexes();
        for (String statement : missing) {
            if (create) {
                graph.survey().createIndex(statement);
                ok("Neo4j, index", "made: " + statement);
            } else {
                warn("Neo4j, index", "one is missing that would make this faster; --create-indexes makes it",
                        statement);
            }
        }
        for (List<Object> row : graph.query(queries.text("indexes-not-ready.cypher"), 100).values()) {
            warn("Neo4j, index", row.get(0) + " is " + String.valueOf(row.get(1)).toLowerCase(Locale.ROOT) + ", "
                    + row.get(2) + " %", "Wait until it is online; if it failed, drop it and make it again.");
        }
        if (missing.isEmpty()) {
            ok("Neo4j, indexes", "all that are used are there");
        }
    }

    /** Compares the two machines' clocks: the instant is taken to be told in the middle of the round trip. */
    private void clock(String name, Supplier<Instant> clock) {
        clock.get(); // the second is not slowed by planning
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

    private void sample(SourceStore source, GraphStore graph) {
        Map<String, Long> encodings = new HashMap<>();
        SystematicOffset offset = new SystematicOffset();
        Map<String, Long> altered = new TreeMap<>();
        long[] counts = new long[6]; // sampled, twice, in both, differing, whose content was compared, altered
        Set<String> seen = new HashSet<>();
        Set<String> otherIds = new TreeSet<>();
        long end = System.nanoTime() + LONGEST_SAMPLE.toNanos();
        for (int i = 0; i < POINTS && (i < 2 || System.nanoTime() < end); i++) {
            // From one end to the other in leaps, so that a sample that is cut short is spread too.
            UUID after = new UUID((long) Integer.reverse(i) << 32, 0);
            for (boolean relationships : new boolean[] {false, true}) {
                List<Map.Entry<String, Object>> held = graph.survey()
                        .timestamps(relationships, after, SAMPLED_AT_A_POINT).stream()
                        .filter(copy -> !seen.contains(copy.getKey())).toList();
                sample(source, graph, held, encodings, offset, altered, counts);
                held.forEach(copy -> seen.add(copy.getKey()));
                held.stream().map(Map.Entry::getKey).filter(id -> !EntityId.isCanonical(id)).forEach(otherIds::add);
            }
        }
        if (counts[0] == 0) {
            return;
        }
        spelling(source, otherIds, counts[0]);
        String census = encodings.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(10).map(entry -> Words.count(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        String encoded = "of " + Words.count(counts[0]) + " sampled in Neo4j: " + census;
        if (encodings.keySet().stream().allMatch("DateTime in UTC"::equals)) {
            ok("Timestamps", encoded);
        } else {
            warn("Timestamps", encoded,
                    "All that can be read is compared as an instant, LocalDateTime and text without a zone as UTC. A "
                    + "repair writes DateTime in UTC.");
        }
        if (counts[1] > 0) {
            warn("Duplicates", Words.count(counts[1]) + " of " + Words.count(counts[0])
                    + " sampled ids are there more than once",
                    "A run makes one of each. A constraint keeps it so: CREATE CONSTRAINT FOR (e:Entity) REQUIRE e.id "
                    + "IS UNIQUE");
        } else {
            ok("Duplicates", "none among " + Words.count(counts[0]) + " sampled ids; a check finds all");
        }
        offset.finding().ifPresentOrElse(
                finding -> problem("Systematic offset", "of the sample, " + finding.words(),
                        "Find out who writes local time, and correct that first: a repair would hide it until the "
                        + "next write."),
                () -> ok("Sample", "of " + Words.count(counts[2]) + " entities in both, " + Words.count(counts[3])
                        + " have another timestamp in Neo4j"
                        + (counts[3] == 0 ? "" : ", by no offset that most share")));
        tellContent(altered, counts[4], counts[5]);
    }

    private void tellContent(Map<String, Long> altered, long compared, long differing) {
        String found = "of " + Words.count(compared) + " with the same timestamp, " + Words.count(differing)
                + " have another content";
        if (differing == 0) {
            ok("Content", found);
        } else {
            String names = altered.entrySet().stream()
                    .map(name -> Words.count(name.getValue()) + " " + Words.visible(name.getKey())).limit(10)
                    .collect(Collectors.joining(", "));
            warn("Content", found + ": " + names,
                    "Find them all: check --compare content. A property that another service keeps there: name it in "
                    + "kept-properties.txt.");
        }
    }

    /** Ids that are no lower-case UUIDs belong to nobody, unless PostgreSQL has the same, written otherwise. */
    private void spelling(SourceStore source, Set<String> ids, long sampled) {
        if (ids.isEmpty()) {
            return;
        }
        String found = Words.count(ids.size()) + " of " + Words.count(sampled)
                + " sampled ids are no lower-case UUIDs, such as \"" + Words.visible(ids.iterator().next()) + "\"";
        long held = source.states(ids.stream().flatMap(id -> IdSpelling.read(id).stream()).distinct().toList()).size();
        if (held == 0) {
            warn("Ids", found, "They belong to no entity, and are never touched. Find out who wrote them.");
        } else {
            problem("Ids", found + "; PostgreSQL holds " + Words.count(held) + " of them, written otherwise",
                    "A repair would make those a second time, and is refused where they are many. Write them as "
                    + "lower-case UUIDs in Neo4j: SET e.id = toLower(e.id).");
        }
    }

    private static void sample(SourceStore source, GraphStore graph, List<Map.Entry<String, Object>> held,
            Map<String, Long> encodings,
                               SystematicOffset offset, Map<String, Long> altered, long[] counts) {
        Set<String> ids = new HashSet<>();
        Map<UUID, GraphTimestamp> timestamps = new HashMap<>();
        for (Map.Entry<String, Object> copy : held) {
            encodings.merge(encoding(copy.getValue()), 1L, Long::sum);
            counts[0]++;
            counts[1] += ids.add(copy.getKey()) ? 0 : 1;
            if (EntityId.isCanonical(copy.getKey())) {
                timestamps.put(UUID.fromString(copy.getKey()), GraphTimestamp.of(copy.getValue()));
            }
        }
        Map<UUID, SourceState> states = source.states(timestamps.keySet());
        states.forEach((id, state) -> {
            counts[2]++;
            if (Verdict.ofInstants(state.micros(), timestamps.get(id)) != Verdict.OK) {
                counts[3]++;
                offset.add(state.micros(), timestamps.get(id));
            }
        });
        Map<UUID, List<GraphState>> copies = graph.states().of(states.keySet());
        List<SourceState> same = states.values().stream()
                .filter(state -> Verdict.of(state, copies.getOrDefault(state.id(), List.of()),
                        Selection.ALL) == Verdict.OK).toList();
        Map<UUID, Set<String>> differing = new Contents(source, graph).differing(same, copies);
        counts[4] += same.size();
        counts[5] += differing.size();
        differing.values().forEach(names -> names.forEach(name -> altered.merge(name, 1L, Long::sum)));
    }

    /** How a timestamp is held, such as {@code DateTime at +02:00}. */
    public static String encoding(Object value) {
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

    private void estimate(SourceStore source, GraphStore graph) {
        GraphSurvey.Counts counts = graph.survey().counts();
        long entities = Math.max(source.survey().estimate(), counts.nodes() + counts.relationships());
        double seconds = Math.max(seconds(source.pages(pageSize(), Set.of(), IdRange.ALL), entities),
                Math.max(seconds(graph.nodes(pageSize(), IdRange.ALL), counts.nodes()),
                        seconds(graph.relationships(pageSize(), IdRange.ALL), counts.relationships())));
        ok("Duration", "a check of about " + Words.count(entities) + " entities takes about "
                + Words.duration(Duration.ofSeconds(Math.max(1, Math.round(seconds))))
                + ", by the first pages of each (" + Words.count(PAGES * PAGE)
                + " entities), plus a look at each that differs");
    }

    private static PageSize pageSize() {
        return new PageSize(PAGE, Duration.ofSeconds(1));
    }

    private static double seconds(PageReader pages, long total) {
        pages.next(); // plans the query
        long read = 0;
        long started = System.nanoTime();
        for (int i = 1; i < PAGES; i++) {
            Supplier<EntityPage> page = pages.next();
            if (page == null) {
                break;
            }
            read += page.get().size();
        }
        return read == 0 ? 0 : (System.nanoTime() - started) / 1e9 * total / read;
    }

    private static Map<String, Object> single(Rows rows) {
        Map<String, Object> row = new HashMap<>();
        for (int i = 0; i < rows.columns().size(); i++) {
            row.put(rows.columns().get(i), rows.values().get(0).get(i));
        }
        return row;
    }

    private boolean worked(String about, Runnable work) {
        return attempt(about, () -> {
            work.run();
            return true;
        }) != null;
    }

    /** Null where it failed; that is a finding then. */
    private <T> T attempt(String about, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            Failure failure = Failure.of(e);
            unreachable |= failure.exitCode() == ExitCode.UNREACHABLE;
            int end = failure.message().indexOf("; ");
            problem(about, end < 0 ? failure.message() : failure.message().substring(0, end),
                    end < 0 ? null : failure.message().substring(end + 2));
            return null;
        }
    }

    private void ok(String about, String text) {
        findings.accept(new Finding(Level.OK, about, text, null));
    }

    private void warn(String about, String text, String advice) {
        findings.accept(new Finding(Level.WARNING, about, text, advice));
    }

    private void problem(String about, String text, String advice) {
        problem = true;
        findings.accept(new Finding(Level.PROBLEM, about, text, advice));
    }
}
