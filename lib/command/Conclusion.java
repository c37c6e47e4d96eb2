package syncdata.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import syncdata.page.RepairOutcome;
import syncdata.repair.RepairResult;
import syncdata.report.BlastRadius;
import syncdata.report.DriftSummary;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/**
 * The conclusion of a run: what it found and did.
 *
 * @param report     what a check found; empty without a check
 * @param reportFile the file of the report, or {@code -}
 * @param repair     what a repair did; empty without a repair
 * @param asked      the number of entities that the repair was asked to repair
 */
public record Conclusion(Invocation invocation, Optional<Report> report, Path reportFile,
        Optional<RepairResult> repair, long asked) {
    private static final int COLUMNS = 80;
    private static final int OLDEST_SHOWN = 3;
    private static final int TYPES_SHOWN = 4;
    private static final int KEYS_SHOWN = 4;
    /** The least relations that go with deleted nodes and are worth a line. */
    private static final int MANY_RELATIONS = 100;
    private static final Path STANDARD_STREAM = Path.of("-");

    /** The conclusion of a check. */
    public static Conclusion ofCheck(Invocation invocation, Report report, Path reportFile) {
        return new Conclusion(invocation, Optional.of(report), reportFile, Optional.empty(), 0);
    }

    /** The conclusion of a check and the repair of what it found. */
    public static Conclusion ofCheckAndRepair(Invocation invocation, Report report, Path reportFile,
            RepairResult repair) {
        return new Conclusion(invocation, Optional.of(report), reportFile, Optional.of(repair), report.differences());
    }

    /** The conclusion of a repair of what a saved report names. */
    public static Conclusion ofRepair(Invocation invocation, Path reportFile, RepairResult repair, long asked) {
        return new Conclusion(invocation, Optional.empty(), reportFile, Optional.of(repair), asked);
    }

    /** What the repair did, for the report page. */
    Optional<RepairOutcome> outcome() {
        return repair.map(done -> new RepairOutcome(done.deleted(), done.reindexed(), done.healed(), done.failed(),
                left(), done.refusal()));
    }

    /** Whether the run did everything it was to do. */
    boolean succeeded() {
        return !partial() && !refused() && repair.map(done -> done.failed() == 0).orElse(true);
    }

    private boolean partial() {
        return report.map(Report::isPartial).orElse(false);
    }

    /** Whether a guard stopped the repair. */
    boolean refused() {
        return repair.flatMap(RepairResult::refusal).isPresent();
    }

    /** The number of differences that are left, as far as the run knows. */
    long left() {
        long found = report.map(Report::differences).orElse(asked);
        return repair.map(done -> Math.max(0, asked - done.deleted() - done.reindexed() - done.healed())).orElse(found);
    }

    /** The summary, in lines of 80 columns. */
    List<String> summary(Duration took) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        report.ifPresent(found -> addFound(lines, found));
        repair.ifPresentOrElse(done -> lines.add(repaired(done)), () -> {
            if (left() > 0) {
                lines.add("Nothing was changed.");
            }
        });
        lines.add(row("Report", reportPlace()));
        lines.add(row("Took", took(took)));
        lines.add(row("Next", next()));
        repair.flatMap(RepairResult::journal).ifPresent(journal ->
                lines.add(row("Undo", invocation.other("undo", journal.toString()))));
        return lines;
    }

    private String reportPlace() {
        if (!reportFile.equals(STANDARD_STREAM)) {
            return reportFile.toString();
        }
        return report.isPresent() ? "on standard output" : "from standard input";
    }

    private void addFound(List<String> lines, Report found) {
        lines.add(verdict(found.checked(), found.differences(), found.comparison() == Comparison.CONTENT));
        for (Verdict verdict : Verdict.DIFFERENCES) {
            if (found.count(verdict) > 0) {
                lines.add(String.format(Locale.ROOT, "%,12d %-12s %s", found.count(verdict), verdict.label(),
                        verdict.meaning()));
            }
        }
        found.provenance().summary().filter(summary -> found.differences() > 0).ifPresent(summary -> {
            addTypes(lines, summary);
            if (repair.isEmpty()) {
                addOldest(lines, summary);
            }
        });
        if (found.unconfirmed().count() > 0) {
            lines.add(Words.count(found.unconfirmed().count()) + " more may differ, but changed too often to tell.");
        }
        if (found.isPartial()) {
            lines.add("The check was stopped before its end: the rest was not compared.");
        }
        long dangling = found.provenance().dangling();
        if (dangling > 0) {
            lines.add("Left alone: " + number(dangling, "dangling relation") + " (an end is not in PostgreSQL).");
        }
        found.provenance().blastRadius().filter(radius -> radius.nRelationsDeleted() >= MANY_RELATIONS)
                .ifPresent(radius -> lines.add(relationsThatGo(radius)));
    }

    private static String verdict(long checked, long differences, boolean content) {
        if (differences > 0) {
            return Words.count(differences) + " of " + Words.count(checked) + " entities checked "
                    + (differences == 1 ? "differs:" : "differ:");
        }
        String who = checked == 1 ? "The one entity checked " : "All " + Words.count(checked) + " entities checked ";
        if (content) {
            return who + (checked == 1 ? "is" : "are") + " the same in both databases.";
        }
        return who + (checked == 1 ? "has the same timestamp" : "have the same timestamps") + " in both databases.";
    }

    private static void addTypes(List<String> lines, DriftSummary summary) {
        Map<String, Long> types = summary.totals();
        List<String> parts = types.entrySet().stream().limit(TYPES_SHOWN)
                .map(type -> Words.count(type.getValue()) + " " + type.getKey())
                .collect(Collectors.toCollection(ArrayList::new));
        if (types.size() > TYPES_SHOWN) {
            parts.add("…");
        }
        lines.add(cut("By type: " + String.join(", ", parts)));
    }

    private static void addOldest(List<String> lines, DriftSummary summary) {
        List<DriftSummary.Entity> oldest = summary.oldest().stream().limit(OLDEST_SHOWN).toList();
        if (oldest.isEmpty()) {
            return;
        }
        lines.add(oldest.size() == 1 ? "It was last changed:" : "Last changed longest ago:");
        for (DriftSummary.Entity entity : oldest) {
            lines.add(cut(String.format(Locale.ROOT, "  %s  %s %s", entity.id(), entity.verdict().label(),
                    entity.type() == null ? "" : entity.type())));
            lines.add(cut("    " + entity.lastChanged()
                    .map(changed -> changed.substring(0, Math.min(10, changed.length()))).orElse("(no date)")
                    + "  " + (entity.title() == null ? "(no title)" : entity.title())));
        }
    }

    private static String relationsThatGo(BlastRadius radius) {
        Map<String, Long> keys = radius.relationsDeletedByKey().entrySet().stream().limit(KEYS_SHOWN)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, LinkedHashMap::new));
        String shown = keys.entrySet().stream().map(key -> Words.count(key.getValue()) + " " + key.getKey())
                .collect(Collectors.joining(", "));
        return cut("Deleting takes " + (radius.exact() ? "" : "about ")
                + number(radius.nRelationsDeleted(), "relationship") + " with it: "
                + shown + (radius.relationsDeletedByKey().size() > KEYS_SHOWN ? ", …" : ""));
    }

    private static String repaired(RepairResult done) {
        List<String> parts = new ArrayList<>();
        parts.add(Words.count(done.deleted()) + " deleted");
        parts.add(Words.count(done.reindexed()) + " reindexed");
        if (done.healed() > 0) {
            parts.add(Words.count(done.healed()) + " needed nothing any more");
        }
        if (done.ends() > 0) {
            parts.add(Words.count(done.ends()) + " more where relations end");
        }
        if (done.failed() > 0) {
            parts.add(Words.count(done.failed()) + " FAILED");
        }
        return "Repaired in Neo4j: " + String.join(", ", parts) + ".";
    }

    /** The command to go on with, or why there is none. */
    private String next() {
        if (refused()) {
            return "read why below, and repair again once you know";
        }
        if (partial()) {
            return invocation.again("--resume");
        }
        if (repair.isPresent()) {
            return left() > 0 || unconfirmed()
                    ? invocation.again() : invocation.other("check", "--check-results-file", "after.json");
        }
        if (left() > 0) {
            boolean saved = !reportFile.equals(STANDARD_STREAM);
            return saved ? invocation.other("apply-report", reportFile.toString())
                    : "save the report: apply-report repairs from it";
        }
        return unconfirmed() ? invocation.again() : "nothing";
    }

    private boolean unconfirmed() {
        return report.map(found -> found.unconfirmed().count() > 0).orElse(false);
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "%-8s %s", name, value);
    }

    static String took(Duration took) {
        return took.toMillis() < 10_000
                ? String.format(Locale.ROOT, "%.1fs", took.toMillis() / 1000.0) : Words.time(took.toSeconds());
    }

    private static String number(long count, String what) {
        return Words.count(count, what);
    }

    /** A line within 80 columns, its control characters visible. */
    private static String cut(String text) {
        return Words.shortened(Words.visible(text), COLUMNS);
    }
}
