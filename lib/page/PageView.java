package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import syncdata.report.BlastRadius;
import syncdata.report.DriftSummary;
import syncdata.report.Provenance;
import syncdata.report.Report;
import syncdata.report.ReportComparison;
import syncdata.rules.Comparison;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/** Makes the {@link Page} of reports. */
final class PageView {
    private static final int OLDEST = 3;

    private final List<PageContent> reports;
    private final Optional<ReportComparison> comparison;
    private final Optional<RepairOutcome> outcome;
    private final PageContent content;
    private final Report report;
    private final Optional<DriftSummary> summary;

    /**
     * @param reports    the latest last
     * @param comparison of all of them, where there are several
     * @param outcome    of a repair of the latest, where there was one
     */
    PageView(List<PageContent> reports, Optional<ReportComparison> comparison, Optional<RepairOutcome> outcome) {
        this.reports = reports;
        this.comparison = comparison;
        this.outcome = outcome;
        this.content = reports.get(reports.size() - 1);
        this.report = content.report();
        this.summary = content.summary();
    }

    Page page(Page.Asset style, Page.Asset script) {
        return new Page(title(), reports.size() == 1
                ? "Report " + content.name() : reports.size() + " reports, the latest " + content.name(),
                left() == 0 ? "good" : "bad", verdict(), remarks(), comparison.map(all -> PageHistory.of(reports, all)),
                tiles(), apart(), oldest(), offset(), typeBars(),
                summary.map(drift -> new DriftPlots(content.name(), drift).all()).orElse(List.of()), radius(),
                shownOf(), content.rows(), Look.all().stream().map(look -> look.verdict().label())
                .filter(word -> content.rows().stream().anyMatch(row -> row.verdict().equals(word))).toList(),
                content.rows().stream().map(PageRow::type).filter(type -> !type.isEmpty()).distinct().sorted().toList(),
                provenance(), Look.all(), style, script);
    }

    /** The number of differences that are left, as far as it is known. */
    private long left() {
        return outcome.map(RepairOutcome::left).orElse(report.differences());
    }

    private String title() {
        boolean repaired = outcome.isPresent() && report.differences() > 0;
        String verdict = left() > 0 ? Words.count(left(), "difference") : repaired ? "Repaired" : "In sync";
        return verdict + " – " + content.name();
    }

    private String verdict() {
        return outcome.filter(done -> report.differences() > 0).map(done -> done.words(report.differences()))
                .orElseGet(() -> found(report));
    }

    /** What a check found, as a sentence. */
    static String found(Report report) {
        long differences = report.differences();
        if (differences == 0) {
            return report.checked() == 0 ? "Nothing was there to check." : "In sync: "
                    + (report.checked() == 1 ? "the 1 entity" : "all " + Words.entities(report.checked()))
                    + (report.comparison() == Comparison.CONTENT
                            ? " checked are the same" : " checked have the same timestamps")
                    + " in Neo4j as in PostgreSQL.";
        }
        return Words.count(differences) + " of " + Words.entities(report.checked())
                + (differences == 1 ? " differs (" : " differ (")
                + Words.share(differences, report.checked()) + "): " + sentence(report.classes()) + ".";
    }

    private Optional<Page.Rows<PageRow>> oldest() {
        boolean more = report.differences() > OLDEST
                && content.rows().stream().anyMatch(row -> !row.changed().isEmpty());
        return Page.Rows.unlessEmpty(more
                ? content.rows().subList(0, Math.min(OLDEST, content.rows().size())) : List.of());
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (outcome.isPresent() && report.differences() > 0) {
            remarks.add("The check found: " + found(report) + " What follows is what was found, before the repair.");
        }
        outcome.flatMap(RepairOutcome::refusal)
                .ifPresent(refusal -> remarks.add("Nothing was deleted: " + refusal + "."));
        Provenance provenance = report.provenance();
        provenance.startedAt().ifPresent(started -> content.finished().ifPresent(finished ->
                remarks.add("Checked from " + Words.minute(started) + " UTC on, for "
                        + Words.duration(Duration.between(started, finished))
                        + ": " + named(provenance.postgres(), "PostgreSQL")
                        + " beside " + named(provenance.neo4j(), "Neo4j") + ".")));
        if (!provenance.entityTypes().isEmpty()) {
            remarks.add("Only these types were checked: " + String.join(", ", provenance.entityTypes()) + ".");
        }
        provenance.changedAfter().ifPresent(date ->
                remarks.add("Only entities changed after " + date + " were checked."));
        if (provenance.isPartial()) {
            remarks.add("The check was stopped before its end: " + provenance.checkedUpTo()
                    .map(id -> "what follows " + id + " in the order of ids was not looked at.")
                    .orElse("not all was looked at."));
        }
        if (report.differences() > 0 && outcome.isEmpty()) {
            remarks.add("This is what the check found; a repair may have run since.");
        }
        if (summary.isEmpty() && report.differences() > 0) {
            remarks.add(
                    "The report does not sum up its differences: neither types, nor how far behind, nor when changed "
                    + "can be shown for all of them."
                    + " A report that sync-data or check writes now does.");
        }
        return remarks;
    }

    private static String named(Provenance.Database database, String otherwise) {
        return database.name().orElse(otherwise) + " on " + database.host().orElse("an unnamed host");
    }

    private List<Page.Tile> tiles() {
        Page.Tile same = new Page.Tile(Optional.empty(), Verdict.OK.label(), Words.count(report.ok()),
                Words.share(report.ok(), report.checked()) + " of those checked");
        return Stream.concat(Stream.of(same), Look.all().stream().filter(this::isCounted)
                .map(look -> new Page.Tile(Optional.of(look.fill()), look.verdict().label(),
                Words.count(report.count(look.verdict())), look.verdict().meaning()))).toList();
    }

    /** Whether a class was looked for: altered entities were not, where only timestamps were compared. */
    private boolean isCounted(Look look) {
        return look.verdict() != Verdict.ALTERED || report.comparison() == Comparison.CONTENT || report.altered() > 0;
    }

    private Optional<String> apart() {
        List<String> parts = new ArrayList<>();
        long dangling = report.provenance().dangling();
        long withoutId = report.provenance().withoutId();
        long otherId = report.provenance().withOtherId();
        if (dangling > 0) {
            parts.add(Words.count(dangling) + " dangling (relations that lack an end in PostgreSQL)");
        }
        if (withoutId > 0) {
            parts.add(Words.count(withoutId) + " without an id in Neo4j");
        }
        if (otherId > 0) {
            parts.add(Words.count(otherId) + " with an id in Neo4j that is no lower-case UUID");
        }
        long unconfirmed = report.provenance().unconfirmed();
        if (unconfirmed > 0) {
            parts.add(Words.count(unconfirmed) + " unconfirmed (still changing while they were looked at again)");
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(sentence(parts));
    }

    private Optional<Page.Rows<Page.TypeBar>> typeBars() {
        Map<String, Long> totals = summary.map(DriftSummary::totals).orElse(Map.of());
        long most = totals.values().stream().max(Long::compare).orElse(1L);
        return Page.Rows.unlessEmpty(totals.entrySet().stream()
                .map(type -> new Page.TypeBar(type.getKey(), Words.count(type.getValue()),
                parts(summary.orElseThrow().byType().get(type.getKey()), most))).toList());
    }

    private static List<Page.Part> parts(Map<Verdict, Long> classes, long most) {
        List<Page.Part> parts = new ArrayList<>();
        double x = 0;
        for (Look look : Look.all()) {
            long count = classes.getOrDefault(look.verdict(), 0L);
            if (count > 0) {
                double width = Math.max(0.6, 99.0 * count / Math.max(1, most));
                parts.add(new Page.Part(look.fill(), look.verdict().label(), Words.count(count), Chart.percent(x),
                        Chart.percent(width)));
                x += width;
            }
        }
        return parts;
    }

    private Optional<String> offset() {
        return report.provenance().systematicOffset().map(shared -> shared.words() + ".");
    }

    private Optional<Page.Radius> radius() {
        return report.provenance().blastRadius().map(PageView::radius);
    }

    private static Page.Radius radius(BlastRadius radius) {
        String about = radius.exact() ? "" : "About ";
        long relations = radius.nRelationsDeleted();
        String sentence = relations == 0 ? "No relation goes with what is to be deleted."
                : about + (relations == 1 ? "1 relation goes" : Words.count(relations) + " relations go")
                + " with the nodes that are to be deleted."
                        + (about.isEmpty() ? "" : " " + Words.entities(radius.nLookedAt()) + " were looked at.");
        List<List<String>> keys = radius.relationsDeletedByKey().entrySet().stream()
                .map(key -> List.of(key.getKey(), Words.count(key.getValue()))).toList();
        List<List<String>> best = radius.bestConnected().stream().map(entity -> List.of(
                Objects.requireNonNullElse(entity.title(), "(no title)"), entity.type(),
                Words.count(entity.nRelations()), entity.repair(), entity.entityId())).toList();
        return new Page.Radius(sentence, Stream.of(
                table("The best connected of the entities that differ",
                        List.of("Entity", "Type", "Relations", "Repair", "Id"), best),
                table("Relations that go with the deleted nodes", List.of("Key", "Relations"), keys))
                .filter(table -> !table.rows().isEmpty()).toList());
    }

    private static Page.Table table(String caption, List<String> columns, List<List<String>> rows) {
        return new Page.Table(caption, columns, rows.stream().map(row -> IntStream.range(0, columns.size())
                .mapToObj(i -> new Cell(columns.get(i), row.get(i))).toList()).toList());
    }

    private String shownOf() {
        long all = report.differences();
        int shown = content.rows().size();
        if (all == 0) {
            return "There are none.";
        }
        if (shown >= all) {
            return (all == 1 ? "It is here"
                    : "All " + Words.count(all) + " are here, the one last changed longest ago first") + ".";
        }
        return "This page shows " + Words.count(shown) + " of " + Words.count(all) + " differences"
                + (summary.isEmpty() ? "" : ": of each class those last changed longest ago, the oldest of all first")
                + ". The report has the ids of all.";
    }

    private List<Page.Fact> provenance() {
        List<Page.Fact> facts = new ArrayList<>();
        facts.add(new Page.Fact("report", content.name()));
        report.provenance().facts().properties()
                .forEach(field -> addFacts(facts, field.getKey(), field.getValue()));
        if (facts.size() == 1) {
            facts.add(new Page.Fact("check", "The report does not say which databases it was made from, nor when."));
        }
        return facts;
    }

    private static void addFacts(List<Page.Fact> facts, String name, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(field -> addFacts(facts, name + " " + field.getKey(), field.getValue()));
        } else {
            facts.add(new Page.Fact(name.replace('_', ' '),
                    value.isArray() ? texts(value) : value.isNull() ? "–" : value.asText()));
        }
    }

    private static String texts(JsonNode list) {
        return list.valueStream().map(item -> item.isValueNode() ? item.asText() : item.toString())
                .collect(Collectors.joining(", "));
    }

    private static String sentence(List<String> parts) {
        return parts.size() < 2 ? String.join("", parts)
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.get(parts.size() - 1);
    }
}
