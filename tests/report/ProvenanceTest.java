package syncdata.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.report.Provenance.Apart;
import syncdata.report.Provenance.Picture;
import syncdata.report.Provenance.Run;
import syncdata.report.Provenance.Scope;
import syncdata.rules.Comparison;
import syncdata.rules.DatabaseIdentity;
import syncdata.rules.Selection;
import syncdata.rules.Slice;
import syncdata.run.Json;

/** Where a report says that it comes from. */
class ProvenanceTest {
    private static final DriftSummary NO_DRIFT = new DriftSummary(Map.of(), null, null, null);

    @Test
    @DisplayName("What a check wrote is read again")
    void isReadAsItWasWritten() throws JsonProcessingException {
        BlastRadius radius = new BlastRadius(1, Map.of("uses", 1L), List.of(), 1, true);
        Provenance made = made(new Selection(Set.of("ttp", "report"), 0, new Slice(2, 3)), radius);
        Provenance read = read(made.fields().toString());

        assertEquals(made.fields().toString(), read.fields().toString());
        assertEquals(Optional.of("1970-01-01T00:00:00.000000Z"), read.started());
        assertEquals(Optional.of(Instant.EPOCH.plusSeconds(1)), read.finishedAt());
        assertEquals(Optional.of("42"), read.postgres().id());
        assertEquals(Optional.of("n"), read.neo4j().name());
        assertFalse(read.neo4j().isKnown());
        assertEquals(List.of("report", "ttp"), read.entityTypes());
        assertEquals(Optional.of("1970-01-01T00:00:00.000000Z"), read.changedAfter());
        assertEquals(Comparison.CONTENT, read.comparison());
        assertTrue(read.isPartial());
        assertEquals(Optional.of(new UUID(0, 7).toString()), read.checkedUpTo());
        assertEquals(new Apart(1, 2, 0, 0, 5), apart(read)); // a check of what was changed looks for no others
        assertEquals(new Apart(1, 2, 3, 4, 5), apart(read(made(Selection.ALL, radius).fields().toString())));
        assertEquals(Optional.of(NO_DRIFT), read.summary());
        assertEquals(Optional.of(radius), read.blastRadius());
        assertEquals(Optional.empty(), read.systematicOffset());
    }

    private static Provenance made(Selection selection, BlastRadius radius) {
        return Provenance.of(
                new Run(Instant.EPOCH, Instant.EPOCH.plusSeconds(1),
                        new DatabaseIdentity("h:1", "p", Optional.of("42"), "17"), true,
                        new DatabaseIdentity("h:2", "n", Optional.empty(), "5")),
                new Scope(selection, Comparison.CONTENT, true, Optional.of(new UUID(0, 7))),
                new Apart(1, 2, 3, 4, 5), new Picture(Optional.empty(), NO_DRIFT, Optional.of(radius)));
    }

    private static Apart apart(Provenance read) {
        return new Apart(read.altered(), read.dangling(), read.withoutId(), read.withOtherId(), read.unconfirmed());
    }

    @Test
    @DisplayName("What somebody else wrote is unknown, not an error, and stays")
    void toleratesStrangeValues() throws JsonProcessingException {
        Provenance strange = read("""
                {"started": null, "finished": {}, "postgresql": 5, "entity_types": "ttp", "compared": [],
                 "partial": "no", "n_altered": -1, "n_dangling": "many", "later": {"than": "this"}}""");
        assertEquals(Optional.empty(), strange.started());
        assertEquals(Optional.empty(), strange.finishedAt());
        assertFalse(strange.postgres().isKnown());
        assertEquals(List.of(), strange.entityTypes());
        assertEquals(Comparison.TIMESTAMPS, strange.comparison());
        assertFalse(strange.isPartial());
        assertEquals(List.of(0L, 0L), List.of(strange.altered(), strange.dangling()));
        assertEquals("this", strange.facts().at("/later/than").asText());
        assertFalse(strange.isUnknown());
        assertTrue(Provenance.UNKNOWN.isUnknown());
    }

    @Test
    @DisplayName("Checks are of the same scope where no filter is said and where it is said that there is none")
    void comparesScopes() throws JsonProcessingException {
        String databases = "\"postgresql\": {\"system_identifier\": \"1\", \"name\": \"p\"}";
        assertEquals(read("{" + databases + "}").scope(), read("{" + databases
                + ", \"partial\": false, \"slice\": null, \"compared\": \"timestamps\"}").scope());
        assertNotEquals(read("{" + databases + "}").scope(),
                read("{" + databases + ", \"slice\": \"1/2\"}").scope());
    }

    private static Provenance read(String json) throws JsonProcessingException {
        return new Provenance((ObjectNode) Json.MAPPER.readTree(json));
    }
}
