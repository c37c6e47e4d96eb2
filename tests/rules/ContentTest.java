package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which values of PostgreSQL's and Neo4j's are the same, as tables. */
class ContentTest {
    private static final UUID ID = new UUID(1, 1);

    // a value is: n nothing, t… text, i… integer, l… long, f… 32-bit and d… 64-bit number, z… DateTime, o…
    // LocalDateTime, y… date, b… truth
    @ParameterizedTest(name = "{0}: {1} and {2}")
    @CsvSource(delimiter = '|', textBlock = """
            both absent                          | n                              | n                                      | true
            absent in Neo4j                      | tA                             | n                                      | false
            one too many in Neo4j                | n                              | tA                                     | false
            empty text is not absent             | t                              | n                                      | false
            empty text                           | t                              | t                                      | true
            the same text                        | tA                             | tA                                     | true
            another text                         | tA                             | tB                                     | false
            case counts                          | tA                             | ta                                     | false
            blanks count                         | tA                             | 'tA '                                  | false
            composed otherwise                   | t\u00e9                        | te\u0301                               | false
            an integer, which Neo4j holds long   | i5                             | l5                                     | true
            another integer                      | i5                             | l6                                     | false
            an integer as a 64-bit number        | l5                             | d5.0                                   | true
            a number as an integer               | d5.0                           | l5                                     | true
            not quite                            | d5.5                           | l5                                     | false
            beyond what 64-bit numbers can tell  | l9007199254740993              | d9007199254740992                      | false
            a 32-bit number, held as 64-bit      | f0.1                           | d0.10000000149011612                   | true
            no number                            | dNaN                           | dNaN                                   | true
            no number, and one                   | dNaN                           | d1                                     | false
            infinite                             | dInfinity                      | d-Infinity                             | false
            zero has no sign                     | d0.0                           | d-0.0                                  | true
            a number is no text                  | i5                             | t5                                     | false
            truth                                | btrue                          | btrue                                  | true
            untruth                              | btrue                          | bfalse                                 | false
            truth is no text                     | btrue                          | ttrue                                  | false
            the same instant                     | z2024-05-31T22:00:00Z          | z2024-05-31T22:00:00Z                  | true
            in another zone                      | z2024-05-31T22:00:00Z          | z2024-06-01T00:00:00+02:00[Europe/Berlin] | true
            another instant                      | z2024-05-31T22:00:00Z          | z2024-05-31T22:00:01Z                  | false
            as text, from an older copy          | z2024-05-31T22:00:00Z          | t2024-05-31T22:00:00Z                  | true
            as a LocalDateTime, likewise         | z2024-05-31T22:00:00Z          | o2024-05-31T22:00:00                   | true
            as milliseconds, likewise            | z2024-05-31T22:00:00.123456Z   | l1717192800123                         | true
            text that is no time                 | z2024-05-31T22:00:00Z          | tyesterday                             | false
            text is no time                      | t2024-05-31T22:00:00Z          | z2024-05-31T22:00:00Z                  | false
            a time without zone                  | o2024-05-31T22:00:00           | o2024-05-31T22:00:00                   | true
            a day                                | y2024-05-31                    | y2024-05-31                            | true
            another day                          | y2024-05-31                    | y2024-06-01                            | false
            """)
    void comparesValues(String what, String truth, String held, boolean same) {
        assertEquals(same, Content.same(value(truth), value(held)));
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("the same", List.of("a", "b"), List.of("a", "b"), true),
                Arguments.of("in another order", List.of("a", "b"), List.of("b", "a"), false),
                Arguments.of("one more", List.of("a"), List.of("a", "a"), false),
                Arguments.of("empty", List.of(), List.of(), true),
                Arguments.of("empty is not absent", List.of(), null, false),
                Arguments.of("one item is no list", "a", List.of("a"), false),
                Arguments.of("numbers of different kinds", List.of(1, 2), List.of(1L, 2L), true),
                Arguments.of("bytes", new byte[] {1, 2}, new byte[] {1, 2}, true),
                Arguments.of("other bytes", new byte[] {1, 2}, new byte[] {2, 1}, false),
                Arguments.of("a very long text", "x".repeat(20_000_000), "x".repeat(20_000_000), true),
                Arguments.of("a very long text, and one that ends otherwise", "x".repeat(20_000_000),
                        "x".repeat(19_999_999) + "y", false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    @DisplayName("Lists and large values are compared")
    void comparesListsAndLargeValues(String what, Object truth, Object held, boolean same) {
        assertEquals(same, Content.same(truth, held));
    }

    @Test
    @DisplayName("A property too many, one missing and another value differ; what others keep does not")
    void namesWhatDiffers() {
        Map<String, Object> row = new HashMap<>(Map.of("id", "x", "title", "A", "tlp", "red"));
        row.put("key", null);
        GraphState copy = new GraphState(ID, false, "ttp", GraphTimestamp.UNREADABLE,
                Map.of("id", "x", "title", "B", "score", 7L, "extra", true), null, null);
        assertEquals(new TreeSet<>(Set.of("title", "tlp", "score", "extra")),
                Content.differing(row, copy, name -> false));
        assertEquals(new TreeSet<>(Set.of("title", "tlp", "extra")), Content.differing(row, copy, "score"::equals));
    }

    @Test
    @DisplayName("Another end of a relation differs, and an end that is no entity")
    void comparesEnds() {
        Map<String, Object> row = Map.of("id", "x", "source", "a", "target", "b");
        List<GraphState> copies = Stream.of(new String[] {"a", "b"}, new String[] {"b", "a"}, new String[] {"a", null})
                .map(ends -> new GraphState(ID, true, "relation", GraphTimestamp.UNREADABLE, Map.of("id", "x"), ends[0],
                        ends[1])).toList();
        assertEquals(List.of(Set.of(), Set.of("source", "target"), Set.of("target")),
                copies.stream().map(copy -> Set.copyOf(Content.differing(row, copy, name -> false))).toList());
    }

    private static Object value(String text) {
        String value = text.substring(1);
        return switch (text.charAt(0)) {
            case 't' -> value;
            case 'i' -> Integer.valueOf(value);
            case 'l' -> Long.valueOf(value);
            case 'f' -> Float.valueOf(value);
            case 'd' -> Double.valueOf(value);
            case 'z' -> ZonedDateTime.parse(value);
            case 'o' -> LocalDateTime.parse(value);
            case 'y' -> LocalDate.parse(value);
            case 'b' -> Boolean.valueOf(value);
            default -> null;
        };
    }
}
