package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.fixture.TestDatabases;

@DisplayName("A look at entities in both databases")
class BothSidesTest {
    private static final List<UUID> IDS = IntStream.rangeClosed(1, 8).mapToObj(i -> new UUID(i, i)).toList();
    private static final int LENGTH = 1_500_000;

    private final TestDatabases test = TestDatabases.empty();

    @Test
    @DisplayName("shows them all at once")
    void allAtOnce() {
        IDS.forEach(id -> inPostgres(id, 10));
        IDS.forEach(id -> inNeo4j(id, 5_000));
        assertEquals(List.of(IDS), parts());
    }

    @Test
    @DisplayName("shows a few at a time of those that PostgreSQL holds with megabytes")
    void largeInPostgres() {
        IDS.forEach(id -> inPostgres(id, LENGTH));
        assertEquals(pairs(), parts());
    }

    @Test
    @DisplayName("shows a few at a time of those that Neo4j holds with megabytes, each whole")
    void largeInNeo4j() {
        IDS.forEach(id -> inNeo4j(id, LENGTH));
        assertEquals(pairs(), parts());
    }

    @Test
    @DisplayName("takes relationships with megabytes for large, too")
    void largeRelationships() {
        test.cypher("CREATE (:Entity {id: 'a'})");
        IDS.forEach(id -> test.cypher("MATCH (a:Entity) CREATE (a)-[:RELATION {id: $id, title: $title}]->(a)",
                Map.of("id", id.toString(), "title", "x".repeat(LENGTH))));
        assertEquals(pairs(), parts());
    }

    private static List<List<UUID>> pairs() {
        return List.of(IDS.subList(0, 2), IDS.subList(2, 4), IDS.subList(4, 6), IDS.subList(6, 8));
    }

    /** The parts in which a look shows them; every copy has its title. */
    private List<List<UUID>> parts() {
        List<List<UUID>> parts = new ArrayList<>();
        try (Databases databases = test.open()) {
            databases.look(IDS, both -> {
                parts.add(both.ids());
                both.copies().forEach((id, copies) ->
                        assertEquals("x", ((String) copies.get(0).properties().get("title")).substring(0, 1)));
                assertEquals(both.ids().size(), both.copies().isEmpty() ? both.truths().size() : both.copies().size());
            });
        }
        return parts;
    }

    private void inPostgres(UUID id, int length) {
        test.sql("INSERT INTO entity VALUES (?, jsonb_build_object('type', 'ttp', 'title', repeat('x', ?)),"
                + " '2020-01-01Z', '2024-01-01Z')", id, length);
    }

    private void inNeo4j(UUID id, int length) {
        test.cypher("CREATE (:Entity {id: $id, title: $title})",
                Map.of("id", id.toString(), "title", "x".repeat(length)));
    }
}
