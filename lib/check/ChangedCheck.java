package syncdata.check;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import syncdata.rules.Difference;
import syncdata.rules.Snapshot;
import syncdata.run.Progress;
import syncdata.store.Databases;

/** The check of those entities that either database says were changed: each is looked up by its id on both sides. */
final class ChangedCheck {
    private final Databases databases;
    private final CheckTerms terms;
    private final Confirmation firstLook;
    private final Findings findings = new Findings();
    private final Waiting waiting = new Waiting();
    private final Suspects suspects;
    private long ok;

    private ChangedCheck(Databases databases, CheckTerms terms, Snapshot began, Progress progress) {
        this.databases = databases;
        this.terms = terms;
        this.firstLook = new Confirmation(databases, terms.comparison());
        this.suspects = new Suspects(databases, terms, began,
                new SecondLook(databases.source(), terms.withDiffs(), findings, waiting, progress));
    }

    /**
     * Looks up each entity, and those that seem to differ once more. Stops early where the run is to stop.
     *
     * @param began when the check began
     * @param ids   in their order
     */
    static RangeResult of(Databases databases, CheckTerms terms, Snapshot began, NavigableSet<UUID> ids,
            Progress progress) {
        ChangedCheck check = new ChangedCheck(databases, terms, began, progress);
        try {
            check.look(ids, progress);
            return new RangeResult(check.ok, 0, 0, check.findings, check.waiting);
        } catch (RuntimeException e) {
            check.findings.close();
            check.waiting.close();
            throw e;
        }
    }

    private void look(NavigableSet<UUID> ids, Progress progress) {
        Iterator<UUID> left = ids.iterator();
        while (left.hasNext() && databases.pace().beforeBatch(terms.batchSize())) {
            List<UUID> batch = new ArrayList<>();
            while (left.hasNext() && batch.size() < terms.batchSize()) {
                batch.add(left.next());
            }
            firstLook.judge(batch, terms.selection(), part -> part.forEach(this::take));
            progress.advance(batch.size());
        }
        suspects.finish();
    }

    private void take(Difference difference) {
        switch (difference.verdict()) {
            case OK -> ok++;
            case NOT_DELETED, ALTERED -> suspects.add(difference.id(), Optional.of(difference.verdict()));
            case OUTDATED, STRANGE, MISSING, DANGLING -> suspects.add(difference.id(), Optional.empty());
            case GONE, NOT_SELECTED -> { }
        }
    }
}
