import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.summary.SummaryCounters;
import syncdata.store.Queries;

/** The demo's own PostgreSQL and Neo4j: a child process, filled with the same data and then made to differ. */
final class DemoDatabases {

    /**
     * How many entities of each class there are, relations among them, once {@link #drift} has been at work.
     *
     * @param example one that is outdated
     */
    record Drift(int outdated, int missing, int notDeleted, int strange, int dangling, String example) {
    }

    private static final String TABLE = """
            CREATE TABLE entity (
              id              uuid PRIMARY KEY,
              data            jsonb NOT NULL,
              created_at      timestamptz NOT NULL,
              last_updated_at timestamptz NOT NULL )
            """;
    private static final String INSERT_ENTITY = """
            INSERT INTO entity (id, data, created_at, last_updated_at)
            VALUES (?, jsonb_build_object('type', ?::text, 'title', ?::text), ?, ?)
            """;
    private static final String INSERT_RELATION = """
            INSERT INTO entity (id, data, created_at, last_updated_at)
            VALUES (?, jsonb_build_object('type', 'relation', 'source', ?::text, 'key', ?::text,
                                       'target', ?::text), ?, ?)
            """;
    private static final String DELETE = """
            DELETE FROM entity
            WHERE id = ANY (?::uuid[]) OR data->>'source' = ANY (?) OR data->>'target' = ANY (?)
            """;
    private static final String CREATE_NODES = """
            UNWIND $rows AS row
            CREATE (e:Entity)
            SET e = row
            """;
    private static final String CREATE_RELATIONSHIPS = """
            UNWIND $rows AS row
            MATCH (s:Entity {id: row.source}), (t:Entity {id: row.target})
            CREATE (s)-[r:RELATION]->(t)
            SET r = row.properties
            """;

    private final Process process;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /**
     * Begins to start both.
     *
     * @param folder for their files
     */
    DemoDatabases(Path launcher, Path folder) throws IOException {
        process = new ProcessBuilder(launcher.toString(), "embedded-databases", "--directory", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /**
     * Waits until both are there, empty.
     *
     * @throws IOException if they did not start; what they said stands on standard error
     */
    void await() throws IOException {
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); !"".equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("the databases did not start");
            }
            environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        environment.put("PGSSLMODE", "disable");
        environment.put("NEO4J_DATABASE", "neo4j");
    }

    /** The settings that connect a script to them. */
    Map<String, String> environment() {
        return environment;
    }

    /** Writes the same into both. */
    void load(DemoData data) throws SQLException {
        try (Connection postgres = postgres(); Statement statement = postgres.createStatement();
             PreparedStatement entity = postgres.prepareStatement(INSERT_ENTITY);
             PreparedStatement relation = postgres.prepareStatement(INSERT_RELATION)) {
            statement.execute(TABLE);
            for (String index : Queries.builtIn().indexes("entity-page.sql")) {
                statement.execute(index);
            }
            for (DemoData.Entity e : data.entities()) {
                add(entity, e.id(), e.type(), e.title(), e.createdAt(), e.lastUpdatedAt());
            }
            for (DemoData.Relation r : data.relations()) {
                add(relation, r.id(), r.source().id().toString(), r.key(), r.target().id().toString(), r.createdAt(),
                        r.lastUpdatedAt());
            }
            entity.executeBatch();
            relation.executeBatch();
        }
        try (Driver driver = neo4j(); Session neo4j = driver.session()) {
            for (String query : List.of("node-page.cypher", "node-states.cypher", "relationship-page.cypher",
                    "relationship-states.cypher")) {
                neo4j.run(Queries.builtIn().index(query).orElseThrow()).consume();
            }
            neo4j.run("CALL db.awaitIndexes()").consume();
            change(neo4j, CREATE_NODES, Map.of("rows",
                    data.entities().stream().map(DemoDatabases::properties).toList()));
            change(neo4j, CREATE_RELATIONSHIPS, Map.of("rows", data.relations().stream()
                    .map(r -> Map.of("source", r.source().id().toString(), "target", r.target().id().toString(),
                            "properties", properties(r))).toList()));
        }
    }

    /** Makes them differ in every way that a check knows; again where they were repaired, with another seed. */
    Drift drift(DemoData data, long seed) throws SQLException {
        // Indicators, and relations that are tied to none: so no entity drifts twice.
        Iterator<String> indicators =
                shuffled(data.entities().stream().filter(DemoDatabases::isIndicator).map(DemoData.Entity::id), seed);
        Iterator<String> relations = shuffled(data.relations().stream()
                .filter(r -> !isIndicator(r.source()) && !isIndicator(r.target())).map(DemoData.Relation::id), seed);
        try (Connection postgres = postgres(); Driver driver = neo4j(); Session neo4j = driver.session()) {
            List<String> outdated = next(25, indicators);
            return new Drift(
                    outdate(neo4j, outdated, next(10, relations)),
                    lose(neo4j, next(20, indicators), next(10, relations)),
                    forget(postgres, next(12, indicators)),
                    makeStrange(neo4j, next(5, indicators), next(4, indicators), next(3, indicators)),
                    leaveDangling(postgres, data.relations().get(0), seed),
                    neo4j.run("MATCH (e:Entity) WHERE e.id IN $ids RETURN min(e.id)", Map.of("ids", outdated)).single()
                    .get(0).asString());
        }
    }

    /** A migration that stopped half-way: Neo4j keeps what was true a month before. */
    private static int outdate(Session neo4j, List<String> entities, List<String> relations) {
        change(neo4j,
                "MATCH (e:Entity) WHERE e.id IN $ids SET e.last_updated_at = e.last_updated_at - duration('P30D'), "
                + "e.title = 'Old: ' + e.title",
                Map.of("ids", entities));
        change(neo4j,
                "MATCH ()-[r:RELATION]->() WHERE r.id IN $ids SET r.last_updated_at = r.last_updated_at - "
                + "duration('P30D')",
                Map.of("ids", relations));
        return entities.size() + relations.size();
    }

    /**
     * A re-ingestion that Neo4j was down for: entities never came, nor did any of their relations; and some relations
     * on their own.
     */
    private static int lose(Session neo4j, List<String> entities, List<String> relations) {
        SummaryCounters gone = change(neo4j, "MATCH (e:Entity) WHERE e.id IN $ids DETACH DELETE e",
                Map.of("ids", entities));
        SummaryCounters untied = change(neo4j, "MATCH ()-[r:RELATION]->() WHERE r.id IN $ids DELETE r",
                Map.of("ids", relations));
        return gone.nodesDeleted() + gone.relationshipsDeleted() + untied.relationshipsDeleted();
    }

    /** A clean-up that Neo4j did not hear of: entities deleted from PostgreSQL, with their relations. */
    private static int forget(Connection postgres, List<String> entities) throws SQLException {
        try (PreparedStatement delete = postgres.prepareStatement(DELETE)) {
            for (int i = 1; i <= 3; i++) {
                delete.setArray(i, postgres.createArrayOf("text", entities.toArray()));
            }
            return delete.executeUpdate();
        }
    }

    /** What wear and tear leaves: a timestamp from the future, none at all, the same entity twice. */
    private static int makeStrange(Session neo4j, List<String> newer, List<String> withoutTimestamp,
            List<String> twice) {
        change(neo4j, "MATCH (e:Entity) WHERE e.id IN $ids SET e.last_updated_at = e.last_updated_at + duration('P1D')",
                Map.of("ids", newer));
        change(neo4j, "MATCH (e:Entity) WHERE e.id IN $ids REMOVE e.last_updated_at", Map.of("ids", withoutTimestamp));
        change(neo4j, "MATCH (e:Entity) WHERE e.id IN $ids CREATE (copy:Entity) SET copy = properties(e)",
                Map.of("ids", twice));
        return newer.size() + withoutTimestamp.size() + twice.size();
    }

    /** Malformed source data: a relation to an entity that PostgreSQL does not hold. */
    private static int leaveDangling(Connection postgres, DemoData.Relation like, long seed) throws SQLException {
        try (PreparedStatement relation = postgres.prepareStatement(INSERT_RELATION)) {
            String nowhere = UUID.nameUUIDFromBytes(new byte[] {0}).toString();
            UUID id = new UUID(0x4000, seed | Long.MIN_VALUE);
            add(relation, id, like.source().id().toString(), like.key(), nowhere, like.createdAt(),
                    like.lastUpdatedAt());
            return relation.executeBatch()[0];
        }
    }

    /** Stops both, also while they start. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    private Connection postgres() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + environment.get("PGHOST") + ":"
                + environment.get("PGPORT") + "/" + environment.get("PGDATABASE")
                + "?reWriteBatchedInserts=true", environment.get("PGUSER"), environment.get("PGPASSWORD"));
    }

    private Driver neo4j() {
        return GraphDatabase.driver(environment.get("NEO4J_URI"),
                AuthTokens.basic(environment.get("NEO4J_USERNAME"), environment.get("NEO4J_PASSWORD")));
    }

    private static void add(PreparedStatement insert, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            insert.setObject(i + 1, values[i]);
        }
        insert.addBatch();
    }

    private static Iterator<String> shuffled(Stream<UUID> ids, long seed) {
        List<String> shuffled = new ArrayList<>(ids.map(UUID::toString).toList());
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled.iterator();
    }

    private static List<String> next(int count, Iterator<String> ids) {
        return Stream.generate(ids::next).limit(count).toList();
    }

    private static boolean isIndicator(DemoData.Entity entity) {
        return entity.type().equals("indicator");
    }

    private static SummaryCounters change(Session neo4j, String query, Map<String, Object> parameters) {
        return neo4j.run(query, parameters).consume().counters();
    }

    private static Map<String, Object> properties(DemoData.Entity e) {
        return Map.of("id", e.id().toString(), "type", e.type(), "title", e.title(), "created_at", e.createdAt(),
                "last_updated_at", e.lastUpdatedAt());
    }

    private static Map<String, Object> properties(DemoData.Relation r) {
        return Map.of("id", r.id().toString(), "key", r.key(), "created_at", r.createdAt(), "last_updated_at",
                r.lastUpdatedAt());
    }
}
