package syncdata.check;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import syncdata.report.SharedOffset;
import syncdata.rules.Comparison;
import syncdata.rules.Settling.Reason;
import syncdata.rules.Settling;
import syncdata.rules.Verdict;
import syncdata.run.Events;
import syncdata.run.Progress;
import syncdata.run.Stop;
import syncdata.run.TimeSpan;
import syncdata.store.ReadingOrder;

/** Says in events what a check does and finds. */
final class CheckEvents {
    private final Events events;

    CheckEvents(Events events) {
        this.events = events;
    }

    /** Where others say what they find. */
    Events all() {
        return events;
    }

    Progress progress() {
        return events.progress();
    }

    void starting() {
        events.info(Events.Logger.CHECK, "Starting data check", Map.of());
    }

    /** @param lag of the standby; empty where it is not known */
    void standby(String host, Optional<Duration> lag) {
        events.warning(Events.Logger.CHECK,
                "PostgreSQL is a standby: what it may not have received yet is not confirmed",
                Map.of("host", host, "lag", lag.map(TimeSpan::text).orElse("unknown")));
    }

    /** Whether the check resumes, where that is wanted. */
    void resuming(Checkpoint checkpoint) {
        if (checkpoint.isWanted()) {
            events.info(Events.Logger.CHECK, checkpoint.isResumed() ? "Going on with an interrupted check"
                            : checkpoint.isDamaged() ? "The checkpoint is damaged: this check begins anew"
                            : "No check was interrupted: this one begins anew",
                    checkpoint.checkedUpTo().map(id -> Map.of("checked_up_to", id.toString())).orElse(Map.of()));
        }
    }

    void reading(ReadingOrder.Decision decision) {
        events.debug(Events.Logger.CHECK, "Reading PostgreSQL", Map.of("order", decision.order().label(),
                "reason", decision.reason(), "n_estimated", decision.entities(),
                "cost_by_ids", decision.byIds(), "cost_in_blocks", decision.inBlocks()));
    }

    /** @param database that would be read faster by the index which the statement makes */
    void missingIndex(String database, String statement) {
        events.warning(Events.Logger.CHECK, "An index in " + database + " would make this faster",
                Map.of("statement", statement));
    }

    void missingIndexOfChanges(String statement) {
        events.info(Events.Logger.CHECK, "An index would make it quicker to find what was changed",
                Map.of("statement", statement));
    }

    /** @param changed how many entities may have changed; empty where that are too many to look each up */
    void changed(Optional<Integer> changed) {
        events.debug(Events.Logger.CHECK, "Looking for what was changed",
                Map.of("n_changed", changed.map(String::valueOf).orElse("many: all is walked")));
    }

    void allMissing(long otherNodes) {
        events.warning(Events.Logger.CHECK, "Neo4j holds no entity, but knows their label: all are missing",
                Map.of("n_other_nodes", otherNodes));
    }

    /** Shown until it is closed. */
    Progress.Wait waiting(long count, Set<Reason> reasons, Settling settling) {
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
                Map.of("n_waiting", count, "at_most", most, "waits_for", reason));
        return progress().waitingFor(reason);
    }

    void unconfirmed(long count) {
        events.warning(Events.Logger.CHECK, "Some entities could not be confirmed, and are not repaired",
                Map.of("n_unconfirmed", count));
    }

    void offset(SharedOffset offset) {
        events.warning(Events.Logger.CHECK, "A systematic offset",
                Map.of("finding", offset.words(), "systematic_offset", offset.json()));
    }

    void stopped(Optional<UUID> checkedUpTo, Stop.Reason reason) {
        events.warning(Events.Logger.CHECK, "The check stopped before its end",
                Map.of("checked_up_to", checkedUpTo.map(UUID::toString).orElse("null"), "reason", reason.label()));
    }

    /** @param ok all that are the same in both */
    void finished(Findings findings, long ok, Comparison comparison) {
        Map<String, Object> found = new TreeMap<>(Map.of("n_missing", findings.count(Verdict.MISSING),
                "n_not_deleted", findings.count(Verdict.NOT_DELETED), "n_ok", ok,
                "n_outdated", findings.count(Verdict.OUTDATED), "n_strange", findings.count(Verdict.STRANGE)));
        if (comparison == Comparison.CONTENT) {
            found.put("n_altered", findings.count(Verdict.ALTERED));
        }
        events.info(Events.Logger.CHECK, "Data check finished", found);
    }
}
