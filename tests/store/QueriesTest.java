package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.TestDatabases;
import syncdata.rules.IdRange;

@DisplayName("The query files")
class QueriesTest {
    @DisplayName("have a variant asked only where an operator has not replaced the query alone")
    @ParameterizedTest(name = "a folder that has {0}")
    @CsvSource(textBlock = """
            relationship-page.cypher,                       true
            node-page.cypher,                               false
            node-page-datetime.cypher,                      true
            node-page.cypher and node-page-datetime.cypher, true
            """)
    void variant(String replaced, boolean asked, @TempDir Path folder) throws IOException {
        for (String name : replaced.split(" and ")) {
            Files.writeString(folder.resolve(name), "");
        }
        assertEquals(asked, Queries.in(folder).hasVariant("node-page.cypher", "node-page-datetime.cypher"));
    }

    @Test
    @DisplayName("of pages are the operator's own, whatever their quick forms would give")
    void ownPages() {
        TestDatabases test = TestDatabases.empty();
        UUID own = UUID.fromString("00000000-0000-4000-8000-000000000001");
        test.cypher("CREATE (a:Thing {id: '" + own + "', last_updated_at: datetime()}),"
                + " (b:Entity {id: '00000000-0000-4000-8000-000000000002', last_updated_at: datetime()}),"
                + " (a)-[:TIE {id: '" + own + "', last_updated_at: datetime()}]->(b),"
                + " (a)-[:RELATION {id: '00000000-0000-4000-8000-000000000003', last_updated_at: datetime()}]->(b)");
        assertFirst(test, own, "node-page.cypher", "(e:Entity)", "(e:Thing)",
                graph -> graph.nodes(size(), IdRange.ALL));
        assertFirst(test, own, "relationship-page.cypher", "[r:RELATION]", "[r:TIE]",
                graph -> graph.relationships(size(), IdRange.ALL));
    }

    private static void assertFirst(TestDatabases test, UUID id, String name, String ofBuiltIn, String own,
            Function<GraphStore, PageReader> pages) {
        String text = Queries.builtIn().text(name);
        assertTrue(text.contains(ofBuiltIn), text);
        Queries queries = test.queries(name, text.replace(ofBuiltIn, own));
        try (GraphStore graph = GraphStore.connect(test.settings(), queries, AccessMode.READ)) {
            EntityPage page = ((PageReader.Page) pages.apply(graph).next()).unpacked();
            assertEquals(1, page.size());
            assertEquals(id, page.id(0));
        }
    }

    private static PageSize size() {
        return new PageSize(10, Duration.ofSeconds(1));
    }
}
