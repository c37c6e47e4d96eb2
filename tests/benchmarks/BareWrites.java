import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.neo4j.driver.Session;
import syncdata.store.SourceStore;
import syncdata.rules.Relation;

/** Writes rows to Neo4j and does nothing else: no judging, no second look, no care for what is there already. */
record BareWrites(PlainStores stores) {

    /** Rows in memory, in batches that are written one after the other. */
    record Rows(List<List<Map<String, Object>>> nodes, List<List<Relation>> relations) {
        static Rows read(SourceStore source, Missing missing, int batchSize) {
            return new Rows(split(missing.nodes(), batchSize).stream().map(source.projection()::entities).toList(),
                    split(missing.relations(), batchSize).stream().map(source.projection()::relations).toList());
        }
    }

    private static final String NODES = """
            UNWIND $rows AS row
            MERGE (e:Entity {id: row.id})
            SET e = row
            """;

    private static final String RELATIONSHIPS = """
            UNWIND $rows AS row
            MATCH (s:Entity {id: row.source})
            MATCH (t:Entity {id: row.target})
            CREATE (s)-[r:RELATION]->(t)
            SET r = row.properties
            """;

    /** (e) Reads and writes one entity, then the next. */
    void oneAtATime(SourceStore source, Missing missing) {
        missing.nodes().forEach(id -> nodes(source.projection().entities(List.of(id))));
        missing.relations().forEach(id -> relationships(source.projection().relations(List.of(id))));
    }

    /** (g) The least that writing in batches can take. */
    void inBatches(Rows rows) {
        rows.nodes().forEach(this::nodes);
        rows.relations().forEach(this::relationships);
    }

    /** Writes nodes in a transaction. */
    void nodes(List<Map<String, Object>> rows) {
        write(NODES, rows);
    }

    /** Writes relationships in a transaction. */
    void relationships(List<Relation> relations) {
        write(RELATIONSHIPS, relations.stream().map(relation -> Map.<String, Object>of(
                "source", relation.from(), "target", relation.to(), "properties",
                relation.properties())).toList());
    }

    static List<List<UUID>> split(List<UUID> ids, int batchSize) {
        return Stream.iterate(0, from -> from < ids.size(), from -> from + batchSize)
                .map(from -> ids.subList(from, Math.min(ids.size(), from + batchSize))).toList();
    }

    private void write(String query, List<Map<String, Object>> rows) {
        try (Session session = stores.session()) {
            session.executeWriteWithoutResult(transaction -> transaction.run(query, Map.of("rows", rows)).consume());
        }
    }
}
