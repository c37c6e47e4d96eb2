package syncdata.rules;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import syncdata.rules.GraphTimestamp.Precision;

/**
 * The class of an entity: how what PostgreSQL holds and its copies in Neo4j compare. All rules of the comparison stand
 * here. Wherever classes are listed, they stand in this order.
 */
public enum Verdict {
    /** Present in both, at the same instant. */
    OK("the same in both"),
    /** Older in Neo4j. */
    OUTDATED("older in Neo4j"),
    /**
     * Newer in Neo4j, without a readable timestamp, there more than once, or a node where a relation should be and the
     * reverse.
     */
    STRANGE("newer in Neo4j, without a timestamp, or there twice"),
    /** At the same instant, but with another content: where content is compared. */
    ALTERED("the same timestamp, another content"),
    /** Not in Neo4j. */
    MISSING("not in Neo4j"),
    /** Only in Neo4j. */
    NOT_DELETED("only in Neo4j"),
    /** A relation that lacks an end in PostgreSQL, so that the graph cannot hold it as it is there. */
    DANGLING("an end is not in PostgreSQL"),
    /** In neither. */
    GONE("in neither"),
    /** Not among the entities that are checked. */
    NOT_SELECTED("not among those that are checked");

    /** The classes that are differences. */
    public static final List<Verdict> DIFFERENCES = Stream.of(values()).filter(Verdict::isDifference).toList();

    private final String meaning;

    Verdict(String meaning) {
        this.meaning = meaning;
    }

    /** The word for it in a report, such as {@code not deleted}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The class of this word; empty where there is none. */
    public static Optional<Verdict> labelled(String word) {
        return Stream.of(values()).filter(verdict -> verdict.label().equals(word)).findFirst();
    }

    /** What it means, in a few words. */
    public String meaning() {
        return meaning;
    }

    /** Whether the repair writes the entity anew from PostgreSQL. */
    public boolean toReindex() {
        return this == OUTDATED || this == STRANGE || this == ALTERED || this == MISSING;
    }

    /** Whether it is a difference at all. */
    public boolean isDifference() {
        return toReindex() || this == NOT_DELETED;
    }

    /** The rules, each with the class it leads to and with words for an operator. */
    public enum Rule {
        NOT_AMONG_THE_SELECTED(NOT_SELECTED, "It is not among the entities that are checked."),
        IN_NEITHER(GONE, "Neither PostgreSQL nor Neo4j holds it."),
        ONLY_IN_NEO4J(NOT_DELETED, "Neo4j holds it and PostgreSQL does not."),
        WITHOUT_AN_END(DANGLING,
                "PostgreSQL does not hold both ends of this relation, so that the graph cannot hold it."),
        ONLY_IN_POSTGRESQL(MISSING, "PostgreSQL holds it and Neo4j does not."),
        MORE_THAN_ONE(STRANGE, "Neo4j holds it more than once."),
        OF_ANOTHER_KIND(STRANGE, "It is a relation in one of the two and a node in the other."),
        WITHOUT_A_TIMESTAMP(STRANGE, "Its last_updated_at in Neo4j is not there, or cannot be read as a timestamp."),
        OLDER(OUTDATED, "Its last_updated_at is older in Neo4j than in PostgreSQL."),
        NEWER(STRANGE, "Its last_updated_at is newer in Neo4j than in PostgreSQL."),
        SAME(OK, "Its last_updated_at is the same instant in both, at the coarser of the two precisions."),
        ANOTHER_CONTENT(ALTERED, "Its last_updated_at is the same instant in both, but its content is not the same.");

        private final Verdict verdict;
        private final String words;

        Rule(Verdict verdict, String words) {
            this.verdict = verdict;
            this.words = words;
        }

        public Verdict verdict() {
            return verdict;
        }

        /** A sentence. */
        public String words() {
            return words;
        }
    }

    /**
     * Judges one entity by all that both databases hold of it.
     *
     * @param source empty where PostgreSQL does not hold it
     * @param graph  every node and relationship with its id
     */
    public static Verdict of(Optional<SourceState> source, List<GraphState> graph, Selection selection) {
        return rule(source, graph, selection).verdict();
    }

    /** The first rule that fits an entity; parameters as of {@link #of}. */
    public static Rule rule(Optional<SourceState> source, List<GraphState> graph, Selection selection) {
        if (!selected(source, graph, selection)) {
            return Rule.NOT_AMONG_THE_SELECTED;
        }
        if (source.isEmpty()) {
            return graph.isEmpty() ? Rule.IN_NEITHER : Rule.ONLY_IN_NEO4J;
        }
        Rule rule = ruleOfCopies(source.get(), graph);
        return source.get().dangling() && rule != Rule.SAME ? Rule.WITHOUT_AN_END : rule;
    }

    /**
     * The rule for an entity whose content is known to differ. A relation that lacks an end in PostgreSQL stays
     * dangling.
     *
     * @param rule the rule by timestamps, which comes first
     */
    public static Rule ofOtherContent(Rule rule, SourceState source) {
        if (rule != Rule.SAME) {
            return rule;
        }
        return source.dangling() ? Rule.WITHOUT_AN_END : Rule.ANOTHER_CONTENT;
    }

    private static Rule ruleOfCopies(SourceState source, List<GraphState> graph) {
        if (graph.isEmpty()) {
            return Rule.ONLY_IN_POSTGRESQL;
        }
        if (graph.size() > 1) {
            return Rule.MORE_THAN_ONE;
        }
        GraphState copy = graph.get(0);
        return copy.relationship() == source.relation()
                ? ruleOfInstants(source.micros(), copy.timestamp()) : Rule.OF_ANOTHER_KIND;
    }

    private static Rule ruleOfInstants(long source, GraphTimestamp graph) {
        if (graph.precision() == Precision.UNREADABLE) {
            return Rule.WITHOUT_A_TIMESTAMP;
        }
        return switch (ofInstants(source, graph)) {
            case OK -> Rule.SAME;
            case OUTDATED -> Rule.OLDER;
            default -> Rule.NEWER;
        };
    }

    /**
     * Compares two timestamps at the coarser of their precisions. Where digits were lost, a rounded timestamp and a
     * truncated one are both the same.
     *
     * @return {@code OK}, {@code OUTDATED} or {@code STRANGE}
     */
    public static Verdict ofInstants(long source, GraphTimestamp graph) {
        return ofInstants(source, graph.micros(), graph.precision());
    }

    public static Verdict ofInstants(long source, long graph, Precision precision) {
        if (precision == Precision.UNREADABLE) {
            return STRANGE;
        }
        if (source == graph || sameWhenCoarser(source, graph, precision)) {
            return OK;
        }
        return graph < source ? OUTDATED : STRANGE;
    }

    private static boolean sameWhenCoarser(long source, long graph, Precision precision) {
        return switch (precision) {
            case MILLISECONDS -> Math.floorDiv(source, 1000L) == Math.floorDiv(graph, 1000L)
                    || Math.floorDiv(source + 500, 1000L) == Math.floorDiv(graph, 1000L);
            case ROUNDED_UP -> source == graph + 1;
            case MICROSECONDS, UNREADABLE -> false;
        };
    }

    private static boolean selected(Optional<SourceState> source, List<GraphState> graph, Selection selection) {
        if (source.isEmpty() && graph.isEmpty()) {
            return true;
        }
        boolean type = source.isPresent()
                ? selection.includesType(source.get().type())
                : graph.stream().anyMatch(copy -> selection.includesType(copy.type()));
        boolean change = source.filter(state -> selection.includesChange(state.micros())).isPresent()
                || graph.stream().anyMatch(copy -> copy.timestamp().precision() != Precision.UNREADABLE
                        && selection.includesChange(copy.timestamp().micros()));
        return type && (change || !selection.onlyChanged());
    }
}
