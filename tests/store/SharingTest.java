package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("When a run believes that others are at work in the databases, and that they are not any more")
class SharingTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            one look finds somebody                     | o                        | alone
            two in a row                                | oo                       | shared
            two that are not in a row                   | o-o                      | alone
            then nobody, nineteen times                 | oo-------------------    | shared
            then nobody, twenty times                   | oo--------------------   | alone
            somebody in the middle begins it anew       | oo----------o----------- | shared
            a new beginning takes two again             | oo--------------------o  | alone
            and then it is shared once more             | oo--------------------oo | shared
            """)
    @DisplayName("a row of looks, o for one that found somebody")
    void after(String what, String looks, String expected) {
        Sharing sharing = Sharing.NOT_YET;
        for (char look : looks.toCharArray()) {
            sharing = sharing.after(look == 'o');
        }
        assertEquals(expected, sharing.withOthers() ? "shared" : "alone");
    }
}
