package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.AccessMode;
import syncdata.check.Check;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.Comparison;
import syncdata.rules.ContentDigest;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.run.Events;

/** On real databases: what a repair has written has the same digest on both sides, whatever its type. */
@DisplayName("Contents of many entities, read at once")
class ContentsAtOnceTest {
    private static final UUID PLAIN = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);
    private static final UUID LONG = new UUID(1, 3);
    private static final UUID BARE = new UUID(1, 4);
    private static final UUID RELATION = new UUID(1, 5);

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("have the same digests after a repair; what is long, or of no plain type, has none")
    void haveTheSameDigestsAfterARepair() {
        fill();
        Queries queries = queries("""
                SELECT id, data->>'type' AS type, data->>'title' AS title, created_at, last_updated_at,
                       CAST(data->>'n' AS int4) AS n, CAST(data->>'d' AS numeric) AS d,
                       CAST(data->>'flag' AS bool) AS "a ""flag"" too", data->'object' AS object,
                       CASE WHEN data->>'tags' IS NOT NULL THEN ARRAY['a', 'b'] END AS tags
                FROM entity WHERE id=any( :ids ) ORDER BY id
                """);
        try (Databases databases = databases(queries)) {
            repair(databases);
            SourceContents contents = databases.source().contents().orElseThrow();
            Map<UUID, Long> source = source(databases, contents);
            Map<UUID, Long> graph = graph(databases, contents);
            assertEquals(source, graph);
            assertEquals(Set.of(LONG, OTHER), unknown(source));
            assertEquals(5, source.size());
        }
    }

    @Test
    @DisplayName("have other digests where a value, the number of properties or an end is another")
    void haveOtherDigestsWhereTheyDiffer() {
        fill();
        try (Databases databases = databases(Queries.builtIn())) {
            repair(databases);
            SourceContents contents = databases.source().contents().orElseThrow();
            Map<UUID, Long> source = source(databases, contents);
            test.cypher("MATCH (e:Entity {id: $id}) SET e.title = 'another'", Map.of("id", PLAIN.toString()));
            test.cypher("MATCH (e:Entity {id: $id}) SET e.extra = 1", Map.of("id", BARE.toString()));
            test.cypher("MATCH (e:Entity {id: $id}) REMOVE e:Entity SET e:Old", Map.of("id", OTHER.toString()));
            Map<UUID, Long> graph = graph(databases, contents);
            for (UUID id : List.of(PLAIN, BARE, RELATION)) {
                assertTrue(!source.get(id).equals(graph.get(id)), id::toString);
            }
        }
    }

    @Test
    @DisplayName("of a page with a value of another type are unknown; the page is there, and those of others are known")
    void aValueOfAnotherType() {
        fill();
        try (Databases databases = databases(Queries.builtIn())) {
            repair(databases);
            test.cypher("MATCH (e:Entity {id: $id}) SET e.title = 5, e.created_at = 'soon'",
                    Map.of("id", PLAIN.toString()));
            SourceContents contents = databases.source().contents().orElseThrow();
            Map<UUID, Long> graph = graph(databases, contents);
            assertEquals(Set.of(PLAIN, OTHER, LONG), unknown(graph));
            assertEquals(5, graph.size());
        }
    }

    @Test
    @DisplayName("of blocks with a row that cannot be read are unknown: one bad row ends no check")
    void aRowThatCannotBeRead() {
        fill();
        Queries queries = queries("""
                SELECT id, data->>'title' AS source, created_at, last_updated_at, CAST(data->>'n' AS int8) AS n
                FROM entity WHERE id = ANY (:ids) AND data->>'type' IS DISTINCT FROM 'relation'
                """);
        try (Databases databases = databases(queries)) {
            repair(databases);
            SourceContents contents = databases.source().contents().orElseThrow();
            assertEquals(Set.of(LONG), unknown(source(databases, contents)));
            assertEquals(source(databases, contents), graph(databases, contents));
            test.sql("UPDATE entity SET data = data || '{\"n\":\"none\"}' WHERE id = ?", BARE);
            Map<UUID, Long> source = source(databases, contents);
            assertEquals(Set.of(PLAIN, OTHER, LONG, BARE), unknown(source));
            assertEquals(5, source.size());
        }
    }

    @Test
    @DisplayName("of a range of ids are read alone, and are the same")
    void ofARange() {
        fill();
        try (Databases databases = databases(Queries.builtIn())) {
            SourceContents contents = databases.source().contents().orElseThrow();
            Map<UUID, Long> all = source(databases, contents);
            all.keySet().retainAll(Set.of(OTHER, LONG));
            assertEquals(all, source(databases, contents,
                    new EntityPart(Set.of(), new IdRange(OTHER, LONG), Selection.EVER)));
        }
    }

    @Test
    @DisplayName("cannot be read by a projection that asks for more than ids, or of more than the table")
    void projectionsOfTheOperatorsOwn() {
        for (String projection : List.of(
                "SELECT id, created_at, last_updated_at FROM entity WHERE id IN (SELECT unnest(CAST(:ids AS uuid[])))",
                "SELECT e.id, e.created_at, e.last_updated_at FROM entity e JOIN entity t USING (id)"
                        + " WHERE e.id = ANY (:ids)")) {
            try (Databases databases = databases(queries(projection))) {
                assertTrue(databases.source().contents().isEmpty(), projection);
            }
        }
    }

    private void fill() {
        test.entity(PLAIN, "{\"type\":\"ttp\",\"title\":\"\u00e4 \uD83D\uDE00 \\\"\\\\ \\n\",\"n\":-5,\"d\":0.1,"
                + "\"flag\":false,\"object\":{\"b\":[1, 2],\"a\":null}}", "2024-06-01T00:00:00.123456Z");
        test.entity(OTHER, "{\"type\":\"ttp\",\"title\":\"\",\"tags\":1,\"d\":1e300,\"n\":2147483647}",
                "1969-12-31T23:59:59.999999Z");
        test.entity(LONG, "{\"type\":\"report\",\"title\":\"" + "\u00fc".repeat(600) + "\"}", "2024-06-01Z");
        test.entity(BARE, "{}", "2024-06-01Z");
        test.relation(RELATION, PLAIN, OTHER, "2024-06-01Z");
    }

    private Queries queries(String projection) {
        try {
            Files.writeString(folder.resolve("entity-projection.sql"), projection);
            return Queries.in(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Databases databases(Queries queries) {
        return Databases.open(test.settings(), queries, AccessMode.WRITE);
    }

    private static void repair(Databases databases) {
        try (Report report = new Check(databases, Events.silent(), Selection.ALL, 10, false)
                .settling(WholeJob.AT_ONCE).comparing(Comparison.CONTENT).run()) {
            TestDatabases.repair(databases, Events.silent(), 10, report);
        }
    }

    private static PageSize size() {
        return new PageSize(3, Duration.ofSeconds(10));
    }

    private static Map<UUID, Long> source(Databases databases, SourceContents contents) {
        return source(databases, contents, EntityPart.ALL);
    }

    private static Map<UUID, Long> source(Databases databases, SourceContents contents, EntityPart part) {
        Map<UUID, Long> digests = new TreeMap<>();
        new BlockPass(databases.source(), databases.pace(), databases.source().survey().layout(), part,
                Optional.of(contents)).read(page -> digests(page, digests));
        return digests;
    }

    private static Map<UUID, Long> graph(Databases databases, SourceContents contents) {
        Map<UUID, Long> digests = new TreeMap<>();
        Optional<Projections> projections = Optional.of(contents.projections());
        databases.graph().nodes(size(), IdRange.ALL, projections).forEach(page -> digests(page, digests));
        databases.graph().relationships(size(), IdRange.ALL, projections).forEach(page -> digests(page, digests));
        return digests;
    }

    private static boolean digests(EntityPage page, Map<UUID, Long> digests) {
        for (int i = 0; i < page.size(); i++) {
            digests.put(page.id(i), page.digest(i));
        }
        return true;
    }

    private static Set<UUID> unknown(Map<UUID, Long> digests) {
        return digests.keySet().stream().filter(id -> digests.get(id) == ContentDigest.UNKNOWN)
                .collect(Collectors.toSet());
    }
}
