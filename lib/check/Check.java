package syncdata.check;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import syncdata.report.DiffFile;
import syncdata.report.DriftCollector;
import syncdata.report.PropertyDifference;
import syncdata.report.Report;
import syncdata.report.SystematicOffset;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.Difference;
import syncdata.rules.Moment;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Slice;
import syncdata.rules.Verdict;
import syncdata.run.Background;
import syncdata.run.Events;
import syncdata.run.IdFile;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.Progress;
import syncdata.run.TimeSpan;
import syncdata.run.Version;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.GraphSurvey;
import syncdata.store.Pace;
import syncdata.store.PageReader;
import syncdata.store.SourceStore;


/**
 * Compares both databases: two ordered readers, a merge, and a second look at whatever seems to differ. Changes
 * nothing.
 */
public final class Check {
    private final Databases databases;
    private final SourceStore source;
    private final GraphStore graph;
    private final Events events;
    private final Selection selection;
    private final int batchSize;
    private final boolean printDiffs;
    private Settling settling = Settling.DEFAULT;
    private Comparison comparison = Comparison.TIMESTAMPS;
    private final Pace pace;

    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private long ok;
    private IdFile toDelete = new IdFile();
    private IdFile toReindex = new IdFile();
    private IdFile foundToDelete = new IdFile();
    private IdFile foundToReindex = new IdFile();
    private final IdFile unconfirmed = new IdFile();
    private final DiffFile diffs;
    private final DriftCollector drift = new DriftCollector();
    private final SystematicOffset offset = new SystematicOffset();
    private DatabaseIdentity postgres;
    private DatabaseIdentity neo4j;
    private Checkpoint checkpoint = Checkpoint.none();
    private Checkpoint.Position before = new Checkpoint.Position(null, 0, 0, 0);
    private Checkpoint.Position reached;
    private GraphSurvey.Unidentified unidentified;
    private boolean partial;
    private UUID checkedUpTo;
    private boolean waited;

    /**
     * @param batchSize  entities read, or looked at again, at a time
     * @param printDiffs whether the report says what differs in each outdated and strange entity
     */
    public Check(Databases databases, Events events, Selection selection, int batchSize, boolean printDiffs) {
        this.databases = databases;
        this.source = databases.source();
        this.graph = databases.graph();
        this.events = events;
        this.selection = selection;
        this.batchSize = batchSize;
        this.printDiffs = printDiffs;
        this.diffs = printDiffs ? new DiffFile() : null;
        this.pace = databases.pace();
    }

    /** Believes a difference by other rules than {@link Settling#DEFAULT}. */
    public Check settling(Settling other) {
        settling = other;
        return this;
    }

    /** Compares more than timestamps. */
    public Check comparing(Comparison other) {
        comparison = other;
        return this;
    }

    /** Keeps how far the check came, and goes on from there where that is wanted. */
    public Check checkpoint(Checkpoint other) {
        checkpoint = other;
        return this;
    }

    /**
     * Runs the check, once.
     *
     * @throws InputException if Neo4j holds nodes, but none of the label that the queries ask for
     */
    public Report run() {
        try {
            return check();
        } catch (RuntimeException e) {
            if (reached != null) {
                checkpoint.save(reached);
            }
            throw Failure.unfinished(e, checkedUpTo == null
                    ? "nothing was checked so far" : "checked up to " + checkedUpTo);
        }
    }

    private Report check() {
        Instant started = Instant.now();
        Moment began = source.moment();
        if (checkpoint.isWanted()) {
            before = begin();
        }
        UUID from = before.upTo() == null ? selection.slice().before() : before.upTo();
        try (Readers readers = new Readers(selection.slice().end(),
                source.pages(pace.pages(batchSize), selection.types(), from),
                Map.of("Nodes of Neo4j", graph.nodes(pace.pages(batchSize), from),
                "Relationships of Neo4j", graph.relationships(pace.pages(batchSize), from)))) {
            if (!checkpoint.isWanted()) { // there is nothing to go on from: the first pages need not wait for it
                begin();
            }
            return check(readers, started, began);
        }
    }

    /** What is asked first takes as long as the first pages, which are on their way meanwhile. */
    private Report check(Readers readers, Instant started, Moment began) {
        for (String statement : source.survey().missingIndexes()) {
            events.warning(Events.Logger.CHECK, "An index in PostgreSQL would make this faster",
                    Map.of("statement", statement));
        }
        for (String statement : graph.survey().missingIndexes()) {
            events.warning(Events.Logger.CHECK, "An index in Neo4j would make this faster",
                    Map.of("statement", statement));
        }
        GraphSurvey.Counts counted = graph.survey().counts();
        requireEntities(counted);
        events.progress().begin(Progress.Phase.CHECK,
                Math.max(source.survey().estimate(), counted.entities()) / selection.slice().of());
        events.progress().resumeAt(before.ok());
        try (Suspects inPages = suspects(began, this::count);
             Suspects altered = suspects(began, this::count);
             Suspects outsidePages = suspects(began, new OutsidePages());
             ContentWalk contents = new ContentWalk(databases, batchSize, id -> {
                 ok--;
                 checkpoint.suspect(id);
                 altered.add(id, Optional.of(Verdict.ALTERED));
             })) {
            if (before.upTo() != null) {
                checkpoint.forEachSuspect(id -> inPages.add(id, Optional.empty())); // it may have been seen long ago
            }
            Merge merged = merge(readers, selection, new Walk(inPages, contents),
                    merge -> keepPosition(merge, contents));
            contents.finish();
            altered.finish();
            inPages.finish();
            keepFound();
            ok += before.ok() + merged.ok();
            unidentified = new GraphSurvey.Unidentified(0, before.withOtherId() + merged.otherIds());
            long shown = before.inGraph() + merged.inGraph() + unidentified.withOtherId();
            partial = pace.isStopping();
            if (partial && merged.upTo() != null) {
                reached = position(merged, ok - before.ok() - merged.ok());
                checkpoint.save(reached);
            }
            if (!partial && (!selection.slice().isAll() || counted.nodes() + counted.relationships() != shown
                    || !counted.equals(graph.survey().counts()))) {
                Merge outside = lookOutsidePages(List.of(inPages, altered), outsidePages);
                GraphSurvey.Unidentified unseen = selection.slice().number() == 1
                        ? graph.survey().unidentified() : new GraphSurvey.Unidentified(0, 0);
                unidentified = new GraphSurvey.Unidentified(unseen.withoutId(),
                        unidentified.withOtherId() + outside.otherIds() + unseen.withOtherId());
            }
            settle(List.of(inPages, altered, outsidePages));
        }
        Report report = report(started);
        events.progress().end();
        offset.finding()
                .ifPresent(finding -> events.warning(Events.Logger.CHECK, "A systematic offset",
                        Map.of("finding", finding.words(), "systematic_offset", finding.json())));
        if (partial) {
            events.warning(Events.Logger.CHECK, "The check stopped before its end",
                    Map.of("checked_up_to", String.valueOf(checkedUpTo),
                    "reason", pace.stop().reason().orElseThrow().label()));
        }
        Map<String, Object> found = new TreeMap<>(
                Map.of("n_missing", report.missing(), "n_not_deleted", report.notDeleted(),
                "n_ok", report.ok(), "n_outdated", report.outdated(), "n_strange", report.strange()));
        if (comparison == Comparison.CONTENT) {
            found.put("n_altered", report.altered());
        }
        events.info(Events.Logger.CHECK, "Data check finished", found);
        OtherSpelling.find(graph, events, toReindex);
        BlastRadiusSurvey.find(graph.relations(), events, toDelete, toReindex, batchSize)
                .ifPresent(radius -> report.check().put("blast_radius", radius));
        return report;
    }

    /**
     * A graph that never knew the label is not the platform's; one that lost all entities of it, or has an index of it,
     * is to be filled.
     */
    private void requireEntities(GraphSurvey.Counts counted) {
        if (counted.allNodes() == 0 || counted.nodes() > 0) {
            return;
        }
        if (!graph.survey().knowsEntities()) {
            throw new InputException("Neo4j holds " + counted.allNodes()
                    + " nodes, but has never known the label that lib/queries asks for:"
                    + " connect to the platform's own database (NEO4J_DATABASE), or name its label in those files;"
                    + " if this graph is to be filled, make its indexes first (doctor --create-indexes)");
        }
        events.warning(Events.Logger.CHECK, "Neo4j holds no entity, but knows their label: all are missing",
                Map.of("n_other_nodes", counted.allNodes()));
    }

    /** How far an interrupted check came, if this one goes on from there. */
    private Checkpoint.Position begin() {
        events.info(Events.Logger.CHECK, "Starting data check", Map.of());
        postgres = source.identity();
        neo4j = graph.identity();
        if (source.isStandby()) {
            events.warning(Events.Logger.CHECK,
                    "PostgreSQL is a standby: what it may not have received yet is not confirmed",
                    Map.of("host", postgres.host(), "lag",
                            source.survey().lag().map(TimeSpan::text).orElse("unknown")));
        }
        Map<String, Object> options = new TreeMap<>();
        options.put("entity_types", new TreeSet<>(selection.types()));
        options.put("changed_after", selection.changedAfter());
        options.put("slice", selection.slice().toString());
        options.put("compare", comparison.label());
        Optional<Checkpoint.Position> position =
                checkpoint.begin(Map.of("postgresql", postgres.key(), "neo4j", neo4j.key(), "options", options));
        if (checkpoint.isWanted()) {
            events.info(Events.Logger.CHECK, position.isPresent() ? "Going on with an interrupted check"
                            : checkpoint.isDamaged() ? "The checkpoint is damaged: this check begins anew"
                            : "No check was interrupted: this one begins anew",
                    position.map(kept -> Map.of("checked_up_to", kept.upTo().toString())).orElse(Map.of()));
        }
        position.ifPresent(kept -> {
            checkedUpTo = kept.upTo();
            reached = kept;
        });
        return position.orElse(before);
    }

    /** Where content is compared, the walk waits for that before its position can be kept. */
    private void keepPosition(Merge merge, ContentWalk contents) {
        checkedUpTo = merge.upTo();
        boolean due = checkpoint.isDue();
        if (due) {
            contents.finish();
        }
        if (due || comparison == Comparison.TIMESTAMPS) {
            reached = position(merge, ok);
        }
        if (due) {
            checkpoint.save(reached);
        }
    }

    /** @param altered how many of those that the walk took for ok are not, below 0 */
    private Checkpoint.Position position(Merge merge, long altered) {
        return new Checkpoint.Position(merge.upTo(), before.ok() + merge.ok() + altered,
                before.inGraph() + merge.inGraph(), before.withOtherId() + merge.otherIds());
    }

    private Suspects suspects(Moment began, Suspects.Findings findings) {
        return new Suspects(databases, comparison, settling, began, selection, batchSize, findings);
    }

    /** What the walk shows is looked at again, or has its content compared. */
    private final class Walk implements Merge.Found {
        private final Suspects suspects;
        private final ContentWalk contents;

        Walk(Suspects suspects, ContentWalk contents) {
            this.suspects = suspects;
            this.contents = contents;
        }

        @Override
        public void take(UUID id, boolean gone) {
            checkpoint.suspect(id);
            suspects.add(id, gone ? Optional.of(Verdict.NOT_DELETED) : Optional.empty());
        }

        @Override
        public void same(long high, long low, boolean relation) {
            if (comparison == Comparison.CONTENT) {
                contents.add(new UUID(high, low), relation);
            }
        }
    }

    /** Compares until all is compared, or the run is to stop. */
    private Merge merge(Readers readers, Selection some, Merge.Found suspect, Consumer<Merge> afterStep) {
        Merge merge = new Merge(readers.entities, readers.copies, some);
        long compared = 0;
        int step = 0;
        while (pace.beforeBatch(step) && (step = merge.next(batchSize, suspect)) > 0) {
            compared += step;
            afterStep.accept(merge);
            events.progress().reached(before.ok() + compared);
        }
        return merge;
    }

    /**
     * Judges what has no timestamp, which no page shows. Most of it is judged already, since PostgreSQL holds it and it
     * looked missing;
     * what is left is not deleted, or is a copy more of an entity that looked ok.
     */
    private Merge lookOutsidePages(List<Suspects> waiting, Suspects outsidePages) {
        Merge outside;
        Slice slice = selection.slice();
        try (Readers readers = new Readers(slice.end(), () -> null,
                Map.of("Nodes of Neo4j without a timestamp",
                        graph.nodesWithoutTimestamp(pace.pages(batchSize), slice.before()),
                "Relationships of Neo4j without a timestamp",
                graph.relationshipsWithoutTimestamp(pace.pages(batchSize), slice.before())))) {
            outside = merge(readers, Selection.ALL, (id, gone) -> {
                if (!toDelete.contains(id) && !toReindex.contains(id)
                        && waiting.stream().noneMatch(some -> some.isWaiting(id))) {
                    outsidePages.add(id, Optional.empty());
                }
            }, merge -> { });
        }
        outsidePages.finish();
        keepFound();
        partial = pace.isStopping();
        return outside;
    }

    /**
     * Waits, where there is something to wait for, until all that was found can be believed, or there is no more time.
     */
    private void settle(List<Suspects> suspects) {
        if (suspects.stream().allMatch(some -> some.waiting() == 0)) {
            return;
        }
        waited = true;
        long deadline = System.nanoTime() + settling.longest().toNanos();
        try (Progress.Wait wait = announce(suspects)) {
            suspects.forEach(some -> some.settle(deadline, pace.stop(), this::keepFound, unconfirmed));
        }
        keepFound();
        if (unconfirmed.count() > 0) {
            events.warning(Events.Logger.CHECK, "Some entities could not be confirmed, and are not repaired",
                    Map.of("n_unconfirmed", unconfirmed.count()));
        }
    }

    /** Says what is waited for; null where so much time has gone by during the check that it is nothing. */
    private Progress.Wait announce(List<Suspects> suspects) {
        Moment now = source.moment();
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        suspects.forEach(some -> reasons.addAll(some.waitFor(now)));
        if (reasons.isEmpty()) {
            return null;
        }
        String settle = TimeSpan.text(settling.settle());
        String reason = reasons.stream().map(some -> switch (some) {
            case STANDBY -> "the standby to receive what was committed before the first look";
            case TRANSACTION -> "transactions in PostgreSQL that were open at the first look";
            case CHANGE -> "changes younger than " + settle;
            case DELETION -> "deletions first seen less than " + settle + " ago";
            case CONTENT -> "other contents first seen less than " + settle + " ago";
        }).collect(Collectors.joining(", and "));
        boolean open = reasons.contains(Reason.TRANSACTION) || reasons.contains(Reason.STANDBY);
        String most = open ? TimeSpan.text(settling.longest()) : settle;
        events.info(Events.Logger.CHECK, "Waiting before looking once more at what seems to differ",
                Map.of("n_waiting", suspects.stream().mapToLong(Suspects::waiting).sum(), "at_most", most, "waits_for",
                        reason));
        return events.progress().waitingFor(reason);
    }

    /** Puts what was found since the last call among the rest; each time the ids begin from the lowest. */
    private void keepFound() {
        foundToDelete.sort(); // what was found by its content came in between
        foundToReindex.sort();
        toDelete.merge(foundToDelete);
        toReindex.merge(foundToReindex);
        foundToDelete.close();
        foundToReindex.close();
        foundToDelete = new IdFile();
        foundToReindex = new IdFile();
    }

    private void count(List<Difference> judged) {
        for (Difference difference : judged) {
            counts.merge(difference.verdict(), 1L, Long::sum);
            drift.add(difference);
            offset.add(difference);
            if (difference.verdict().toReindex()) {
                foundToReindex.add(difference.id());
            } else if (difference.verdict() == Verdict.NOT_DELETED) {
                foundToDelete.add(difference.id());
            }
        }
        events.progress().found(counts);
        if (printDiffs) {
            addDiffs(judged.stream().filter(difference -> difference.verdict().toReindex()
                    && difference.verdict() != Verdict.MISSING).toList());
        }
    }

    /** The readers of both databases, which begin at once. */
    private static final class Readers implements AutoCloseable {
        private final ExecutorService threads;
        private final EntityStream entities;
        private final List<EntityStream> copies;

        /**
         * @param end    the first id that is not to be read any more; null for all
         * @param copies what gives pages of Neo4j, by what an error calls it
         */
        Readers(UUID end, PageReader entities, Map<String, PageReader> copies) {
            this.threads = Executors.newFixedThreadPool(2 * (copies.size() + 1), Background.threads("reader"));
            this.entities = new EntityStream("Entities of PostgreSQL", false, entities, end, threads);
            this.copies = copies.entrySet().stream()
                    .map(copy -> new EntityStream(copy.getKey(), true, copy.getValue(), end, threads)).toList();
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }

    /** What no page showed; where PostgreSQL holds it too, it was taken for ok, and is counted anew. */
    private final class OutsidePages implements Suspects.Findings {
        @Override
        public void believe(List<Difference> differences) {
            List<Difference> news = waited ? differences
                    : differences.stream().filter(difference -> difference.verdict().isDifference()).toList();
            if (!waited) {
                ok -= news.stream().filter(difference -> difference.verdict().toReindex()).count();
            }
            count(news);
        }

        @Override
        public void putOff(Difference difference) {
            if (!waited && difference.verdict().toReindex()) {
                ok--;
            }
        }
    }

    private void addDiffs(List<Difference> differences) {
        if (differences.isEmpty()) {
            return;
        }
        Map<UUID, Map<String, Object>> rows = source.projection()
                .properties(differences.stream().map(Difference::source).toList());
        for (Difference difference : differences) {
            Map<String, Object> diff = new LinkedHashMap<>();
            diff.put("class", difference.verdict().label());
            diff.put("type", difference.source().type());
            diff.put("n_in_neo4j", difference.graph().size());
            diff.put("properties", PropertyDifference.between(rows.getOrDefault(difference.id(), Map.of()),
                    difference.graph(), source.projection().kept()));
            diffs.add(difference.id(), diff);
        }
    }

    private Report report(Instant started) {
        return new Report(toDelete, toReindex, unconfirmed, count(Verdict.MISSING), count(Verdict.NOT_DELETED),
                ok + count(Verdict.OK), count(Verdict.OUTDATED), count(Verdict.STRANGE), count(Verdict.ALTERED),
                diffs, provenance(started));
    }

    private Map<String, Object> provenance(Instant started) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("tool_version", Version.NUMBER);
        check.put("started", Json.timestamp(started));
        check.put("finished", Json.timestamp(Instant.now()));
        check.put("postgresql", identity(postgres, "system_identifier"));
        check.put("from_standby", source.isStandby());
        check.put("neo4j", identity(neo4j, "database_id"));
        check.put("entity_types", selection.types().isEmpty() ? null : new TreeSet<>(selection.types()));
        check.put("changed_after", selection.changedAfter() == Long.MIN_VALUE ? null
                : Json.timestamp(Instant.EPOCH.plus(selection.changedAfter(), ChronoUnit.MICROS)));
        check.put("slice", selection.slice().isAll() ? null : selection.slice().toString());
        check.put("compared", comparison.label());
        check.put("partial", partial);
        if (partial) {
            check.put("checked_up_to", checkedUpTo);
        }
        if (comparison == Comparison.CONTENT) {
            check.put("n_altered", count(Verdict.ALTERED));
        }
        check.put("n_dangling", count(Verdict.DANGLING));
        check.put("n_without_id", unidentified.withoutId());
        check.put("n_with_other_id", unidentified.withOtherId());
        check.put("systematic_offset", offset.finding().map(SystematicOffset.Finding::json).orElse(null));
        check.put("summary", drift.summary(source.projection()::titles));
        check.put("n_unconfirmed", unconfirmed.count());
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
