package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Advice about indexes")
class IndexAdviceTest {
    private static final String ID = "CREATE INDEX CONCURRENTLY x ON entity (id) INCLUDE (last_updated_at)";

    @DisplayName("knows an index of PostgreSQL by its expressions, however it is written")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ON public.entity USING btree (((data ->> 'source'::text))) \
            WHERE ((data ->> 'type'::text) = 'relation'::text) | true
            ON entity ((data->>'source')) WHERE data->>'type' = 'relation';   | true
            ON ONLY "entity" USING btree (((data ->> 'source'::text)))        | true
            ON public.entity USING btree (((data ->> 'target'::text)))        | false
            """)
    void byExpressions(String held, boolean found) {
        String wanted = "CREATE INDEX CONCURRENTLY y ON entity ((data->>'source')) WHERE data->>'type' = 'relation'";
        assertEquals(found, new IndexAdvice.Postgres(List.of("CREATE INDEX x " + held), List.of()).has(wanted));
    }

    @DisplayName("knows an index of PostgreSQL by its columns: the keys first, the others anywhere")
    @ParameterizedTest(name = "{0} ({1})")
    @CsvSource(textBlock = """
            entity, id last_updated_at,            true
            Entity, id created_at last_updated_at, true
            entity, last_updated_at id,            false
            entity, id,                            false
            other,  id last_updated_at,            false
            """)
    void byColumns(String table, String columns, boolean found) {
        assertEquals(found, new IndexAdvice.Postgres(List.of(),
                List.of(new IndexAdvice.Postgres.Columns(table, List.of(columns.split(" "))))).hasLike(ID));
    }

    @DisplayName("knows an index of Neo4j by its kind, its label or type, and its properties in their order")
    @ParameterizedTest(name = "{0} :{1} ({2})")
    @CsvSource(textBlock = """
            RELATIONSHIP, RELATION, id last_updated_at, true
            NODE,         RELATION, id last_updated_at, false
            RELATIONSHIP, USES,     id last_updated_at, false
            RELATIONSHIP, RELATION, last_updated_at id, false
            RELATIONSHIP, RELATION, id,                 false
            """)
    void inNeo4j(String kind, String type, String properties, boolean found) {
        IndexAdvice.Neo4j advice = new IndexAdvice.Neo4j(List.of(new IndexAdvice.Neo4j.Properties(kind, List.of(type),
                List.of(properties.split(" ")))));
        assertEquals(found, advice.has("CREATE INDEX x FOR ()-[r:`RELATION`]-() ON (r.id, r.last_updated_at)"));
    }
}
