package syncdata.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static syncdata.fixture.InventedReport.four;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.rules.Verdict;
import syncdata.run.Json;
import syncdata.run.SortedIds;

/** A saved report in the terminal. */
class EntityListingTest {
    private static final EntityListing.Filter ALL = new EntityListing.Filter(Set.of(), Set.of(), "");

    @ParameterizedTest
    @DisplayName("Entities are filtered by class, type and text, the oldest first")
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "-           | -        | -      | the oldest, the second, the third, the youngest",
        "MISSING     | -        | -      | the second",
        "-           | incident | -      | the youngest",
        "-           | -        | THE O  | the oldest",
        "-           | -        | report | the third",
        "MISSING     | incident | -      | ''"})
    void filtered(Verdict verdict, String type, String text, String titles) {
        EntityListing.Filter filter = new EntityListing.Filter(verdict == null ? Set.of() : Set.of(verdict),
                type == null ? Set.of() : Set.of(type), text == null ? "" : text);
        try (Report report = four().report()) {
            assertEquals(titles, EntityListing.of(report, filter, 10).shown().stream()
                    .map(entity -> entity.title().orElse("-"))
                    .collect(Collectors.joining(", ")));
        }
    }

    @Test
    @DisplayName(
            "The table says how many differ, and class, type, when changed, how far behind, title and id of each, "
            + "within 80 columns")
    void table() {
        try (Report report = four().outdated("eclecticiq-sighting", "wide \u001b[2J".repeat(20), "2024-03-05T00:00:00Z",
                "2024-03-04T00:00:00Z").report()) {
            String shown = print(ListingFormat.TABLE, report, EntityListing.of(report, ALL, 3));
            assertEquals("""
                    Checked Wed 5 Jun 2024 02:20 UTC.
                    5 of 2,005 entities differ: 2 outdated, 1 strange, 1 missing, 1 not deleted.

                    class        type       changed     behind         title
                    outdated     ttp        2024-03-01  1 day 2 hours  the oldest
                      ID
                    missing      indicator  2024-03-02  -              the second
                      ID
                    not deleted  report     2024-03-03  -              the third
                      ID

                    3 of 5 that fit are shown, last changed longest ago; --limit shows more.
                    """, shown.replaceAll("[0-9a-f-]{36}", "ID").replaceFirst("02:\\d\\d UTC", "02:20 UTC"));
            print(ListingFormat.TABLE, report, EntityListing.of(report, ALL, 9)).lines()
                    .forEach(line -> assertEquals(true, line.length() <= 80 && !line.contains("\u001b"), line));
        }
    }

    @Test
    @DisplayName("JSON is one object with what the report says of each entity, and ids are one a line")
    void programs() throws IOException {
        try (Report report = four().withDiffs().report()) {
            EntityListing listing = EntityListing.of(report,
                    new EntityListing.Filter(Set.of(Verdict.STRANGE), Set.of(), ""), 9);
            String id = listing.shown().get(0).id();
            assertEquals(id + "\n", print(ListingFormat.IDS, report, listing));
            var entity = Json.MAPPER.readTree(print(ListingFormat.JSON, report, listing)).at("/entities/0");
            assertEquals(id + " strange reindex incident the youngest -86400.0",
                    String.join(" ", List.of(entity.path("id").asText(),
                    entity.path("class").asText(), entity.path("repair").asText(), entity.path("type").asText(),
                    entity.path("title").asText(), entity.path("seconds_behind").asText())));
        }
    }

    @Test
    @DisplayName(
            "A report that has the seven fields alone shows ids, with the class where only one fits, and says what a "
            + "filter cannot judge")
    void sevenFields() {
        try (Report report = new Report(SortedIds.of(List.of(new UUID(2, 2))), SortedIds.of(List.of(new UUID(1, 1))),
                SortedIds.none(), 1, 1, 7, 0, 0, 0, Optional.empty(),
                Provenance.UNKNOWN)) {
            assertEquals(List.of("missing", "not deleted"),
                    EntityListing.of(report, ALL, 9).shown().stream().map(ReportedEntity::word).toList());
            assertEquals(new EntityListing(List.of(), 0, 2),
                    EntityListing.of(report, new EntityListing.Filter(Set.of(), Set.of("ttp"), ""), 9));
        }
    }

    private static String print(ListingFormat format, Report report, EntityListing listing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.print(report, listing, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
