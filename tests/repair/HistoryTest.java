package syncdata.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import syncdata.repair.History.Step;

@DisplayName("What a journal tells of one thing")
class HistoryTest {
    private static final UUID ID = new UUID(0, 1);

    /**
     * Journal: transactions, separated by blanks, of changes, separated by commas: +T made, a:T-U changed, a:T-
     * deleted, where a is
     * Neo4j's id of the copy, T its timestamp before and U the one afterwards; 0 is none. Now: the copies that stand,
     * a:T.
     */
    @ParameterizedTest(name = "{0} where {1} stands: {2}")
    @CsvSource(nullValues = "nothing", value = {
            // one change
            "a:1-2, a:2, PUT_BACK", "a:1-2, a:1, ALREADY", "a:1-2, a:3, LEAVE", "a:1-2, nothing, LEAVE",
            "+2, a:2, PUT_BACK", "+2, nothing, ALREADY", "+2, a:3, LEAVE", "+2, 'a:2,b:2', LEAVE",
            "a:1-, nothing, PUT_BACK", "a:1-, b:1, ALREADY", "a:1-, b:2, LEAVE",
            // a placeholder first; killed before it was written; deleted by somebody
            "+0 a:0-2, a:2, PUT_BACK", "+0 a:0-2, nothing, ALREADY", "+0 a:0-2, a:0, PUT_BACK", "+0 a:0-2, a:3, LEAVE",
            // copies that were deleted and made anew
            "'a:1-,b:1- +0 c:0-2', c:2, PUT_BACK", "'a:1-,b:1- +0 c:0-2', 'd:1,e:1', ALREADY",
            "'a:1-,b:1- +0 c:0-2', c:0, PUT_BACK",
            "'a:1-,b:1- +0 c:0-2', nothing, LEAVE", "'a:1-,b:1- +0 c:0-2', d:1, LEAVE",
            // copies of which one stays; in one transaction, in several
            "'a:1-0,b:2- a:0-3', a:3, PUT_BACK", "'a:1-0,b:2- a:0-3', 'a:1,c:2', ALREADY",
            "'a:1-0,b:2- a:0-3', a:0, PUT_BACK",
            "a:1- b:2-, nothing, PUT_BACK", "a:1- b:2-, 'c:1,d:2', ALREADY", "a:1- b:2-, b:2, PUT_BACK",
            // changed in two rounds
            "a:1-2 a:2-3, a:3, PUT_BACK", "a:1-2 a:2-3, a:1, ALREADY", "a:1-2 a:2-3, a:2, PUT_BACK",
            // told of twice, since nobody knew whether it was committed
            "a:1-2 a:1-2, a:2, PUT_BACK", "a:1-2 a:1-2, a:1, ALREADY", "a:1- a:1-, nothing, PUT_BACK",
            "a:1- a:1-, a:1, ALREADY",
            "+2 +2, a:2, PUT_BACK", "+0 +0 a:0-2, a:2, PUT_BACK",
            // made and deleted again
            "+2 a:2-, nothing, ALREADY", "a:1- +2 b:2-, nothing, PUT_BACK"})
    void ofANode(String journal, String now, Step expected) {
        List<Copy.Node> standing = now == null ? List.of() : Stream.of(now.split(",")).map(HistoryTest::copy).toList();
        assertEquals(expected, history(journal, HistoryTest::change).step(standing, Object::equals));
    }

    /**
     * The same of relationships, a@X:T, where X is the node at which it starts, and >Y the one to which it was moved.
     */
    @ParameterizedTest(name = "{0} where {1} stands: {2}")
    @CsvSource({
            "a@x:1>s, b@s:1, PUT_BACK", "a@x:1>s, b@x:1, ALREADY", "a@x:1>s, b@s:2, LEAVE",
            // several, with the same timestamp
            "'a@x:1>s,b@y:1>s', 'c@s:1,d@s:1', PUT_BACK", "'a@x:1>s,b@y:1>s', 'c@x:1,d@y:1', ALREADY",
            "a@x:1>s b@y:1>s, 'c@s:1,d@s:1', PUT_BACK", "a@x:1>s b@y:1>s, 'c@s:1,d@y:1', PUT_BACK",
            // and then written, as one; of two, one that was there all along
            "a@x:1>s b@s:1- +2, c@s:2, PUT_BACK", "a@x:1>s b@s:1- +2, c@x:1, ALREADY",
            "'a@x:1>s,b@y:1>s c@s:1-,d@s:1- +2', e@s:2, PUT_BACK",
            "'a@x:1>s,b@y:1>s c@s:1-,d@s:1- +2', 'e@x:1,f@y:1', ALREADY",
            "'a@x:1>s b@s:1-,c@s:1- +2', 'e@x:1,f@s:1', ALREADY",
            // told of twice; moved twice
            "a@x:1>s a@x:1>s, b@s:1, PUT_BACK", "a@x:1>s a@x:1>s, a@x:1, ALREADY",
            "a@x:1>s b@s:1>t, c@t:1, PUT_BACK", "a@x:1>s b@s:1>t, c@x:1, ALREADY"})
    void ofARelation(String journal, String now, Step expected) {
        List<Copy.Relationship> standing = Stream.of(now.split(",")).map(HistoryTest::relationship).toList();
        assertEquals(expected, history(journal, HistoryTest::relationChange).step(standing, Object::equals));
    }

    private static History history(String journal, Function<String, Change> changes) {
        List<JournalLine.Entry> entries = new ArrayList<>();
        String[] batches = journal.split(" ");
        for (int i = 0; i < batches.length; i++) {
            for (String change : batches[i].split(",")) {
                entries.add(new JournalLine.Entry(i + 1, changes.apply(change)));
            }
        }
        return History.of(entries);
    }

    private static Change relationChange(String text) {
        if (text.startsWith("+")) {
            return new Change.Made(true, ID, timestamp(text.substring(1)));
        }
        String[] parts = text.split("[->]");
        Copy.Relationship before = relationship(parts[0]);
        return text.endsWith("-") ? new Change.Deleted(Optional.of(ID), before)
                : new Change.Moved(Optional.of(ID), before, end(parts[1]), before.to());
    }

    private static Copy.Relationship relationship(String text) {
        String[] parts = text.split("[@:]");
        return new Copy.Relationship(parts[0], "RELATION", end(parts[1]), end("z"),
                Map.of("last_updated_at", timestamp(parts[2])));
    }

    private static Copy.End end(String element) {
        return new Copy.End(Optional.empty(), element);
    }

    private static Change change(String text) {
        if (text.startsWith("+")) {
            return new Change.Made(false, ID, timestamp(text.substring(1)));
        }
        String after = text.substring(text.indexOf('-') + 1);
        Copy.Node before = copy(text.substring(0, text.indexOf('-')));
        return after.isEmpty() ? new Change.Deleted(Optional.of(ID), before)
                : new Change.Changed(ID, before, timestamp(after));
    }

    private static Copy.Node copy(String text) {
        String[] parts = text.split(":");
        return new Copy.Node(parts[0], List.of("Entity"), Map.of("last_updated_at", timestamp(parts[1])));
    }

    private static Value timestamp(String text) {
        return text.equals("0") ? Values.NULL : Values.value(Long.parseLong(text));
    }
}
