package syncdata.check;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import syncdata.check.Explanation.Tie;
import syncdata.check.Explanation.TiedRelation;
import syncdata.report.PropertyDifference;
import syncdata.rules.Content;
import syncdata.rules.SourceState;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/** An explanation laid out for a person, in 80 columns: what differs has a star. */
public final class ExplanationText {
    private static final int WIDTH = 80;
    private static final int COPIES_SHOWN = 3;
    private static final int LINES_OF_A_VALUE = 4;
    private static final String SIDE = "%-12s";

    private final Explanation explanation;
    private final List<Map<String, Object>> copies;
    private final Set<String> names = new TreeSet<>();
    private final int nameWidth;
    private final int valueWidth;
    private final StringBuilder text = new StringBuilder();

    private ExplanationText(Explanation explanation, int relationsShown) {
        this.explanation = explanation;
        this.copies = explanation.difference().graph().stream().limit(COPIES_SHOWN).map(Content::withEnds).toList();
        names.addAll(explanation.row().keySet());
        copies.forEach(copy -> names.addAll(copy.keySet()));
        names.remove("id"); // it is the title
        this.nameWidth = Math.min(24, names.stream().mapToInt(String::length).max().orElse(0));
        this.valueWidth = (WIDTH - 2 - nameWidth - 4) / 2;
        title();
        properties();
        relations(relationsShown);
    }

    /**
     * Lays an entity out for a person, in 80 columns.
     *
     * @param relationsShown how many relations, at most
     */
    public static String of(Explanation explanation, int relationsShown) {
        return new ExplanationText(explanation, relationsShown).text.toString();
    }

    private void title() {
        String type = explanation.type() == null ? "of no type" : Words.visible(explanation.type());
        boolean held = explanation.difference().source().isPresent() || !explanation.difference().graph().isEmpty();
        line(explanation.id() + (held ? "  " + type : "") + "  "
                + explanation.verdict().label().toUpperCase(Locale.ROOT));
        wrap(explanation.rule().words() + distance() + " " + remedy(), WIDTH - 2).forEach(part -> line("  " + part));
        if (explanation.unreadable() != null) {
            wrap("It cannot be written into Neo4j: " + explanation.unreadable() + ".", WIDTH - 2)
                    .forEach(part -> line("  " + part));
        }
        int times = explanation.difference().graph().size();
        if (times > copies.size()) {
            line("  Neo4j holds it " + times + " times, of which " + copies.size() + " are shown.");
        }
    }

    private String distance() {
        if (explanation.rule() != Verdict.Rule.OLDER && explanation.rule() != Verdict.Rule.NEWER) {
            return "";
        }
        long micros = explanation.difference().source().orElseThrow().micros()
                - explanation.difference().graph().get(0).timestamp().micros();
        return " It is "
                + Words.duration(Duration.ofSeconds(Math.floorDiv(micros, 1_000_000),
                        Math.floorMod(micros, 1_000_000) * 1000L).abs())
                + (micros > 0 ? " behind." : " ahead.");
    }

    private String remedy() {
        if (explanation.verdict().toReindex()) {
            return explanation.verdict() == Verdict.ALTERED
                    ? "sync-data --compare content would reindex it." : "sync-data would reindex it.";
        }
        return switch (explanation.verdict()) {
            case NOT_DELETED -> "sync-data would delete it from Neo4j.";
            case OK -> explanation.differs()
                    ? "But what has a star differs: reindex-entity makes it equal." : "There is nothing to repair.";
            case DANGLING -> "sync-data leaves it.";
            default -> "There is nothing to repair.";
        };
    }

    private void properties() {
        if (names.isEmpty()) {
            return;
        }
        line("");
        line("  " + " ".repeat(nameWidth) + "  " + pad("PostgreSQL", valueWidth) + "  Neo4j");
        Set<String> different = explanation.propertyDifferences().keySet();
        for (String name : names) {
            String truth = value(explanation.row().get(name));
            List<String> held = copies.stream().map(copy -> copyValue(explanation.row().get(name), copy.get(name)))
                    .toList();
            property((different.contains(name) ? "* " : "  ") + pad(Words.visible(name), nameWidth) + "  ", truth,
                    held);
        }
    }

    private void property(String name, String truth, List<String> held) {
        boolean alike = held.stream().distinct().count() <= 1;
        String copy = held.isEmpty() ? "-" : held.get(0);
        if (alike && truth.length() <= valueWidth && copy.length() <= valueWidth) {
            line(name + pad(truth, valueWidth) + "  " + copy);
            return;
        }
        List<String> sides = new ArrayList<>();
        List<String> values = new ArrayList<>();
        if (alike && truth.equals(copy)) {
            sides.add("both");
            values.add(truth);
        } else {
            sides.add("PostgreSQL");
            values.add(truth);
            for (int i = 0; i < (alike ? Math.min(1, held.size()) : held.size()); i++) {
                sides.add(alike ? "Neo4j" : "Neo4j, " + (i + 1));
                values.add(held.get(i));
            }
        }
        String start = name;
        for (int i = 0; i < sides.size(); i++) {
            String side = String.format(Locale.ROOT, SIDE, sides.get(i));
            for (String part : wrap(values.get(i), WIDTH - name.length() - side.length())) {
                line(start + side + part);
                start = " ".repeat(name.length());
                side = " ".repeat(side.length());
            }
        }
    }

    private void relations(int shown) {
        List<TiedRelation> relations = explanation.relations();
        long inPostgresql = explanation.inPostgresql().count();
        long inNeo4j = explanation.inNeo4j().count();
        if (inPostgresql == 0 && inNeo4j == 0) {
            if (explanation.difference().source().filter(SourceState::relation).isEmpty()) {
                line("");
                line("  No relations, in either.");
            }
            return;
        }
        line("");
        boolean all = inPostgresql <= Explanation.COMPARED && inNeo4j <= Explanation.COMPARED;
        String compared = all ? "" : " of the " + Words.count(relations.size()) + " compared";
        int lines = Math.min(shown, relations.size());
        wrap(String.format(Locale.ROOT, "Relations: %,d in PostgreSQL, %,d in Neo4j; %s%s; %s.", inPostgresql, inNeo4j,
                explanation.differingRelations() == 0 ? "none differ" : explanation.differingRelations() == 1
                ? "1 differs" : String.format(Locale.ROOT, "%,d differ", explanation.differingRelations()), compared,
                lines == relations.size() ? "all are shown"
                : String.format(Locale.ROOT, "%,d of %,d shown", lines, relations.size())), WIDTH - 2)
                .forEach(part -> line("  " + part));
        relations.stream().limit(shown).forEach(this::relation);
    }

    private void relation(TiedRelation relation) {
        line((relation.differs() ? "* " : "  ") + pad(relation.label(), 11) + "  " + relation.id());
        List<Tie> held = relation.inNeo4j().stream().distinct().limit(COPIES_SHOWN).toList();
        if (held.size() == 1 && (relation.inPostgresql() == null || held.get(0).equals(relation.inPostgresql()))) {
            ends("", held.get(0));
            return;
        }
        String side = held.isEmpty() ? "" : "PostgreSQL  ";
        if (relation.inPostgresql() != null) {
            ends(side, relation.inPostgresql());
        }
        held.forEach(ends -> ends("Neo4j       ", ends));
    }

    /** As seen from the entity: {@code uses -> other}, or {@code other -> uses} where it is the target. */
    private void ends(String side, Tie ends) {
        String key = ends.key() == null ? "" : Words.visible(String.valueOf(ends.key())) + " ";
        String start = " ".repeat(6) + side;
        String id = explanation.id().toString();
        if (id.equals(ends.source())) {
            line(start + key + "-> " + node(ends.target()));
        } else if (id.equals(ends.target())) {
            line(start + key + "<- " + node(ends.source()));
        } else {
            line(start + key + "from " + node(ends.source()));
            line(" ".repeat(start.length() + key.length()) + "to   " + node(ends.target()));
        }
    }

    private static String node(String id) {
        return id == null ? "a node that is no entity" : Words.visible(id);
    }

    private static String value(Object value) {
        return value == null ? "-" : Words.visible(String.valueOf(PropertyDifference.plain(value)));
    }

    /** What a copy holds; of a timestamp also how it is held, where that is not a DateTime in UTC. */
    private static String copyValue(Object truth, Object copy) {
        String value = value(copy);
        if (!(truth instanceof ZonedDateTime)) {
            return value;
        }
        if (copy instanceof ZonedDateTime time) {
            return time.getZone().equals(ZoneOffset.UTC) ? value : value + " (held as " + time + ")";
        }
        if (copy instanceof LocalDateTime) {
            return value + " (LocalDateTime)";
        }
        if (copy instanceof Long) {
            return value + " (milliseconds)";
        }
        return copy == null ? value : value + " (text)";
    }

    private static List<String> wrap(String text, int width) {
        return Words.wrap(text, width, LINES_OF_A_VALUE);
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }
}
