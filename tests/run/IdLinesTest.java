package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A list of ids")
class IdLinesTest {
    private static final String A = "0aaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "8bbbbbbb-0000-4000-8000-000000000002";

    @Test
    @DisplayName("has one a line, with a byte order mark, comments, blank lines, returns, and no new line at its end")
    void oneALine() throws IOException {
        assertEquals(List.of(UUID.fromString(A), UUID.fromString(B)),
                read("\ufeff" + A + "\r\n# a comment\n\n  " + B.toUpperCase()));
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                Arguments.of("what is no id", A + "\n42", "line 2: \"42\" is no UUID"),
                Arguments.of("what a terminal obeys", "\u001b[2J", "line 1: \"\\u001b[2J\" is no UUID"),
                Arguments.of("ten million characters without a new line", "x".repeat(10_000_000), "line 1: \"xxx"),
                Arguments.of("bytes that are no text", "\u00ff\u0000", "line 1: "));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damaged")
    @DisplayName("that is damaged is one short line")
    void damagedIsOneLine(String what, String text, String says) {
        InputException e = assertThrows(InputException.class, () -> read(text));
        assertTrue(e.getMessage().startsWith("The list cannot be used: ") && e.getMessage().contains(says),
                e.getMessage());
        assertTrue(e.getMessage().length() < 150, e.getMessage());
    }

    private static List<UUID> read(String text) throws IOException {
        List<UUID> ids = new ArrayList<>();
        IdLines.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "The list", ids::add);
        return ids;
    }
}
