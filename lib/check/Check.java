package syncdata.check;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntSupplier;
import syncdata.report.BlastRadius;
import syncdata.report.DriftSummary;
import syncdata.report.Provenance.Apart;
import syncdata.report.Provenance.Picture;
import syncdata.report.Provenance.Run;
import syncdata.report.Provenance.Scope;
import syncdata.report.Provenance;
import syncdata.report.Report;
import syncdata.report.SharedOffset;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Settling;
import syncdata.rules.Slice;
import syncdata.rules.Snapshot;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.IdLog;
import syncdata.run.InputException;
import syncdata.run.Progress;
import syncdata.run.SortedIds;
import syncdata.store.ChangedEntities;
import syncdata.store.Databases;
import syncdata.store.Failure;
import syncdata.store.GraphStore;
import syncdata.store.GraphSurvey;
import syncdata.store.Pace;
import syncdata.store.ReadingOrder;
import syncdata.store.SourceStore;

/**
 * Compares both databases, and changes nothing. Ranges of ids are walked, each with a second look at what seems to
 * differ. Then follow copies without a timestamp, which no page shows, and at last what could not be believed yet.
 */
public final class Check {
    /** In a range that is checked elsewhere. */
    private static final long ENTITIES_OF_A_RANGE = 250_000;
    /** What a checkpoint can hold. */
    private static final int MOST_RANGES = 2000;
    private static final int RANGES_FOR_EACH = 4;

    private final Databases databases;
    private final SourceStore source;
    private final GraphStore graph;
    private final Pace pace;
    private final CheckEvents events;
    private CheckTerms terms;
    private Checkpoint checkpoint = Checkpoint.none();
    private IntSupplier parts = () -> 1;
    private boolean mayLookUp = true;
    private RangeWalker walker;

    /** When the check began, and which databases it compares. */
    private record Begun(Instant at, Snapshot snapshot, DatabaseIdentity postgres, DatabaseIdentity neo4j) {
    }

    /**
     * What was found before anything is waited for.
     *
     * @param partial whether the run is to stop before all was compared
     */
    private record Looked(RangeResult result, GraphSurvey.Unidentified unidentified, boolean partial) {
    }

    /**
     * @param batchSize  entities read, or looked at again, at a time
     * @param printDiffs whether the report says what differs in each outdated and strange entity
     */
    public Check(Databases databases, Events events, Selection selection, int batchSize, boolean printDiffs) {
        this.databases = databases;
        this.source = databases.source();
        this.graph = databases.graph();
        this.pace = databases.pace();
        this.events = new CheckEvents(events);
        this.terms = new CheckTerms(selection, Comparison.TIMESTAMPS, Settling.DEFAULT, batchSize, printDiffs);
        this.walker = new RangeThreads(databases, 1);
    }

    /** Sets when a difference is believed; {@link Settling#DEFAULT} otherwise. */
    public Check settling(Settling settling) {
        terms = new CheckTerms(terms.selection(), terms.comparison(), settling, terms.batchSize(), terms.withDiffs());
        return this;
    }

    /** Sets what is compared; timestamps otherwise. */
    public Check comparing(Comparison comparison) {
        terms = new CheckTerms(terms.selection(), comparison, terms.settling(), terms.batchSize(), terms.withDiffs());
        return this;
    }

    /** Keeps a checkpoint, and resumes from it where that is wanted. */
    public Check checkpoint(Checkpoint other) {
        checkpoint = other;
        return this;
    }

    /** Checks up to so many ranges of ids at a time; see {@link RangeThreads}. What it finds is the same. */
    public Check parallel(int ranges) {
        parts = () -> ranges;
        walker = new RangeThreads(databases, ranges);
        return this;
    }

    /**
     * Has ranges checked elsewhere, so many at a time. There are more of them than that: one that has to be checked
     * again is little work then. What it finds is the same.
     */
    public Check elsewhere(int atATime, RangeWalker other) {
        parts = () -> (int) Math.max(RANGES_FOR_EACH * atATime, Math.min(MOST_RANGES,
                source.survey().estimate() / terms.selection().slice().of() / ENTITIES_OF_A_RANGE));
        walker = other;
        return this;
    }

    /** Walks all entities, even where only changed ones are wanted. What it finds is the same. */
    Check walking() {
        mayLookUp = false;
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
            checkpoint.save();
            throw Failure.unfinished(e, checkpoint.checkedUpTo().map(id -> "checked up to " + id)
                    .orElse("nothing was checked so far"));
        }
    }

    private Report check() {
        Instant at = Instant.now();
        Snapshot snapshot = source.snapshot();
        List<IdRange> divided = divided();
        boolean onlyChanged = mayLookUp && terms.selection().onlyChanged();
        if (!checkpoint.isWanted() && !onlyChanged) {
            // Nothing is resumed, so the first pages are read while the rest is asked.
            try (RangeWalker.Walk walk = walker.begin(terms, snapshot, divided.stream().map(Optional::of).toList())) {
                return walk(begin(at, snapshot, divided), walk);
            }
        }
        Begun begun = begin(at, snapshot, divided);
        Optional<RangeResult> changed = onlyChanged && !checkpoint.isResumed()
                ? lookUpChanged(snapshot) : Optional.empty();
        if (changed.isPresent()) {
            return settled(begun, changed.get(), looked -> new Looked(looked,
                    new GraphSurvey.Unidentified(0, 0), pace.isStopping()));
        }
        List<Optional<IdRange>> left = checkpoint.ranges().stream().map(Checkpoint.Range::left).toList();
        try (RangeWalker.Walk walk = walker.begin(terms, snapshot, left)) {
            return walk(begun, walk);
        }
    }

    /** Looks up what either database says was changed; empty where that is so much that walking all is quicker. */
    private Optional<RangeResult> lookUpChanged(Snapshot began) {
        GraphSurvey.Counts counts = graph.survey().counts();
        requireEntities(counts);
        ChangedEntities changed = new ChangedEntities(databases, terms.selection().changedAfter(), terms.batchSize());
        changed.missingIndexes().forEach(events::missingIndexOfChanges);
        Optional<NavigableSet<UUID>> ids = Candidates.find(changed, terms.selection(),
                Candidates.most(Math.max(source.survey().estimate(), counts.entities())));
        events.changed(ids.map(Set::size));
        ids.ifPresent(all -> events.progress().begin(Progress.Phase.CHECK, all.size()));
        return ids.map(all -> ChangedCheck.of(databases, terms, began, all, events.progress()));
    }

    private Report walk(Begun begun, RangeWalker.Walk walk) {
        GraphSurvey.Counts counts = expect(walk);
        RangeResult walked = walk.join(checkpoint.ranges(), events.progress());
        return settled(begun, walked, all -> {
            Looked looked = lookOutside(begun, counts, all);
            if (looked.partial()) {
                checkpoint.save();
            }
            return looked;
        });
    }

    /** @param look completes what was found so far */
    private Report settled(Begun begun, RangeResult found, Function<RangeResult, Looked> look) {
        try (found; IdLog unconfirmed = new IdLog()) {
            Looked looked = look.apply(found);
            settle(begun, looked.result(), unconfirmed);
            return report(begun, looked, unconfirmed.sorted());
        }
    }

    /** The ranges that are checked in parallel, of about equal size by PostgreSQL's statistics. */
    private List<IdRange> divided() {
        IdRange all = terms.selection().slice().range();
        int wanted = parts.getAsInt();
        return wanted == 1 ? List.of(all) : all.divided(wanted, source.survey().quantiles());
    }

    /** Announces the check, and opens its checkpoint. */
    private Begun begin(Instant at, Snapshot snapshot, List<IdRange> divided) {
        events.starting();
        DatabaseIdentity postgres = source.identity();
        DatabaseIdentity neo4j = graph.identity();
        if (source.isStandby()) {
            events.standby(postgres.host(), source.survey().lag());
        }
        Selection selection = terms.selection();
        Map<String, Object> options = new TreeMap<>();
        options.put("entity_types", new TreeSet<>(selection.types()));
        options.put("changed_after", selection.changedAfter());
        options.put("slice", selection.slice().toString());
        options.put("compare", terms.comparison().label());
        checkpoint.begin(Map.of("postgresql", postgres.key(), "neo4j", neo4j.key(), "options", options), divided);
        events.resuming(checkpoint);
        return new Begun(at, snapshot, postgres, neo4j);
    }

    /** Announces missing indexes and the total, while the first pages are read. */
    private GraphSurvey.Counts expect(RangeWalker.Walk walk) {
        walk.order().ifPresent(events::reading);
        boolean inBlocks = walk.order().filter(decision -> decision.order() == ReadingOrder.BLOCKS).isPresent();
        if (!inBlocks) {
            source.survey().missingIndexes().forEach(statement -> events.missingIndex("PostgreSQL", statement));
        }
        graph.survey().missingIndexes().forEach(statement -> events.missingIndex("Neo4j", statement));
        GraphSurvey.Counts counts = graph.survey().counts();
        requireEntities(counts);
        walk.order().filter(any -> inBlocks)
                .ifPresent(decision -> events.progress().begin(Progress.Phase.READ, decision.entities()));
        walk.prepare(events.progress());
        events.progress().begin(Progress.Phase.CHECK,
                Math.max(source.survey().estimate(), counts.entities()) / terms.selection().slice().of());
        events.progress().resumeAt(checkpoint.ranges().stream().mapToLong(range -> range.before().ok()).sum());
        return counts;
    }

    /**
     * A graph that never knew the label is not the platform's. One that lost all its entities is to be filled; so is
     * one that has nothing but the index.
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
        events.allMissing(counted.allNodes());
    }

    /** Judges copies without a timestamp, where the counts do not rule them out. */
    private Looked lookOutside(Begun begun, GraphSurvey.Counts counts, RangeResult walked) {
        Slice slice = terms.selection().slice();
        boolean allShown = slice.isAll() && counts.entities() == walked.inGraph() + walked.otherIds()
                && counts.equals(graph.survey().counts());
        if (pace.isStopping() || allShown) {
            return new Looked(walked, new GraphSurvey.Unidentified(0, walked.otherIds()), pace.isStopping());
        }
        RangeResult looked = walked.join(OutsidePages.look(databases, terms, begun.snapshot(), slice.range(), walked,
                events.progress()));
        GraphSurvey.Unidentified unseen = slice.number() == 1
                ? graph.survey().unidentified() : new GraphSurvey.Unidentified(0, 0);
        return new Looked(looked, new GraphSurvey.Unidentified(unseen.withoutId(),
                looked.otherIds() + unseen.withOtherId()), pace.isStopping());
    }

    /**
     * Waits until all that was found can be believed, or time is up.
     *
     * @param unconfirmed takes the ids of what could not be confirmed
     */
    private void settle(Begun begun, RangeResult looked, IdLog unconfirmed) {
        Waiting waiting = looked.waiting();
        if (waiting.count() == 0) {
            return;
        }
        long deadline = System.nanoTime() + terms.settling().longest().toNanos();
        SecondLook secondLook = new SecondLook(source, terms.withDiffs(), looked.findings(), waiting,
                events.progress());
        try (Progress.Wait wait = announce(waiting)) {
            new Settlement(databases, terms, begun.snapshot(), secondLook).settle(waiting, deadline, unconfirmed);
        }
        if (unconfirmed.count() > 0) {
            events.unconfirmed(unconfirmed.count());
        }
    }

    /** Announces what is waited for: nothing, where the check itself took long enough. */
    private Progress.Wait announce(Waiting waiting) {
        Set<Reason> reasons = waiting.waitFor(source.snapshot());
        return reasons.isEmpty() ? () -> { } : events.waiting(waiting.count(), reasons, terms.settling());
    }

    /** Announces what was found, and makes the report of it. */
    private Report report(Begun begun, Looked looked, SortedIds unconfirmed) {
        Findings findings = looked.result().findings();
        long ok = looked.result().ok() + findings.count(Verdict.OK);
        Run run = new Run(begun.at(), Instant.now(), begun.postgres(), source.isStandby(), begun.neo4j());
        DriftSummary summary = findings.drift().summary(source.projection()::titles);
        Optional<SharedOffset> offset = findings.offset().shared();
        events.progress().end();
        offset.ifPresent(events::offset);
        if (looked.partial()) {
            events.stopped(checkpoint.checkedUpTo(), pace.stop().reason().orElseThrow());
        }
        events.finished(findings, ok, terms.comparison());
        SortedIds toDelete = findings.toDelete();
        SortedIds toReindex = findings.toReindex();
        OtherSpelling.find(graph, events.all(), toReindex);
        Optional<BlastRadius> radius =
                BlastRadiusSurvey.find(graph.relations(), events.all(), toDelete, toReindex, terms.batchSize());
        Scope scope = new Scope(terms.selection(), terms.comparison(), looked.partial(), checkpoint.checkedUpTo());
        Apart apart = new Apart(findings.count(Verdict.ALTERED), findings.count(Verdict.DANGLING),
                looked.unidentified().withoutId(), looked.unidentified().withOtherId(), unconfirmed.count());
        return new Report(toDelete, toReindex, unconfirmed, findings.count(Verdict.MISSING),
                findings.count(Verdict.NOT_DELETED), ok, findings.count(Verdict.OUTDATED),
                findings.count(Verdict.STRANGE), findings.count(Verdict.ALTERED),
                terms.withDiffs() ? Optional.of(findings.diffs()) : Optional.empty(),
                Provenance.of(run, scope, apart, new Picture(offset, summary, radius)));
    }
}
