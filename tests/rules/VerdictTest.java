package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparison rules of the contract, as tables. */
class VerdictTest {
    private static final UUID ID = UUID.fromString("393c0d67-0000-4000-8000-000000000001");

    // PostgreSQL:  its last_updated_at, or - where it does not hold the entity
    // Neo4j:       each copy's last_updated_at, with its type in the graph, or - where there is none:
    //              d DateTime, l LocalDateTime, s string, i milliseconds since 1970, ? anything else
    @ParameterizedTest(name = "{0} against {1} is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            -                                | -                                             | GONE
            2024-05-31T22:00:00Z             | -                                             | MISSING
            -                                | d2024-05-31T22:00:00Z                         | NOT_DELETED
            -                                | ?nothing                                      | NOT_DELETED
            -                                | d2024-05-31T22:00:00Z d2024-05-31T22:00:00Z   | NOT_DELETED
            2024-05-31T22:00:00Z             | d2024-05-31T22:00:00Z                         | OK
            2024-05-31T22:00:00Z             | d2024-05-31T21:59:59Z                         | OUTDATED
            2024-05-31T22:00:00Z             | d2024-05-31T22:00:01Z                         | STRANGE
            2024-05-31T22:00:00Z             | ?nothing                                      | STRANGE
            2024-05-31T22:00:00Z             | snonsense                                     | STRANGE
            2024-05-31T22:00:00Z             | d2024-05-31T22:00:00Z d2024-05-31T22:00:00Z   | STRANGE
            # the same instant in another zone
            2024-05-31T22:00:00Z             | d2024-06-01T00:00:00+02:00[Europe/Berlin]     | OK
            2024-05-31T22:00:00Z             | d2024-06-01T00:00:00Z                         | STRANGE
            # every encoding
            2024-05-31T22:00:00Z             | l2024-05-31T22:00:00                          | OK
            2024-05-31T22:00:00.000001Z      | l2024-05-31T22:00:00                          | OUTDATED
            2024-05-31T22:00:00.123456Z      | s2024-05-31T22:00:00.123456Z                  | OK
            2024-05-31T22:00:00.123456Z      | s2024-06-01T00:00:00.123456+02:00             | OK
            2024-05-31T22:00:00.123456Z      | s2024-05-31T22:00:00.123457Z                  | STRANGE
            2024-05-31T22:00:00.123456Z      | s2024-05-31T22:00:00.123455                   | OUTDATED
            2024-05-31T22:00:00Z             | i1717192800000                                | OK
            2024-05-31T22:00:00Z             | i1717192799999                                | OUTDATED
            2024-05-31T22:00:00Z             | i1717192800001                                | STRANGE
            1969-12-31T23:59:59.999500Z      | i-1                                           | OK
            # the coarser precision decides; the digits that it lacks may have been cut off or rounded
            2024-05-31T22:00:00.123456Z      | i1717192800123                                | OK
            2024-05-31T22:00:00.123987Z      | i1717192800123                                | OK
            2024-05-31T22:00:00.123987Z      | i1717192800124                                | OK
            2024-05-31T22:00:00.123456Z      | i1717192800124                                | STRANGE
            2024-05-31T22:00:00.123456Z      | i1717192800122                                | OUTDATED
            2024-05-31T22:00:00.123456Z      | s2024-05-31T22:00:00.123Z                     | OK
            2024-05-31T22:00:00.123456Z      | d2024-05-31T22:00:00.123Z                     | OUTDATED
            2024-05-31T22:00:00.123457Z      | d2024-05-31T22:00:00.123456789Z               | OK
            2024-05-31T22:00:00.123456Z      | d2024-05-31T22:00:00.123456789Z               | OK
            2024-05-31T22:00:00.123457Z      | d2024-05-31T22:00:00.123456100Z               | OUTDATED
            # what PostgreSQL can hold and Neo4j cannot, and the reverse
            infinity                         | d+999999999-12-31T23:59:59Z                   | OUTDATED
            -infinity                        | d-999999999-01-01T00:00:00Z                   | STRANGE
            """)
    void comparesEntities(String postgres, String neo4j, Verdict expected) {
        assertEquals(expected, Verdict.of(source(postgres, "indicator"), copies(neo4j), Selection.ALL));
    }

    // PostgreSQL's type and timestamp, the graph's; which types and changes are checked
    @ParameterizedTest(name = "{0} {1} against {2} {3}, of {4} changed after {5}: {6}")
    @CsvSource(delimiter = '|', textBlock = """
            indicator | 2024-05-02T00:00:00Z | indicator | d2024-05-01T00:00:00Z | indicator | -                    | OUTDATED
            indicator | 2024-05-02T00:00:00Z | indicator | d2024-05-01T00:00:00Z | ttp       | -                    | NOT_SELECTED
            # by its PostgreSQL type where PostgreSQL holds it, else by its type in the graph
            indicator | 2024-05-02T00:00:00Z | ttp       | d2024-05-01T00:00:00Z | indicator | -                    | OUTDATED
            ttp       | 2024-05-02T00:00:00Z | indicator | d2024-05-01T00:00:00Z | indicator | -                    | NOT_SELECTED
            -         | -                    | indicator | d2024-05-01T00:00:00Z | indicator | -                    | NOT_DELETED
            -         | -                    | ttp       | d2024-05-01T00:00:00Z | indicator | -                    | NOT_SELECTED
            -         | -                    | -         | d2024-05-01T00:00:00Z | indicator | -                    | NOT_SELECTED
            # more recent in either database
            ttp       | 2024-05-02T00:00:00Z | ttp       | d2023-05-01T00:00:00Z | -         | 2024-05-01T00:00:00Z | OUTDATED
            ttp       | 2023-05-02T00:00:00Z | ttp       | d2024-05-02T00:00:00Z | -         | 2024-05-01T00:00:00Z | STRANGE
            ttp       | 2023-05-02T00:00:00Z | ttp       | d2023-05-01T00:00:00Z | -         | 2024-05-01T00:00:00Z | NOT_SELECTED
            ttp       | 2024-05-02T00:00:00Z | ttp       | ?nothing              | -         | 2024-05-01T00:00:00Z | STRANGE
            ttp       | 2023-05-02T00:00:00Z | ttp       | ?nothing              | -         | 2024-05-01T00:00:00Z | NOT_SELECTED
            ttp       | 2024-05-01T00:00:00Z | ttp       | d2023-05-01T00:00:00Z | -         | 2024-05-01T00:00:00Z | NOT_SELECTED
            """)
    @DisplayName("A filter never makes an entity look absent")
    void filterNeverMakesAnEntityLookAbsent(String type, String postgres, String graphType, String neo4j, String types,
            String after, Verdict expected) {
        List<GraphState> copies = copies(neo4j).stream().map(copy ->
                new GraphState(ID, false, graphType.equals("-") ? null : graphType, copy.timestamp(), Map.of(), null,
                        null)).toList();
        Selection selection = new Selection(types.equals("-") ? Set.of() : Set.of(types),
                after.equals("-") ? Selection.EVER : micros(after));
        assertEquals(expected, Verdict.of(source(postgres, type), copies, selection));
    }

    @ParameterizedTest(name = "a relation in PostgreSQL, dangling {0}, against a {1}: {2}")
    @CsvSource({"false, nothing, MISSING", "true, nothing, DANGLING", "true, relationship, OK", "true, node, DANGLING",
            "true, older relationship, DANGLING", "false, relationship, OK", "false, older relationship, OUTDATED",
            "false, node, STRANGE"})
    void comparesRelations(boolean dangling, String copy, Verdict expected) {
        SourceState source = new SourceState(ID, 5, "relation", true, dangling, 0);
        GraphTimestamp timestamp = new GraphTimestamp(copy.startsWith("older") ? 4 : 5,
                GraphTimestamp.Precision.MICROSECONDS);
        List<GraphState> copies = copy.equals("nothing") ? List.of()
                : List.of(new GraphState(ID, copy.endsWith("relationship"), "relation", timestamp, Map.of(), null,
                        null));
        assertEquals(expected, Verdict.of(Optional.of(source), copies, Selection.ALL));
    }

    @ParameterizedTest(name = "an entity in PostgreSQL, and a {0} in Neo4j at the same instant: {1}")
    @CsvSource({"node, OK", "relationship, STRANGE"})
    void comparesKinds(String copy, Verdict expected) {
        GraphTimestamp same = new GraphTimestamp(5, GraphTimestamp.Precision.MICROSECONDS);
        GraphState held = new GraphState(ID, copy.equals("relationship"), "ttp", same, Map.of(), null, null);
        assertEquals(expected, Verdict.of(Optional.of(new SourceState(ID, 5, "ttp", false, false, 0)),
                List.of(held), Selection.ALL));
    }

    private static Optional<SourceState> source(String postgres, String type) {
        return postgres.equals("-") ? Optional.empty()
                : Optional.of(new SourceState(ID, micros(postgres), type, false, false, 0));
    }

    private static long micros(String text) {
        return switch (text) {
            case "infinity" -> Long.MAX_VALUE;
            case "-infinity" -> Long.MIN_VALUE;
            default -> GraphTimestamp.micros(Instant.parse(text));
        };
    }

    private static List<GraphState> copies(String texts) {
        List<GraphState> copies = new ArrayList<>();
        for (String text : texts.equals("-") ? new String[0] : texts.split(" ")) {
            String value = text.substring(1);
            Object timestamp = switch (text.charAt(0)) {
                case 'd' -> ZonedDateTime.parse(value);
                case 'l' -> LocalDateTime.parse(value);
                case 's' -> value;
                case 'i' -> Long.valueOf(value);
                default -> null;
            };
            copies.add(new GraphState(ID, false, "indicator", GraphTimestamp.of(timestamp), Map.of(), null, null));
        }
        return copies;
    }
}
