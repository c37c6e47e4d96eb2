package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What people read")
class WordsTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("nothing unusual, é 漢 😀", "nothing unusual, é 漢 😀"),
                Arguments.of("a new line\nand more", "a new line\\nand more"),
                Arguments.of("a tab\tand a return\r", "a tab\\u0009and a return\\u000d"),
                Arguments.of("clears the screen\u001b[2J", "clears the screen\\u001b[2J"),
                Arguments.of("the same in one byte\u009b2J", "the same in one byte\\u009b2J"),
                Arguments.of("delete\u007f", "delete\\u007f"),
                Arguments.of("turned\u202egnp.exe", "turned\\u202egnp.exe"),
                Arguments.of("isolated\u2066\u2069", "isolated\\u2066\\u2069"),
                Arguments.of("marks\u200e\u200f\u061c", "marks\\u200e\\u200f\\u061c"),
                Arguments.of("no width\u200b\ufeff", "no width\\u200b\\ufeff"),
                Arguments.of("other lines\u2028\u2029\u0085", "other lines\\u2028\\u2029\\u0085"),
                Arguments.of("a hidden tag\udb40\udc41", "a hidden tag\\udb40\\udc41"),
                Arguments.of("half a character\ud83d", "half a character\\ud83d"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("texts")
    @DisplayName("foreign text has its control characters visible")
    void foreignTextIsMadeVisible(String text, String visible) {
        assertEquals(visible, Words.visible(text));
        assertEquals(1, Words.visible(text).lines().count());
    }

    @Test
    @DisplayName("a text is shortened between characters")
    void aTextIsShortenedBetweenCharacters() {
        assertEquals("short", Words.shortened("short", 5));
        assertEquals("shor…", Words.shortened("shorter", 5));
        assertEquals("abc…", Words.shortened("abc😀😀", 5));
        assertEquals("\"a\\u001b\"", Words.quoted("a\u001b"));
        assertTrue(Words.quoted("x".repeat(1000)).length() < 70);
    }
}
