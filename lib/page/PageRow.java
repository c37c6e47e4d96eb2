package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import syncdata.report.DriftSummary;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/**
 * One differing entity as a line of a page; a text is empty where a report does not say it.
 *
 * @param verdict      the word for its class; for an id without more, what the repair does with it
 * @param changed      when it was last changed, microseconds since 1970, to sort by
 * @param behindMicros how far Neo4j is behind, negative where it is ahead, to sort by
 * @param reason       what is wrong, in words
 * @param properties   those that differ, where the report has them
 */
record PageRow(String id, String verdict, String type, String title, String changed, String changedInFull,
        String behindMicros, String behind, String reason,
               List<Property> properties) {

    private static final int LONGEST = 500;

    /** A property with its values, as text. */
    record Property(String name, String postgresql, String neo4j) {
    }

    static PageRow of(DriftSummary.Entity entity, List<Property> properties) {
        Instant source = instant(entity.lastUpdatedAt().postgresql());
        Instant graph = instant(entity.lastUpdatedAt().neo4j());
        String text = entity.lastUpdatedAt().postgresql() != null
                ? entity.lastUpdatedAt().postgresql() : entity.lastUpdatedAt().neo4j();
        Instant changed = entity.lastUpdatedAt().postgresql() != null ? source : graph;
        Long behind = source == null || graph == null
                ? null : GraphTimestamp.micros(source) - GraphTimestamp.micros(graph);
        return new PageRow(entity.id(), entity.verdict().label(), orEmpty(entity.type()),
                entity.title() == null ? "(no title)" : entity.title(),
                changed == null ? "" : String.valueOf(GraphTimestamp.micros(changed)), inFull(text),
                behind == null ? "" : String.valueOf(behind), behind == null || behind == 0 ? ""
                : (behind < 0 ? "ahead by " : "") + Words.duration(Duration.of(Math.abs(behind), ChronoUnit.MICROS)),
                reason(entity, source, graph), properties);
    }

    /** An entity of which only the id is known. */
    static PageRow ofId(String id, String repair) {
        return new PageRow(id, repair, "", "(the report has no title)", "", "", "", "", "", List.of());
    }

    /** The pattern that stands for a class. */
    static String fill(String verdict) {
        return verdict.replace(' ', '-');
    }

    String fill() {
        return fill(verdict);
    }

    /** As part of a sentence about the entity. */
    String behindInWords() {
        return behind.isEmpty() ? "" : behind.startsWith("ahead") ? behind : behind + " behind";
    }

    boolean hasProperties() {
        return !properties.isEmpty();
    }

    private static String reason(DriftSummary.Entity entity, Instant source, Instant graph) {
        if (entity.nInNeo4j() > 1) {
            return entity.nInNeo4j() + " of this id in Neo4j";
        }
        if (entity.verdict() != Verdict.STRANGE) {
            String meaning = entity.verdict().meaning();
            return Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1);
        }
        if (entity.lastUpdatedAt().neo4j() == null) {
            return "No readable timestamp in Neo4j";
        }
        return source != null && graph != null
                && graph.isAfter(source) ? "Newer in Neo4j" : "A node where a relation should be, or the reverse";
    }

    /** What a report's diffs say of an entity. */
    static List<Property> properties(JsonNode diff) {
        return diff.path("properties").properties().stream()
                .map(property -> new Property(property.getKey(), text(property.getValue().path("postgresql")),
                        text(property.getValue().path("neo4j")))).toList();
    }

    private static String text(JsonNode value) {
        String text = value.isNull() || value.isMissingNode() ? "–" : value.isValueNode()
                ? value.asText() : value.toString();
        return text.length() <= LONGEST
                ? text : Words.shortened(text, LONGEST) + " (" + Words.count(text.length(), "character") + ")";
    }

    private static Instant instant(String text) {
        return text == null ? null : GraphTimestamp.parse(text);
    }

    /** Such as {@code 2024-06-01 00:00:00.123456}. */
    private static String inFull(String timestamp) {
        return timestamp == null ? ""
                : timestamp.replace('T', ' ').replaceFirst("(\\.\\d*?)0*Z$", "$1").replaceFirst("[.Z]$", "");
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
