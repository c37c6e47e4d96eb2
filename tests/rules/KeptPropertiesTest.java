package syncdata.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which properties belong to other services. */
class KeptPropertiesTest {
    private static final Set<String> PROJECTED = Set.of("id", "title", "last_updated_at");
    private static final Map<String, Integer> PROPERTIES = Map.of("id", 1, "title", 2, "score", 3, "rank", 4);

    @Test
    @DisplayName("No line keeps nothing, a name keeps that, * keeps every name that no projection gives")
    void whatALineKeeps() {
        assertEquals(Map.of(), KeptProperties.of(List.of(), PROJECTED).of(PROPERTIES));
        assertEquals(Map.of("score", 3), KeptProperties.of(List.of("score", "absent"), PROJECTED).of(PROPERTIES));
        assertEquals(Map.of("score", 3, "rank", 4), KeptProperties.of(List.of("*"), PROJECTED).of(PROPERTIES));
    }

    @Test
    @DisplayName("What a projection gives is never kept, though a line names it")
    void whatAProjectionGivesIsNeverKept() {
        assertEquals(Map.of("score", 3), KeptProperties.of(List.of("title", "score"), PROJECTED).of(PROPERTIES));
    }
}
