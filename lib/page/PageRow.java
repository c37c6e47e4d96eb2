package syncdata.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import syncdata.report.ReportedEntity;
import syncdata.rules.GraphTimestamp;
import syncdata.rules.Verdict;
import syncdata.run.Words;

/**
 * A difference as a row of a page. A text is empty where the report does not say it.
 *
 * @param verdict      the word for its class; what a repair does where the class is unknown
 * @param fill         the name of the pattern of its class
 * @param changed      the time of its last change, in microseconds since 1970, to sort by
 * @param behindMicros how far Neo4j is behind, in microseconds, negative where it is ahead, to sort by
 * @param reason       what is wrong, in words
 * @param properties   those that differ, where the report has them
 */
record PageRow(String id, String verdict, Optional<String> fill, String type, String title, String changed,
        String changedInFull, String behindMicros, String behind, String reason, List<Property> properties) {

    private static final int LONGEST = 500;

    /** A property and its values as text. */
    record Property(String name, String postgresql, String neo4j) {
    }

    static PageRow of(ReportedEntity entity) {
        return new PageRow(entity.id(), entity.word(), entity.verdict().map(verdict -> Look.of(verdict).fill()),
                entity.type().orElse(""),
                entity.title().orElse(entity.isDescribed() ? "(no title)" : "(the report has no title)"),
                entity.changed().map(changed -> String.valueOf(GraphTimestamp.micros(changed))).orElse(""),
                entity.changedAsWritten().map(PageRow::inFull).orElse(""),
                entity.behind().map(String::valueOf).orElse(""), entity.behind().map(PageRow::behind).orElse(""),
                reason(entity),
                properties(entity.properties()));
    }

    /** How far Neo4j is behind, as part of a sentence. */
    String behindInWords() {
        return behind.isEmpty() || behind.startsWith("ahead") ? behind : behind + " behind";
    }

    boolean hasProperties() {
        return !properties.isEmpty();
    }

    private static String behind(long micros) {
        return (micros < 0 ? "ahead by " : "") + Words.duration(Duration.of(Math.abs(micros), ChronoUnit.MICROS));
    }

    private static String reason(ReportedEntity entity) {
        if (entity.copies() > 1) {
            return entity.copies() + " of this id in Neo4j";
        }
        if (entity.verdict().isEmpty() || !entity.isDescribed() || entity.verdict().get() != Verdict.STRANGE) {
            String meaning = entity.verdict().map(Verdict::meaning).orElse("");
            return meaning.isEmpty() ? "" : Character.toUpperCase(meaning.charAt(0)) + meaning.substring(1);
        }
        if (entity.lastUpdatedAt().neo4j() == null) {
            return "No readable timestamp in Neo4j";
        }
        return entity.behind().filter(micros -> micros < 0).isPresent() ? "Newer in Neo4j"
                : "A node where a relation should be, or the reverse";
    }

    private static List<Property> properties(JsonNode properties) {
        return properties.properties().stream()
                .map(property -> new Property(property.getKey(), text(property.getValue().path("postgresql")),
                        text(property.getValue().path("neo4j")))).toList();
    }

    private static String text(JsonNode value) {
        String text = value.isNull() || value.isMissingNode() ? "–" : value.isValueNode()
                ? value.asText() : value.toString();
        return text.length() <= LONGEST
                ? text : Words.shortened(text, LONGEST) + " (" + Words.count(text.length(), "character") + ")";
    }

    /** A timestamp such as {@code 2024-06-01 00:00:00.123456}. */
    private static String inFull(String timestamp) {
        return timestamp.replace('T', ' ').replaceFirst("(\\.\\d*?)0*Z$", "$1").replaceFirst("[.Z]$", "");
    }
}
