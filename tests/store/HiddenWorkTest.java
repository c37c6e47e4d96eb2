package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What PostgreSQL's counters tell of sessions that the user may not see")
class HiddenWorkTest {

    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            nobody did anything                     | 0 0 0 0 0 0       | 9 9 9 9 9 9              | 0 0 0 0 0 0       | idle
            all transactions were ours              | 0 0 0 0 0 0       | 9 109 209 309 409 509    | 0 100 200 300 400 500 | idle
            ours are counted a second later         | 0 0 0 0 0 0       | 9 9 209 209 409 409      | 0 100 200 300 400 500 | idle
            opening connections takes some, too     | 0 0 0 0 0 0       | 9 17 25 25 25 25         | 0 0 0 0 0 0       | idle
            somebody writes each second             | 0 0 1 1 2 2       | 9 9 10 10 11 11          | 0 0 0 0 0 0       | at work
            an automatic vacuum came by             | 0 0 50 50 50 50   | 9 9 12 12 12 12          | 0 0 0 0 0 0       | idle
            somebody reads, forty times a second    | 0 0 0 0 0 0       | 9 9 49 49 89 89          | 0 0 0 0 0 0       | at work
            the same beside us                      | 0 0 0 0 0 0       | 9 59 149 199 289 339     | 0 50 100 150 200 250 | at work
            somebody wrote, and ended               | 0 1 2 2 2 2 2 2 2 | 9 9 9 9 9 9 9 9 9        | 0 0 0 0 0 0 0 0 0 | idle
            PostgreSQL began to count anew          | 9 9 0 0 0 0       | 900 900 3 3 3 3          | 0 0 0 0 0 0       | idle
            """)
    @DisplayName("rows written, transactions and ours of them, look after look")
    void after(String what, String written, String transactions, String ours, String expected) {
        HiddenWork work = HiddenWork.UNKNOWN;
        for (int i = 0; i < numbers(written).length; i++) {
            work = work.after(new SourceActivity(false, true, numbers(transactions)[i], numbers(written)[i]),
                    numbers(ours)[i]);
        }
        assertEquals(expected, work.isSeen() ? "at work" : "idle");
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.strip().split(" +")).mapToLong(Long::parseLong).toArray();
    }
}
