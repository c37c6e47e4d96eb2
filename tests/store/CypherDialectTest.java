package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What a Neo4j knows of Cypher")
class CypherDialectTest {
    @ParameterizedTest(name = "{0}: names as parameters {1}, elementId {2}")
    @CsvSource({"4.4.48, false, false", "5.0.0, false, true", "5.25.1, false, true", "5.26.30, true, true",
            "5.27-aura, true, true",
        "2026.08.1, true, true", "unknown, true, true"})
    void versions(String version, boolean names, boolean elementIds) {
        assertEquals(new CypherDialect(names, elementIds), CypherDialect.of(version));
    }

    @ParameterizedTest(name = "{0} is quoted as {1}")
    @CsvSource({"Plain, `Plain`", "a`b, `a``b`", "\\u0060, `\\u005Cu0060`", "dir\\users, `dir\\u005Cusers`",
            "\\\\, `\\u005C\\u005C`"})
    void names(String name, String quoted) {
        assertEquals(quoted, CypherName.quoted(name));
    }

    @Test
    @DisplayName("A name is put into a query once, whatever it looks like")
    void placeholder() {
        CypherDialect old = CypherDialect.of("4.4.48");
        assertEquals("CREATE (e:`$(row.names)`:`b`)",
                old.named("CREATE (e:$(row.names))", List.of("$(row.names)", "b")));
        assertEquals("MATCH (e) WHERE id(e) = row.element", old.text("MATCH (e) WHERE elementId(e) = row.element"));
        assertEquals("CREATE (e:$(row.names))",
                CypherDialect.of("5.26.0").named("CREATE (e:$(row.names))", List.of("b")));
    }
}
