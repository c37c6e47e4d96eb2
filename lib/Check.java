package syncdata;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Compares both databases: two ordered readers, a merge, and a second look at whatever seems to differ. Changes nothing. */
public final class Check {
    private final SourceStore source;
    private final GraphStore graph;
    private final Events events;
    private final Selection selection;
    private final int batchSize;
    private final boolean printDiffs;

    private final Confirmation confirmation;
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private final List<UUID> suspects = new ArrayList<>();
    private IdFile toDelete = new IdFile();
    private IdFile toReindex = new IdFile();
    private List<IdFile> judgedBefore = List.of();
    private final DiffFile diffs;
    private final DriftCollector drift = new DriftCollector();
    private final SystematicOffset offset = new SystematicOffset();

    /**
     * @param batchSize  entities read, or looked at again, at a time
     * @param printDiffs whether the report says what differs in each outdated and strange entity
     */
    public Check(Databases databases, Events events, Selection selection, int batchSize, boolean printDiffs) {
        this.source = databases.source();
        this.graph = databases.graph();
        this.events = events;
        this.selection = selection;
        this.batchSize = batchSize;
        this.printDiffs = printDiffs;
        this.confirmation = new Confirmation(databases);
        this.diffs = printDiffs ? new DiffFile() : null;
    }

    /**
     * Runs the check, once.
     *
     * @throws InputException if Neo4j holds nodes, but none of the label that the queries ask for
     */
    public Report run() {
        Instant started = Instant.now();
        events.info(Events.Logger.CHECK, "Starting data check", Map.of());
        for (String statement : source.missingIndexes()) {
            events.warning(Events.Logger.CHECK, "An index in PostgreSQL would make this faster", Map.of("statement", statement));
        }
        for (String statement : graph.missingIndexes()) {
            events.warning(Events.Logger.CHECK, "An index in Neo4j would make this faster", Map.of("statement", statement));
        }
        GraphStore.Counts before = graph.counts();
        if (before.allNodes() > 0 && before.nodes() == 0) {
            throw new InputException("Neo4j holds " + before.allNodes() + " nodes, but none of the label that lib/queries asks for:"
                    + " connect to the platform's own database (NEO4J_DATABASE), or name its label in those files");
        }
        events.progress().begin(Progress.Phase.CHECK, Math.max(source.estimate(), before.nodes() + before.relationships()));
        Merge.Counts merged = merge(source.pages(batchSize, selection.types()),
                Map.of("Nodes of Neo4j", graph.nodes(batchSize), "Relationships of Neo4j", graph.relationships(batchSize)), selection);
        long ok = merged.ok() + count(Verdict.OK);
        long withoutId = 0;
        boolean allShown = before.nodes() + before.relationships() == merged.graph() + graph.withOtherId();
        if (!allShown || !before.equals(graph.counts())) {
            ok -= lookOutsidePages();
            withoutId = graph.countWithoutId();
        }
        Report report = report(started, ok, withoutId);
        events.progress().end();
        offset.finding().ifPresent(finding -> events.warning(Events.Logger.CHECK, "A systematic offset", Map.of("finding", finding.words(), "systematic_offset", finding.json())));
        events.info(Events.Logger.CHECK, "Data check finished", Map.of("n_missing", report.missing(), "n_not_deleted", report.notDeleted(),
                "n_ok", report.ok(), "n_outdated", report.outdated(), "n_strange", report.strange()));
        BlastRadius.find(graph, events, toDelete, toReindex, batchSize).ifPresent(radius -> report.check().put("blast_radius", radius));
        return report;
    }

    private Merge.Counts merge(Supplier<EntityPage> entities, Map<String, Supplier<EntityPage>> copies, Selection some) {
        ExecutorService readers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            EntityStream sourceStream = new EntityStream("Entities of PostgreSQL", false, counted(entities), readers);
            List<EntityStream> graphStreams = copies.entrySet().stream()
                    .map(copy -> new EntityStream(copy.getKey(), true, copy.getValue(), readers)).toList();
            Merge.Counts merged = Merge.run(sourceStream, graphStreams, some, this::suspect);
            confirm();
            return merged;
        } finally {
            readers.shutdown();
        }
    }

    /**
     * Judges what has no timestamp, which no page shows. Most of it is judged already, since PostgreSQL holds it and it looked missing;
     * what is left is not deleted, or is a copy more of an entity that looked ok. Says how many of those there are.
     */
    private long lookOutsidePages() {
        try (IdFile deleteBefore = toDelete; IdFile reindexBefore = toReindex) {
            judgedBefore = List.of(deleteBefore, reindexBefore);
            toDelete = new IdFile();
            toReindex = new IdFile();
            merge(() -> null, Map.of("Nodes of Neo4j without a timestamp", graph.nodesWithoutTimestamp(batchSize),
                    "Relationships of Neo4j without a timestamp", graph.relationshipsWithoutTimestamp(batchSize)), Selection.ALL);
            long notOk = toReindex.count();
            toDelete.merge(deleteBefore);
            toReindex.merge(reindexBefore);
            return notOk;
        }
    }

    /** Tells the progress how far the pages of PostgreSQL are. */
    private Supplier<EntityPage> counted(Supplier<EntityPage> pages) {
        long[] entities = new long[1];
        return () -> {
            EntityPage page = pages.get();
            if (page != null) {
                entities[0] += page.size();
                events.progress().reached(entities[0]);
            }
            return page;
        };
    }

    private void suspect(UUID id) {
        suspects.add(id);
        if (suspects.size() >= batchSize) {
            confirm();
        }
    }

    private void confirm() {
        if (suspects.isEmpty()) {
            return;
        }
        List<Difference> judged = confirmation.judge(suspects, selection).stream()
                .filter(difference -> judgedBefore.isEmpty() || isNews(difference)).toList();
        for (Difference difference : judged) {
            counts.merge(difference.verdict(), 1L, Long::sum);
            drift.add(difference);
            offset.add(difference);
            if (difference.verdict().toReindex()) {
                toReindex.add(difference.id());
            } else if (difference.verdict() == Verdict.NOT_DELETED) {
                toDelete.add(difference.id());
            }
        }
        events.progress().found(counts);
        if (printDiffs) {
            addDiffs(judged.stream().filter(difference -> difference.verdict() == Verdict.OUTDATED || difference.verdict() == Verdict.STRANGE).toList());
        }
        suspects.clear();
    }

    private boolean isNews(Difference difference) {
        return difference.verdict().isDifference() && judgedBefore.stream().noneMatch(ids -> ids.contains(difference.id()));
    }

    private void addDiffs(List<Difference> differences) {
        if (differences.isEmpty()) {
            return;
        }
        Map<UUID, Map<String, Object>> rows = source.properties(differences.stream().map(Difference::source).toList());
        for (Difference difference : differences) {
            Map<String, Object> diff = new LinkedHashMap<>();
            diff.put("class", difference.verdict().label());
            diff.put("type", difference.source().type());
            diff.put("n_in_neo4j", difference.graph().size());
            diff.put("properties", PropertyDifference.between(rows.getOrDefault(difference.id(), Map.of()), difference.graph()));
            diffs.add(difference.id(), diff);
        }
    }

    private Report report(Instant started, long ok, long withoutId) {
        return new Report(toDelete, toReindex, count(Verdict.MISSING), count(Verdict.NOT_DELETED), ok, count(Verdict.OUTDATED), count(Verdict.STRANGE),
                diffs, provenance(started, withoutId));
    }

    private Map<String, Object> provenance(Instant started, long withoutId) {
        DatabaseIdentity postgres = source.identity();
        DatabaseIdentity neo4j = graph.identity();
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("tool_version", ScriptCommand.VERSION);
        check.put("started", Json.timestamp(started));
        check.put("finished", Json.timestamp(Instant.now()));
        check.put("postgresql", identity(postgres, "system_identifier"));
        check.put("neo4j", identity(neo4j, "database_id"));
        check.put("entity_types", selection.types().isEmpty() ? null : new TreeSet<>(selection.types()));
        check.put("changed_after", selection.changedAfter() == Long.MIN_VALUE ? null
                : Json.timestamp(Instant.EPOCH.plus(selection.changedAfter(), ChronoUnit.MICROS)));
        check.put("n_dangling", count(Verdict.DANGLING));
        check.put("n_without_id", withoutId);
        check.put("n_with_other_id", graph.withOtherId());
        check.put("systematic_offset", offset.finding().map(SystematicOffset.Finding::json).orElse(null));
        check.put("summary", drift.summary(source::titles));
        return check;
    }

    private static Map<String, Object> identity(DatabaseIdentity database, String idName) {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("host", database.host());
        identity.put("name", database.name());
        identity.put(idName, database.id());
        identity.put("version", database.version());
        return identity;
    }

    private long count(Verdict verdict) {
        return counts.getOrDefault(verdict, 0L);
    }
}
