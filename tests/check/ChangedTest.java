package syncdata.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.fixture.WholeJob.reportOf;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.fixture.DriftedStores;
import syncdata.fixture.Heard;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.rules.Comparison;
import syncdata.rules.Selection;
import syncdata.rules.Slice;
import syncdata.run.Json;
import syncdata.store.Databases;
import syncdata.store.Queries;

/** On real databases. */
@DisplayName("A check of what was changed")
class ChangedTest {
    private final TestDatabases test = TestDatabases.empty();
    private final Heard said = new Heard();

    @AfterEach
    void dropIndexes() {
        test.sql("DROP INDEX IF EXISTS entity_last_updated_at");
        test.cypher("DROP INDEX entity_last_updated_at IF EXISTS");
        test.cypher("DROP INDEX relation_last_updated_at IF EXISTS");
        test.sql("UPDATE pg_class SET reltuples = -1 WHERE relname = 'entity'");
    }

    @DisplayName("looks up what either side says was changed, and finds the same to the byte as one that walks all")
    @ParameterizedTest(name = "seed {0}, indexes: {1}, in blocks: {2}")
    @CsvSource({"1,true,false", "2,false,false", "3,false,true"})
    void findsTheSame(long seed, boolean indexes, boolean blocks) {
        if (indexes) {
            createIndexes();
        }
        Random random = new Random(seed);
        DriftedStores.fill(test, random, 120);
        test.cypher("MATCH (e:Entity) WHERE e.id < '1' SET e.last_updated_at = toString(e.last_updated_at)");
        test.cypher("MATCH (e:Entity) WHERE e.id > 'f' SET e.last_updated_at = e.last_updated_at.epochMillis");
        test.cypher("MATCH (e:Entity) WHERE e.id > 'e' AND e.id < 'f'"
                + " SET e.last_updated_at = localdatetime(e.last_updated_at)");
        test.cypher("MATCH ()-[r:RELATION]->() WHERE r.id > 'f' SET r.last_updated_at = 'no time'");
        test.cypher("MATCH (e:Entity) WHERE e.id > 'd' AND e.id < 'e' REMOVE e.last_updated_at");
        test.cypher("MATCH (e:Entity) WHERE e.id > 'c' AND e.id < 'c4' SET e.id = toUpper(e.id)");
        test.sql("UPDATE pg_class SET reltuples = ?, relallvisible = 0 WHERE relname = 'entity'",
                blocks ? 1_000_000 : 100);
        for (String after : List.of("2024-01-20T00:00:00Z", "2024-03-20T00:00:00Z", "2024-04-24T00:00:00Z",
                "2030-01-01T00:00:00Z")) {
            long micros = Instant.parse(after).getEpochSecond() * 1_000_000;
            Comparison comparison = Comparison.values()[random.nextInt(Comparison.values().length)];
            for (Selection selection : List.of(new Selection(Set.of(), micros),
                    new Selection(Set.of("relation"), micros), new Selection(Set.of("ttp"), micros),
                    new Selection(Set.of(), micros, new Slice(2, 3)))) {
                assertEquals(check(selection, comparison, true), check(selection, comparison, false),
                        () -> selection + ", " + comparison);
                assertTrue(said.text().matches("(?s).*\"n_changed\":\"\\d+\".*"), said::text);
            }
        }
    }

    @DisplayName("walks all where very many were changed")
    @Test
    void walksWhereMuchWasChanged() throws JsonProcessingException {
        createIndexes();
        for (int i = 0; i < 1001; i++) {
            test.entity(new UUID(0, i), "{\"type\":\"ttp\"}", "2024-01-01Z");
        }
        String report = check(new Selection(Set.of(), 0), Comparison.TIMESTAMPS, false);
        assertEquals(1001, Json.MAPPER.readTree(report).get("n_missing").asInt());
        assertTrue(said.text().contains("all is walked"), said::text);
    }

    private void createIndexes() {
        Queries queries = Queries.builtIn();
        test.sql(queries.index("changed-entities.sql").orElseThrow().replace("CONCURRENTLY", ""));
        test.cypher(queries.index("changed-nodes.cypher").orElseThrow());
        test.cypher(queries.index("changed-relationships.cypher").orElseThrow());
        test.cypher("CALL db.awaitIndexes(60)");
    }

    private String check(Selection selection, Comparison comparison, boolean walking) {
        said.forget();
        try (Databases databases = test.open()) {
            Check check = new Check(databases, said.events(), selection, 10, true)
                    .settling(WholeJob.AT_ONCE).comparing(comparison);
            return reportOf(walking ? check.walking() : check);
        }
    }
}
