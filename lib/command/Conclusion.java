package syncdata.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import syncdata.repair.Repair;
import syncdata.report.BlastRadius;
import syncdata.report.Report;
import syncdata.rules.Verdict;
import syncdata.run.Events;

/**
 * What a run came to.
 *
 * @param script     such as {@code check}
 * @param report     what a check found; null where there was no check
 * @param reportFile where the report stands
 * @param repair     what was repaired; null where nothing was to be
 * @param next       what to do about differences that were left, a sentence
 */
public record Conclusion(String script, Report report, Path reportFile, Repair.Result repair, String next) {
    private static final int BEST_SHOWN = 3;
    private static final int KEYS_SHOWN = 4;
    private static final Map<Verdict, String> MEANINGS = new EnumMap<>(Map.of(
            Verdict.OUTDATED, "older in Neo4j",
            Verdict.STRANGE, "newer in Neo4j, without a timestamp, or there twice",
            Verdict.MISSING, "not in Neo4j",
            Verdict.NOT_DELETED, "only in Neo4j"));

    /** Writes the metrics; and, on a terminal, what a person would say at the end. */
    public void tell(Events events, MetricsFile metrics) {
        Duration took = events.elapsed();
        metrics.write(this, took);
        events.tell(summary(took));
    }

    /** Whether all was done that was to be done. */
    boolean succeeded() {
        return !partial() && (repair == null || repair.failed() == 0 && !refused());
    }

    private boolean partial() {
        return report != null && report.isPartial();
    }

    /** Whether a guard stopped the repair. */
    boolean refused() {
        return repair != null && repair.refusal() != null;
    }

    /** How many entities of each class the check found to differ. */
    Map<Verdict, Long> differences() {
        Map<Verdict, Long> differences = new EnumMap<>(Verdict.class);
        differences.put(Verdict.OUTDATED, report.outdated());
        differences.put(Verdict.STRANGE, report.strange());
        differences.put(Verdict.MISSING, report.missing());
        differences.put(Verdict.NOT_DELETED, report.notDeleted());
        return differences;
    }

    /** Lines for a terminal of 80 columns. */
    List<String> summary(Duration took) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (report != null) {
            addFound(lines);
        }
        if (repair != null) {
            addRepaired(lines);
        } else if (report.differences() > 0) {
            lines.add("Nothing was changed.");
        }
        lines.add(row("Report", reportFile.toString().equals("-") ? report == null ? "from standard input" : "on standard output" : reportFile.toString()));
        if (repair != null && repair.journal() != null) {
            lines.add(row("Journal", repair.journal() + ", for checks/undo.java"));
        }
        lines.add(row("Took", took(took)));
        lines.add(row("Next", advice()));
        return lines;
    }

    private void addFound(List<String> lines) {
        long checked = report.ok() + report.differences();
        lines.add(report.differences() == 0 ? (checked == 1 ? "The one entity checked is" : "All " + count(checked) + " entities checked are") + " the same in both databases."
                : count(report.differences()) + " of " + count(checked) + " entities checked " + (report.differences() == 1 ? "differs:" : "differ:"));
        differences().forEach((verdict, count) -> {
            if (count > 0) {
                lines.add(String.format(Locale.ROOT, "%,12d %-12s %s", count, verdict.label(), MEANINGS.get(verdict)));
            }
        });
        if (report.unconfirmed().count() > 0) {
            lines.add(count(report.unconfirmed().count()) + " more may differ, but changed too often to tell.");
        }
        if (partial()) {
            lines.add("The check was stopped before its end: the rest was not compared.");
        }
        if (report.check().get("n_dangling") instanceof Long dangling && dangling > 0) {
            lines.add("Left alone: " + number(dangling, "dangling relation") + " (an end is not in PostgreSQL).");
        }
        if (report.check().get("blast_radius") instanceof BlastRadius radius) {
            addRadius(lines, radius);
        }
    }

    private void addRadius(List<String> lines, BlastRadius radius) {
        if (radius.nRelationsDeleted() > 0) {
            String keys = radius.relationsDeletedByKey().entrySet().stream().limit(KEYS_SHOWN).map(entry -> count(entry.getValue()) + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
            boolean more = radius.relationsDeletedByKey().size() > KEYS_SHOWN;
            lines.add("With the deleted go " + (radius.exact() ? "" : "about ") + number(radius.nRelationsDeleted(), "relation") + ": " + keys + (more ? ", …" : "") + ".");
        }
        if (!radius.bestConnected().isEmpty()) {
            lines.add("Best connected of those that differ:");
            radius.bestConnected().stream().limit(BEST_SHOWN).forEach(entity -> lines.add(String.format(Locale.ROOT, "%,10d relations  %s  %s",
                    entity.nRelations(), entity.entityId(), entity.type())));
        }
    }

    private void addRepaired(List<String> lines) {
        List<String> done = new ArrayList<>();
        done.add(count(repair.deleted()) + " deleted");
        done.add(count(repair.reindexed()) + " reindexed");
        if (repair.healed() > 0) {
            done.add(count(repair.healed()) + " needed nothing any more");
        }
        if (repair.failed() > 0) {
            done.add(count(repair.failed()) + " FAILED");
        }
        lines.add("Repaired in Neo4j: " + String.join(", ", done) + ".");
    }

    private String advice() {
        if (refused()) {
            return "read why below, and repair again once you know";
        }
        if (partial()) {
            return "the same command again, with time for all of it";
        }
        if (repair != null) {
            return repair.failed() > 0 ? "see the errors above; the same command again repairs what is left" : "nothing: a dry run now would find both in sync";
        }
        if (report.differences() == 0) {
            return report.unconfirmed().count() == 0 ? "nothing" : "the same command again, later";
        }
        return next;
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "%-8s %s", name, value);
    }

    private static String took(Duration took) {
        return took.toMillis() < 10_000 ? String.format(Locale.ROOT, "%.1fs", took.toMillis() / 1000.0) : ProgressDisplay.time(took.toSeconds());
    }

    private static String number(long count, String what) {
        return count(count) + " " + what + (count == 1 ? "" : "s");
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
