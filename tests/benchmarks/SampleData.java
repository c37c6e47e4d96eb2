import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.Session;
import syncdata.store.Queries;
import syncdata.store.SourceStore;

/**
 * The same entities in both databases: six of ten with a type of the platform's and a title, four of ten relations
 * between them.
 */
final class SampleData {
    private static final int BATCH = 5000;

    private static final String TABLE = """
            CREATE TABLE entity (
              id              uuid PRIMARY KEY,
              data            jsonb NOT NULL,
              created_at      timestamptz NOT NULL,
              last_updated_at timestamptz NOT NULL );
            -- the two that lib/queries/relations-of-entities.sql names
            CREATE INDEX ON entity ((data->>'source')) WHERE data->>'type' = 'relation';
            CREATE INDEX ON entity ((data->>'target')) WHERE data->>'type' = 'relation';
            """;

    // Everything follows from the number of an entity, so that each run has the same ones.
    private static final String ENTITIES = """
            INSERT INTO entity
            SELECT CAST(md5('entity ' || i) AS uuid),
                   jsonb_build_object('type', type, 'title', initcap(type) || ' no. ' || i
                                          || ', seen at ' || md5('host ' || i) || '.example'),
                   created_at,
                   created_at + (i % 86400000) * interval '1.000001 seconds'
            FROM generate_series(1, ?) AS i
            CROSS JOIN LATERAL (SELECT (CAST(? AS text[]))[1 + i % ?] AS type,
                                       timestamptz '2024-01-01 00:00:00Z'
                                           + (i % 1000000) * interval '7.000003 seconds' AS created_at) AS made
            """;

    private static final String RELATIONS = """
            INSERT INTO entity
            SELECT CAST(md5('relation ' || i) AS uuid),
                   jsonb_build_object('type', 'relation', 'key', 'uses',
                                      'source', CAST(md5('entity ' || 1 + abs(hashint8extended(i, 1) % ends)) AS uuid),
                                      'target', CAST(md5('entity ' || 1 + abs(hashint8extended(i, 2) % ends)) AS uuid)),
                   created_at,
                   created_at
            FROM generate_series(1, ?) AS i
            CROSS JOIN LATERAL (SELECT CAST(? AS bigint) AS ends,
                                       timestamptz '2024-07-01 00:00:00Z'
                                           + (i % 1000000) * interval '7.000003 seconds' AS created_at) AS made
            """;

    private final PlainStores stores;
    private final Queries queries;

    SampleData(PlainStores stores, Queries queries) {
        this.stores = stores;
        this.queries = queries;
    }

    void createTable() throws SQLException {
        try (Statement statement = stores.postgres().createStatement()) {
            statement.execute(TABLE);
        }
    }

    void fillPostgres(int entities) throws SQLException {
        Benchmark.say("Filling PostgreSQL with " + entities + " entities");
        int relations = entities * 2 / 5;
        Connection postgres = stores.postgres();
        String[] types = queries.lines("entity-types.txt").stream().filter(type -> !type.equals("relation"))
                .toArray(String[]::new);
        try (Statement statement = postgres.createStatement();
             PreparedStatement insert = postgres.prepareStatement(ENTITIES);
             PreparedStatement insertRelations = postgres.prepareStatement(RELATIONS)) {
            // a row of an asynchronous commit that is not on the disk yet cannot be vacuumed into the visibility map
            statement.execute("SET synchronous_commit = on");
            insert.setLong(1, entities - relations);
            insert.setArray(2, postgres.createArrayOf("text", types));
            insert.setInt(3, types.length);
            insert.execute();
            insertRelations.setLong(1, relations);
            insertRelations.setLong(2, entities - relations);
            insertRelations.execute();
            for (String index : queries.indexes("entity-page.sql")) {
                statement.execute(index);
            }
            statement.execute("VACUUM ANALYZE entity");
        }
    }

    /** Creates the indexes that the query files ask for, in a Neo4j that must be empty. */
    void createIndexes() {
        try (Session session = stores.session()) {
            if (session.run("MATCH (n) RETURN count(n)").single().get(0).asLong() > 0) {
                throw new IllegalStateException("Neo4j is not empty: connect to one that this may fill");
            }
            Stream.of("node-page.cypher", "relationship-page.cypher", "node-states.cypher",
                    "relationship-states.cypher")
                    .flatMap(name -> queries.index(name).stream())
                    .forEach(statement -> session.run(statement).consume());
            session.run("CALL db.awaitIndexes(600)").consume();
        }
    }

    /**
     * Changes some entities on both sides.
     *
     * @return a time before that and after all other changes
     */
    String changeSome(int entities) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Statement statement = stores.postgres().createStatement();
             ResultSet row = statement.executeQuery("UPDATE entity SET last_updated_at = '2025-01-02Z' WHERE id IN"
                     + " (SELECT id FROM entity WHERE data->>'type' <> 'relation' ORDER BY md5(CAST(id AS text))"
                     + " LIMIT " + entities + ") RETURNING id")) {
            while (row.next()) {
                ids.add(row.getString(1));
            }
            statement.execute("VACUUM ANALYZE entity");
        }
        try (Session session = stores.session()) {
            session.run("UNWIND $ids AS id MATCH (e:Entity {id: id})"
                    + " SET e.last_updated_at = datetime('2025-01-02T00:00:00Z')", Map.of("ids", ids)).consume();
        }
        return "2025-01-01";
    }

    /** Creates the indexes by which changed entities are found. */
    void createIndexesOfChanges() throws SQLException {
        try (Statement statement = stores.postgres().createStatement(); Session session = stores.session()) {
            statement.execute(queries.index("changed-entities.sql").orElseThrow());
            session.run(queries.index("changed-nodes.cypher").orElseThrow()).consume();
            session.run(queries.index("changed-relationships.cypher").orElseThrow()).consume();
            session.run("CALL db.awaitIndexes(600)").consume();
        }
    }

    /** Leaves PostgreSQL's primary key alone, and constraints on id in Neo4j. */
    void dropIndexes() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = stores.postgres().createStatement();
             ResultSet row = statement.executeQuery("SELECT indexrelid::regclass FROM pg_index"
                     + " WHERE indrelid = 'entity'::regclass AND NOT indisprimary")) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        try (Statement statement = stores.postgres().createStatement(); Session session = stores.session()) {
            for (String name : names) {
                statement.execute("DROP INDEX " + name);
            }
            statement.execute("VACUUM ANALYZE entity");
            session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").list(row -> row.get(0).asString())
                    .forEach(name -> session.run("DROP INDEX `" + name + "`").consume());
            session.run("CREATE CONSTRAINT FOR (e:Entity) REQUIRE e.id IS UNIQUE").consume();
            session.run("CREATE CONSTRAINT FOR ()-[r:RELATION]-() REQUIRE r.id IS UNIQUE").consume();
            session.run("CALL db.awaitIndexes(600)").consume();
            session.run("CALL db.clearQueryCaches()").consume();
        }
    }

    /** Copies everything from PostgreSQL. */
    void fillNeo4j(SourceStore source) throws SQLException {
        Benchmark.say("Filling Neo4j");
        BareWrites writes = new BareWrites(stores);
        for (List<UUID> ids : batches("SELECT id FROM entity WHERE data->>'type' <> 'relation' ORDER BY id")) {
            writes.nodes(source.projection().entities(ids));
        }
        for (List<UUID> ids : batches("SELECT id FROM entity WHERE data->>'type' = 'relation' ORDER BY id")) {
            writes.relationships(source.projection().relations(ids));
        }
        try (Session session = stores.session()) {
            session.run("CALL db.resampleOutdatedIndexes()").consume();
            session.run("CALL db.awaitIndexes(600)").consume();
            session.run("CALL db.clearQueryCaches()").consume(); // what was planned for an empty graph
        }
    }

    private List<List<UUID>> batches(String query) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (Statement statement = stores.postgres().createStatement(); ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
            }
        }
        return BareWrites.split(ids, BATCH);
    }
}
