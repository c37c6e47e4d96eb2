package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("In which order PostgreSQL's entities are read")
class ReadingOrderTest {

    @DisplayName("where the table is")
    @ParameterizedTest(name = "{6}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
            # version | plain | entities | visible | correlation | order  | case
            17        | true  | 1000000  | 1       | 0           | BLOCKS | a plain table without an index
            14        | true  | 1000000  | 1       | 0           | BLOCKS | the oldest version that can
            13        | true  | 1000000  | 1       | 0           | IDS    | an older one
            17        | false | 1000000  | 1       | 0           | IDS    | a view, or a foreign table
            17        | true  | 19000    | 1       | 0           | IDS    | few entities
            17        | true  | 0        | 0       | 0           | BLOCKS | never analyzed, but large
            17        | true  | 1000000  | 1       | 1           | IDS    | rows that lie in the order of their ids
            17        | true  | 1000000  | 1       | 0.9         | BLOCKS | rows that mostly do
            """)
    void byTheTable(int version, boolean plain, long entities, double visible, double correlation,
            ReadingOrder expected, String name) {
        EntityLayout layout = new EntityLayout(version, plain, 1, 20_000, 20_000, entities, visible, correlation,
                500_000);
        assertEquals(expected, ReadingOrder.decide(layout,
                new ReadingOrder.Wanted(false, false, false, 1)).order(), name);
    }

    @DisplayName("where the check asks for this")
    @ParameterizedTest(name = "{7}: {6}")
    @CsvSource(delimiter = '|', textBlock = """
            # own | index | rate  | share | visible | cached | order  | case
            false | true  | false | 1     | 1       | 500000 | IDS    | an index has all that is read
            false | true  | false | 1     | 0.95    | 500000 | IDS    | it has, but for what changed of late
            false | true  | false | 1     | 0.5     | 500000 | BLOCKS | it does not help: little is vacuumed
            true  | false | false | 1     | 1       | 500000 | IDS    | a page of the operator's own
            false | false | true  | 1     | 1       | 500000 | IDS    | so many entities a second
            false | false | false | 0.5   | 1       | 500000 | BLOCKS | half of all
            false | false | false | 0.03  | 1       | 500000 | IDS    | a small slice
            false | false | false | 0.03  | 1       | 1000   | BLOCKS | a small slice of a table larger than memory
            false | false | false | 0.001 | 1       | 1000   | IDS    | a tiny slice of it
            """)
    void byWhatIsWanted(boolean own, boolean index, boolean rate, double share, double visible, long cached,
            ReadingOrder expected, String name) {
        EntityLayout layout = new EntityLayout(17, true, 1, 20_000, 20_000, 1_000_000, visible, 0, cached);
        assertEquals(expected, ReadingOrder.decide(layout,
                new ReadingOrder.Wanted(own, index, rate, share)).order(), name);
    }

    @DisplayName("where contents are read too")
    @ParameterizedTest(name = "{4}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # own | share | correlation | order  | case
            false | 1     | 0           | BLOCKS | all of a plain table, whatever its indexes are
            false | 1     | 1           | BLOCKS | rows that lie in the order of their ids
            false | 0.1   | 0           | BLOCKS | a tenth
            false | 0.03  | 0           | BLOCKS | a slice a night
            false | 0.01  | 0           | IDS    | a small slice
            true  | 1     | 0           | IDS    | a page of the operator's own
            """)
    void ofContents(boolean own, double share, double correlation, ReadingOrder expected, String name) {
        EntityLayout layout = new EntityLayout(17, true, 1, 20_000, 20_000, 1_000_000, 1, correlation, 500_000);
        assertEquals(expected, ReadingOrder.decideOfContents(layout,
                new ReadingOrder.Wanted(own, false, false, share)).order(), name);
    }
}
