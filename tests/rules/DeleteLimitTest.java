package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many entities --max-deletes allows to delete. */
class DeleteLimitTest {
    @ParameterizedTest(name = "{0} of {1} is {3}")
    @CsvSource({
            "10%,       1000, false,  100",
            "10%,       1009, false,  100",
            "10%,          9, false,    0",
            "10%,         10, false,    1",
            "10%,          0, false,    0",
            "0%,        1000, false,    0",
            "100%,      1000, false, 1000",
            "12.5%,        8, false,    1",
            "0.001%, 1000000, false,   10",
            "0,         1000, false,    0",
            "7,            5, false,    7",
            "100%,      1000, true,     0",
            "7,            5, true,     7"})
    @DisplayName("A limit is a number, or a share of the graph")
    void isANumberOrAShareOfTheGraph(String limit, long inGraph, boolean sourceEmpty, long most) {
        assertEquals(most, DeleteLimit.of(limit).most(inGraph, sourceEmpty));
        assertEquals(limit, DeleteLimit.of(limit).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ten", "-1", "1.5", "101%", "100.1%", "%", "1 %", "1e3"})
    void isNothingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> DeleteLimit.of(text));
    }
}
