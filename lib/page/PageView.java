package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.function.Function;
import java.util.stream.Stream;
import syncdata.report.DriftCollector;
import syncdata.report.DriftSummary;
import syncdata.report.ReportComparison;
import syncdata.report.SystematicOffset;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Comparison;
import syncdata.rules.Verdict;
import syncdata.run.InputException;
import syncdata.run.Words;

/** What a page says of reports, by the names that {@code lib/page/page.html} has for it. */
final class PageView {
    static final List<Verdict> CLASSES =
            List.of(Verdict.MISSING, Verdict.OUTDATED, Verdict.STRANGE, Verdict.ALTERED, Verdict.NOT_DELETED);
    private static final int OLDEST = 3;
    private static final int FEWEST_BINS = 6;
    /** Short names of {@link DriftCollector#BEHIND_EDGES}. */
    private static final List<String> EDGE_NAMES =
            List.of("0", "1 s", "10 s", "1 min", "10 min", "1 h", "6 h", "1 d", "7 d", "30 d", "1 y", "10 y");
    private static final String INFINITY = "infinity";
    /** What stands in a report's check and has a place of its own in the page. */
    private static final Set<String> NOT_PROVENANCE = Set.of("summary", "systematic_offset", "blast_radius");
    /** Room below a plot for the names of its ticks. */
    static final int TICK_NAMES = 30;

    // What the template asks for; names are those of the template.

    private record Tile(String fill, String name, String count, String meaning) {
    }

    private record Part(String fill, String verdict, String count, String x, String width) {
    }

    private record TypeBar(String name, String total, List<Part> parts) {
    }

    private record BinCount(String name, String count) {
    }

    /** A plot of columns, with a table that says the same. */
    private record Plot(String key, String heading, String sentence, String said, String fill, String axis,
            String caption, String column,
                        Chart chart, List<BinCount> bins) {
        int fullHeight() {
            return chart.height() + TICK_NAMES;
        }

        int notch() {
            return chart.height() + 5;
        }
    }

    private record Fact(String name, String value) {
    }

    private final List<PageContent> reports;
    private final ReportComparison comparison;
    private final PageContent report;
    private final DriftSummary summary;

    /**
     * @param reports    the latest last
     * @param comparison of all of them; null where there is only one
     */
    PageView(List<PageContent> reports, ReportComparison comparison) {
        this.comparison = comparison;
        this.reports = reports;
        this.report = reports.get(reports.size() - 1);
        this.summary = report.summary();
    }

    /** All of it. */
    Map<String, Object> all() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("title", (report.differences() == 0 ? "In sync" : Words.count(report.differences()) + " differences")
                + " – " + report.name());
        view.put("heading", reports.size() == 1
                ? "Report " + report.name() : reports.size() + " reports, the latest " + report.name());
        view.put("mood", report.differences() == 0 ? "good" : "bad");
        view.put("verdict", verdict());
        view.put("remarks", remarks());
        view.put("tiles", tiles());
        view.put("apart", apart());
        view.put("first", report.differences() > OLDEST
                && report.rows().stream().anyMatch(row -> !row.changed().isEmpty())
                ? Map.of("rows", report.rows().subList(0, Math.min(OLDEST, report.rows().size()))) : null);
        view.put("types", summary == null || summary.byType().isEmpty() ? null : Map.of("rows", typeBars()));
        view.put("plots", Stream.concat(Stream.ofNullable(behind()), missing().stream()).toList());
        view.put("finding", finding());
        view.put("radius", radius());
        view.put("history", comparison == null ? null : PageHistory.of(reports, comparison));
        view.put("shownOf", shownOf());
        view.put("hasRows", !report.rows().isEmpty());
        view.put("rows", report.rows());
        view.put("classes", report.rows().stream().map(PageRow::verdict).distinct().sorted().toList());
        view.put("typeNames", report.rows().stream().map(PageRow::type).filter(type -> !type.isEmpty()).distinct()
                .sorted().toList());
        view.put("provenance", provenance());
        return view;
    }

    private String verdict() {
        long differences = report.differences();
        if (differences == 0) {
            return report.checked() == 0 ? "Nothing was there to check."
                    : "In sync: " + (report.checked() == 1 ? "the 1 entity" : "all " + Words.entities(report.checked()))
                    + " checked " + (comparesContent() ? "are the same in Neo4j as in PostgreSQL."
                            : "have the same timestamps in Neo4j as in PostgreSQL.");
        }
        List<String> classes = CLASSES.stream().filter(verdict -> report.count(verdict) > 0)
                .map(verdict -> Words.count(report.count(verdict)) + " " + verdict.label()).toList();
        return Words.count(differences) + " of " + Words.entities(report.checked())
                + (differences == 1 ? " differs (" : " differ (") + Words.share(differences, report.checked()) + "): "
                + sentence(classes) + ".";
    }

    private boolean comparesContent() {
        return Comparison.CONTENT.label().equals(report.check().path("compared").asText());
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        JsonNode check = report.check();
        Instant started = GraphTimestamp.parse(check.path("started").asText());
        Instant finished = report.finished();
        if (started != null && finished != null) {
            remarks.add("Checked from " + Words.minute(started) + " UTC on, for "
                    + Words.duration(Duration.between(started, finished))
                    + ": " + check.at("/postgresql/name").asText("PostgreSQL") + " on "
                    + check.at("/postgresql/host").asText("an unnamed host")
                    + " beside " + check.at("/neo4j/name").asText("Neo4j") + " on "
                    + check.at("/neo4j/host").asText("an unnamed host") + ".");
        }
        if (check.path("entity_types").isArray()) {
            remarks.add("Only these types were checked: " + texts(check.get("entity_types")) + ".");
        }
        if (check.path("changed_after").isTextual()) {
            remarks.add("Only entities changed after " + check.get("changed_after").asText() + " were checked.");
        }
        if (check.path("partial").asBoolean()) {
            remarks.add("The check was stopped before its end: "
                    + (check.path("checked_up_to").isTextual() ? "what follows " + check.get("checked_up_to").asText()
                            + " in the order of ids was not looked at." : "not all was looked at."));
        }
        if (report.differences() > 0) {
            remarks.add("This is what the check found; a repair may have run since.");
        }
        if (summary == null && report.differences() > 0) {
            remarks.add(
                    "The report does not sum up its differences: neither types, nor how far behind, nor when changed "
                    + "can be shown for all of them."
                    + " A report that sync-data or check writes now does.");
        }
        return remarks;
    }

    private List<Tile> tiles() {
        boolean content = comparesContent() || report.count(Verdict.ALTERED) > 0;
        Stream<Tile> altered = content
                ? Stream.of(tile(Verdict.ALTERED, "same time, another content")) : Stream.empty();
        return Stream.of(Stream.of(
                new Tile(null, Verdict.OK.label(), Words.count(report.ok()),
                        Words.share(report.ok(), report.checked()) + " of those checked"),
                tile(Verdict.MISSING, "not in Neo4j"),
                tile(Verdict.OUTDATED, "older in Neo4j"),
                tile(Verdict.STRANGE, "newer, unreadable or twice in Neo4j")), altered,
                Stream.of(tile(Verdict.NOT_DELETED, "only in Neo4j"))).flatMap(Function.identity()).toList();
    }

    private Tile tile(Verdict verdict, String meaning) {
        return new Tile(PageRow.fill(verdict.label()), verdict.label(), Words.count(report.count(verdict)), meaning);
    }

    /** Null where there is nothing. */
    private String apart() {
        List<String> parts = new ArrayList<>();
        long dangling = report.check().path("n_dangling").asLong();
        long withoutId = report.check().path("n_without_id").asLong();
        long otherId = report.check().path("n_with_other_id").asLong();
        if (dangling > 0) {
            parts.add(Words.count(dangling) + " dangling (relations that lack an end in PostgreSQL)");
        }
        if (withoutId > 0) {
            parts.add(Words.count(withoutId) + " without an id in Neo4j");
        }
        if (otherId > 0) {
            parts.add(Words.count(otherId) + " with an id in Neo4j that is no lower-case UUID");
        }
        long unconfirmed = report.check().path("n_unconfirmed").asLong();
        if (unconfirmed > 0) {
            parts.add(Words.count(unconfirmed) + " unconfirmed (still changing while they were looked at again)");
        }
        return parts.isEmpty() ? null : sentence(parts);
    }

    private List<TypeBar> typeBars() {
        long most = summary.byType().values().stream().mapToLong(PageView::total).max().orElse(1);
        return summary.byType().entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Map<Verdict, Long>> type) -> total(type.getValue()))
                        .reversed().thenComparing(Map.Entry::getKey))
                .map(type -> new TypeBar(type.getKey(), Words.count(total(type.getValue())),
                        parts(type.getValue(), most))).toList();
    }

    private static List<Part> parts(Map<Verdict, Long> classes, long most) {
        List<Part> parts = new ArrayList<>();
        double x = 0;
        for (Verdict verdict : CLASSES) {
            long count = classes.getOrDefault(verdict, 0L);
            if (count > 0) {
                double width = Math.max(0.6, 99.0 * count / Math.max(1, most));
                parts.add(new Part(PageRow.fill(verdict.label()), verdict.label(), Words.count(count), Chart.percent(x),
                        Chart.percent(width)));
                x += width;
            }
        }
        return parts;
    }

    private static long total(Map<Verdict, Long> classes) {
        return classes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How far behind the outdated ones are; null where there are none. */
    private Plot behind() {
        if (summary == null || summary.behind().isEmpty()) {
            return null;
        }
        List<Long> edges = DriftCollector.BEHIND_EDGES;
        Map<Long, Long> counts = summary.behind().stream()
                .collect(Collectors.toMap(DriftSummary.Behind::fromSeconds, DriftSummary.Behind::n, Long::sum));
        int first = edges.indexOf(summary.behind().get(0).fromSeconds());
        int last = edges.indexOf(summary.behind().get(summary.behind().size() - 1).fromSeconds());
        if (first < 0 || last < first) {
            throw new InputException("The report " + report.name() + " has a summary with a bin of " + summary.behind()
                    + ", which is none that a check writes: take the report as it was written");
        }
        int to = Math.min(edges.size() - 1, Math.max(last + 1, first + FEWEST_BINS - 2));
        int from = Math.max(0, Math.min(first - 1, to - FEWEST_BINS + 1));
        List<Chart.Bin> bins = IntStream.rangeClosed(from, to)
                .mapToObj(i -> new Chart.Bin(behindName(i), counts.getOrDefault(edges.get(i), 0L))).toList();
        List<String> names = IntStream.rangeClosed(from, to + 1)
                .mapToObj(i -> i < edges.size() ? EDGE_NAMES.get(i) : "").toList();
        Chart.Bin most = bins.stream().max(Comparator.comparing(Chart.Bin::n)).orElseThrow();
        long all = bins.stream().mapToLong(Chart.Bin::n).sum();
        String sentence = all == 1 ? "The one that is outdated is " + most.name() + " behind." : all == most.n()
                ? "All " + Words.count(all) + " outdated are " + most.name() + " behind."
                : "The largest group, " + Words.count(most.n()) + " of " + Words.count(all) + " ("
                + Words.share(most.n(), all) + "), is " + most.name() + " behind.";
        return new Plot("behind", "How far behind the outdated ones are", sentence,
                "Columns: how many outdated entities are how far behind. " + sentence, "outdated",
                "how far Neo4j is behind PostgreSQL, logarithmic (s seconds, d days, y years)",
                "How far behind the outdated entities are", "Behind",
                Chart.histogram(bins, names),
                bins.stream().map(bin -> new BinCount(bin.name(), Words.count(bin.n()))).toList());
    }

    private static String behindName(int bin) {
        List<Long> edges = DriftCollector.BEHIND_EDGES;
        if (bin == 0) {
            return "less than " + seconds(edges.get(1));
        }
        return bin + 1 < edges.size()
                ? seconds(edges.get(bin)) + " to " + seconds(edges.get(bin + 1)) : seconds(edges.get(bin)) + " or more";
    }

    private static String seconds(long seconds) {
        return seconds == 0 ? "0" : Words.duration(Duration.ofSeconds(seconds));
    }

    /** When the missing ones were last changed: all of that time, and closer the part in which most of them were. */
    private List<Plot> missing() {
        DriftSummary.Timeline timeline = summary == null ? null : summary.missingLastChanged();
        List<Chart.Moment> moments = timeline == null ? List.of() : moments(timeline.bins(), timeline.secondsPerBin());
        if (moments.isEmpty()) {
            return List.of();
        }
        long all = moments.stream().mapToLong(Chart.Moment::n).sum();
        long infinite = timeline.bins().getOrDefault(INFINITY, 0L);
        String sentence = changed(timeline, moments, all)
                + (infinite == 0 ? "" : " " + Words.count(infinite) + " more have an infinite last_updated_at.");
        Plot whole = timeline("missing", "When the missing ones were last changed", sentence, moments,
                timeline.secondsPerBin());
        if (timeline.most() == null) {
            return List.of(whole);
        }
        return List.of(whole, timeline("closer", "The same, closer", "Only the time in which most were changed.",
                moments(timeline.most().bins(), timeline.most().secondsPerBin()), timeline.most().secondsPerBin()));
    }

    private static Plot timeline(String key, String heading, String sentence, List<Chart.Moment> moments,
            long seconds) {
        return new Plot(key, heading, sentence,
                "Columns over time: how many missing entities were last changed when. " + sentence, "missing",
                "last_updated_at in PostgreSQL, UTC; a column is " + seconds(seconds), heading, "From (UTC)",
                Chart.timeline(moments, seconds),
                moments.stream().map(moment -> new BinCount(moment.name(), Words.count(moment.n()))).toList());
    }

    private String changed(DriftSummary.Timeline timeline, List<Chart.Moment> moments, long all) {
        Instant first = moments.get(0).at();
        Instant end = moments.get(moments.size() - 1).at().plusSeconds(timeline.secondsPerBin());
        if (all == 1) {
            return "The one that is missing was last changed on " + Words.minute(first) + " UTC.";
        }
        if (timeline.most() == null) {
            return "All " + Words.count(all) + " were last changed within " + within(first, end) + ".";
        }
        return Words.count(timeline.most().n()) + " of " + Words.count(all) + " ("
                + Words.share(timeline.most().n(), all) + ") were last changed within "
                + within(instant(timeline.most().from()), instant(timeline.most().to())) + ".";
    }

    private static String within(Instant from, Instant to) {
        return seconds(to.getEpochSecond() - from.getEpochSecond()) + ", from " + Words.minute(from) + " to "
                + Words.minute(to) + " UTC";
    }

    private List<Chart.Moment> moments(Map<String, Long> bins, long seconds) {
        if (seconds < 1 && !bins.isEmpty()) {
            throw new InputException("The report " + report.name() + " has a summary with bins of " + seconds
                    + " seconds: take the report as it was written");
        }
        return bins.entrySet().stream().filter(bin -> !bin.getKey().equals(INFINITY))
                .map(bin -> new Chart.Moment(instant(bin.getKey()), Words.minute(instant(bin.getKey())),
                        bin.getValue())).toList();
    }

    private Instant instant(String text) {
        Instant instant = text == null ? null : GraphTimestamp.parse(text);
        if (instant == null) {
            throw new InputException("The report " + report.name() + " has a summary with \"" + text
                    + "\" for a timestamp: take the report as it was written");
        }
        return instant;
    }

    /** The systematic offset; null where none was found. */
    private String finding() {
        JsonNode found = report.check().path("systematic_offset");
        if (!found.isObject()) {
            return null;
        }
        try {
            Duration second = found.hasNonNull("second_offset")
                    ? Duration.parse(found.get("second_offset").asText()) : null;
            return new SystematicOffset.Finding(Duration.parse(found.path("offset").asText()), second,
                    found.path("share").asDouble(), found.path("n").asLong()).words() + ".";
        } catch (DateTimeParseException e) {
            throw new InputException("The report " + report.name() + " has a systematic_offset of \""
                    + e.getParsedString() + "\", which is no duration: take the report as it was written", e);
        }
    }

    private record Table(String caption, List<String> columns, List<List<String>> rows) {
    }

    /** What hangs on what the repair deletes or reindexes; null where nothing does, or nobody looked. */
    private Map<String, Object> radius() {
        JsonNode radius = report.check().path("blast_radius");
        if (!radius.isObject()) {
            return null;
        }
        String about = radius.path("exact").asBoolean() ? "" : "About ";
        long relations = radius.path("n_relations_deleted").asLong();
        String sentence = relations == 0 ? "No relation goes with what is to be deleted."
                : about + (relations == 1 ? "1 relation goes" : Words.count(relations) + " relations go")
                + " with the nodes that are to be deleted."
                        + (about.isEmpty() ? "" : " " + Words.entities(radius.path("n_looked_at").asLong())
                                + " were looked at.");
        List<List<String>> keys = radius.path("relations_deleted_by_key").properties().stream()
                .map(key -> List.of(key.getKey(), Words.count(key.getValue().asLong()))).toList();
        List<List<String>> best = radius.path("best_connected").valueStream()
                .map(entity -> List.of(Words.count(entity.path("n_relations").asLong()), entity.path("type").asText(""),
                        entity.path("repair").asText(), entity.path("entity_id").asText())).toList();
        return Map.of("sentence", sentence, "tables", Stream.of(
                new Table("The best connected of the entities that differ",
                        List.of("Relations", "Type", "Repair", "Entity"), best),
                new Table("Relations that go with the deleted nodes", List.of("Key", "Relations"), keys))
                .filter(table -> !table.rows().isEmpty()).toList());
    }

    private String shownOf() {
        long all = report.differences();
        int shown = report.rows().size();
        if (all == 0) {
            return "There are none.";
        }
        if (shown >= all) {
            return (all == 1 ? "It is here"
                    : "All " + Words.count(all) + " are here, the one last changed longest ago first") + ".";
        }
        return "This page shows " + Words.count(shown) + " of " + Words.count(all) + " differences"
                + (summary == null ? "" : ": of each class those last changed longest ago, the oldest of all first")
                + ". The report has the ids of all.";
    }

    private List<Fact> provenance() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("report", report.name()));
        report.check().properties().stream().filter(field -> !NOT_PROVENANCE.contains(field.getKey()))
                .forEach(field -> addFacts(facts, field.getKey(), field.getValue()));
        if (facts.size() == 1) {
            facts.add(new Fact("check", "The report does not say which databases it was made from, nor when."));
        }
        return facts;
    }

    private static void addFacts(List<Fact> facts, String name, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(field -> addFacts(facts, name + " " + field.getKey(), field.getValue()));
        } else {
            facts.add(new Fact(name.replace('_', ' '),
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
