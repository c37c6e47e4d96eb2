package syncdata.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import syncdata.rules.EntityId;
import syncdata.run.Events;
import syncdata.run.InputException;
import syncdata.run.Json;
import syncdata.run.SortedIds;

class ReportReaderTest {
    private static final String A = "0aaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "8bbbbbbb-0000-4000-8000-000000000002";
    private static final String C = "fccccccc-0000-4000-8000-000000000003";

    /** A report that is refused, and what the error says. */
    record Malformed(String what, String text, List<String> says) {
        private static Malformed of(String what, String text, String... says) {
            return new Malformed(what, text, List.of(says));
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Malformed> malformed() {
        String whole = seven("\"" + A + "\"", "\"" + B + "\",\"" + C + "\"");
        return Stream.of(
                Malformed.of("empty", "", "is empty"),
                Malformed.of("not JSON at all", "hello\n", "is no JSON: line 1, column", "hello"),
                Malformed.of("a binary file", "\u001f\u008b\b", "is no JSON: line 1"),
                Malformed.of("cut in half, in an id", whole.substring(0, whole.indexOf(B) + 10),
                        "ends half-way, in line 1: it was cut off"),
                Malformed.of("cut in half, between two ids", whole.substring(0, whole.indexOf(C) - 1), "ends half-way"),
                Malformed.of("its last brace missing", whole.substring(0, whole.length() - 1), "ends half-way"),
                Malformed.of("two reports", whole + "\n" + whole,
                        "line 2, column 1: something follows the report's end"),
                Malformed.of("a list", "[]", "line 1, column 1: a report is a JSON object"),
                Malformed.of("text", "\"report\"", "a report is a JSON object"),
                Malformed.of("no fields", "{}", "has no entity_ids_to_delete"),
                Malformed.of("a field missing", whole.replace("\"n_ok\":0,", ""), "has no n_ok"),
                Malformed.of("a field twice", whole.replace("\"n_ok\":0", "\"n_ok\":0,\n\"n_ok\":0"),
                        "line 2, column 1: n_ok is there twice"),
                Malformed.of("ids that are no list",
                        seven("", "").replace("\"entity_ids_to_delete\":[]", "\"entity_ids_to_delete\":\"" + A + "\""),
                        "entity_ids_to_delete is to be a list of ids, and there is " + A),
                Malformed.of("ids that are null",
                        seven("", "").replace("\"entity_ids_to_reindex\":[]", "\"entity_ids_to_reindex\":null"),
                        "entity_ids_to_reindex is to be a list of ids, and there is null"),
                Malformed.of("an id that is a number", seven("42", ""),
                        "entity_ids_to_delete is to hold ids as text, and there is 42"),
                Malformed.of("an id that is a list", seven("", "[]"),
                        "entity_ids_to_reindex is to hold ids as text, and there is ["),
                Malformed.of("an id that is no UUID", seven("", "\"" + A + "\",\n\"" + B.substring(1) + "\""),
                        "line 2, column 1: \"" + B.substring(1) + "\" is no UUID"),
                Malformed.of("an id that Java alone would take for a UUID", seven("\"1-1-1-1-1\"", ""),
                        "\"1-1-1-1-1\" is no UUID"),
                Malformed.of("an id twice", seven("", "\"" + A + "\",\"" + A + "\""),
                        "names " + A + " twice in entity_ids_to_reindex"),
                Malformed.of("an id twice, in another case, and not side by side",
                        seven("\"" + A + "\",\"" + B + "\",\"" + A.toUpperCase() + "\"", ""),
                        "names " + A + " twice in entity_ids_to_delete"),
                Malformed.of("an id in both lists", seven("\"" + B + "\",\"" + A + "\"", "\"" + C + "\",\"" + B + "\""),
                        "names " + B + " both in entity_ids_to_delete and in entity_ids_to_reindex"),
                Malformed.of("a count that is text", seven("", "").replace("\"n_ok\":0", "\"n_ok\":\"0\""),
                        "n_ok is to be a whole number"),
                Malformed.of("a count that is a fraction", seven("", "").replace("\"n_ok\":0", "\"n_ok\":1.0"),
                        "n_ok is to be a whole number, and there is 1.0"),
                Malformed.of("a count below zero", seven("", "").replace("\"n_strange\":0", "\"n_strange\":-1"),
                        "n_strange is to be a whole number from 0 on, and is -1"),
                Malformed.of("a count beyond all entities", seven("", "")
                        .replace("\"n_ok\":0", "\"n_ok\":99999999999999999999"),
                        "n_ok is to be a whole number from 0 on"),
                Malformed.of("diffs that are a list", seven("", "").replace("}", ",\"diffs\":[]}"),
                        "diffs is to be an object"),
                Malformed.of("a diff of no id", seven("", "").replace("}", ",\"diffs\":{\"x\":{}}}"),
                        "\"x\" is no UUID"),
                Malformed.of("nested deep in a field that is not known", more("\"x\":" + deep()), "line 1, column",
                        "nesting depth"),
                Malformed.of("nested deep in its check", more("\"check\":{\"x\":" + deep() + "}"), "line 1, column",
                        "nesting depth"),
                Malformed.of("nested deep in a diff", more("\"diffs\":{\"" + A + "\":{\"x\":" + deep() + "}}"),
                        "line 1, column", "nesting depth"),
                Malformed.of("a count of 2,000 digits",
                        seven("", "").replace("\"n_ok\":0", "\"n_ok\":" + "1".repeat(2000)),
                        "Number value length (2000)"),
                Malformed.of("a number of 2,000 digits for an id", seven("", "1".repeat(2000)),
                        "Number value length (2000)"),
                Malformed.of("a number of 2,000 digits in its check",
                        more("\"check\":{\"n_dangling\":" + "1".repeat(2000) + "}"), "Number value length (2000)"),
                Malformed.of("a name of 60,000 characters", more("\"" + "n".repeat(60_000) + "\":1"), "Name length"),
                Malformed.of("an id of two million characters", seven("\"" + "1".repeat(2_000_000) + "\"", ""),
                        "String value length"),
                Malformed.of("a check of 200,000 fields", more("\"check\":{" + fields(200_000) + "}"),
                        "it holds more than the toolkit writes into it"),
                Malformed.of("a diff of 200,000 fields", more("\"diffs\":{\"" + A + "\":{" + fields(200_000) + "}}"),
                        "it holds more than the toolkit writes into it"),
                Malformed.of("a check of many long texts",
                        more("\"check\":{\"x\":[" + ("\"" + "t".repeat(1_000_000) + "\",").repeat(20) + "1]}"),
                        "it holds more"),
                Malformed.of("a check that is text", seven("", "").replace("}", ",\"check\":\"\"}"),
                        "check is to be an object"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    @DisplayName("A malformed report is refused in one line that names the file and the place")
    void aMalformedReportIsRefusedInOneLineThatNamesTheFileAndThePlace(Malformed report, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), report.text(), StandardCharsets.ISO_8859_1);
        InputException e = assertThrows(InputException.class, () -> ReportReader.read(file, true));
        assertTrue(e.getMessage().startsWith("The report " + file + " "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        report.says().forEach(part -> assertTrue(e.getMessage().contains(part), e.getMessage()));
    }

    @Test
    @DisplayName("The seven fields are enough in any order, and ids come in theirs")
    void theSevenFieldsAreEnoughInAnyOrderAndIdsComeInTheirs(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"),
                "\ufeff{\"n_strange\":1,\"n_ok\":7,\"n_outdated\":0,\"n_not_deleted\":0,\"n_missing\":1,"
                + "\"later\":{\"a\":[1]},"
                + "\"entity_ids_to_reindex\":[\"" + C.toUpperCase() + "\",\"" + A + "\",\"" + B
                + "\"],\"entity_ids_to_delete\":[]}\n");
        try (Report report = ReportReader.read(file, true)) {
            assertEquals(List.of(UUID.fromString(A), UUID.fromString(B), UUID.fromString(C)),
                    report.toReindex().batch(0, 10));
            assertEquals(0, report.toDelete().count());
            assertEquals(List.of(1L, 0L, 7L, 0L, 1L),
                    List.of(report.missing(), report.notDeleted(), report.ok(), report.outdated(), report.strange()));
            assertEquals(Optional.empty(), report.diffs());
            assertTrue(report.provenance().isUnknown());
        }
    }

    @Test
    @DisplayName("What is read and written again is the same")
    void whatIsReadAndWrittenAgainIsTheSame(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.json");
        Path copy = folder.resolve("copy.json");
        try (DiffFile diffs = new DiffFile()) {
            diffs.add(UUID.fromString(A), Map.of("class", "outdated", "type", "ttp", "properties", Map.of()));
            write(file, new Report(ids(B, C), ids(A), ids(C), 0, 2, 5, 1, 0, 0, Optional.of(diffs),
                    new Provenance(Json.MAPPER.valueToTree(
                            Map.of("tool_version", "1.0.0", "postgresql", Map.of("name", "x"), "later", List.of(1))))));
        }
        try (Report report = ReportReader.read(file, true)) {
            write(copy, report);
        }
        assertEquals(Files.readString(file), Files.readString(copy));
    }

    @Test
    @DisplayName("Ids in no order are sorted whatever their number")
    void idsInNoOrderAreSortedWhateverTheirNumber(@TempDir Path folder) throws IOException {
        int count = 300_000; // more than are sorted in memory at a time
        Path file = folder.resolve("report.json");
        List<UUID> ids = new ArrayList<>();
        try (PrintStream out = new PrintStream(Files.newOutputStream(file))) {
            out.print("{\"entity_ids_to_delete\":[");
            for (int i = 0; i < count; i++) {
                UUID id = new UUID(i * 0x9E3779B97F4A7C15L, i);
                ids.add(id);
                out.print((i == 0 ? "\"" : ",\"") + id + "\"");
            }
            out.print("]," + seven("", "").substring(seven("", "").indexOf("\"entity_ids_to_reindex")));
        }
        ids.sort(EntityId.ORDER);
        try (Report report = ReportReader.read(file, false)) {
            assertEquals(ids, report.toDelete().batch(0, count));
        }
    }

    @Test
    @DisplayName("A file that cannot be read is named")
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) {
        assertTrue(assertThrows(InputException.class, () -> ReportReader.read(folder.resolve("absent.json"), false))
                .getMessage().contains("absent.json does not exist"));
        assertTrue(assertThrows(InputException.class, () -> ReportReader.read(folder, false)).getMessage()
                .contains("cannot be read"));
    }

    @Test
    @DisplayName("any number of fields that are not known is passed over")
    void unknownFieldsArePassedOver(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), more(fields(200_000)));
        try (Report report = ReportReader.read(file, true)) {
            assertEquals(0, report.toDelete().count());
        }
    }

    /** A report with more in it than the seven fields. */
    private static String more(String fields) {
        return seven("", "").replaceFirst("}$", ",") + fields + "}";
    }

    private static String deep() {
        return "[".repeat(100_000) + "]".repeat(100_000);
    }

    private static String fields(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"x" + i + "\":1").collect(Collectors.joining(","));
    }

    /** A report of the seven fields with these lists of ids. */
    static String seven(String toDelete, String toReindex) {
        return "{\"entity_ids_to_delete\":[" + toDelete + "],\"entity_ids_to_reindex\":[" + toReindex
                + "],\"n_missing\":0,\"n_not_deleted\":0,\"n_ok\":0,\"n_outdated\":0,\"n_strange\":0}";
    }

    private static SortedIds ids(String... texts) {
        return SortedIds.of(Stream.of(texts).map(UUID::fromString).toList());
    }

    private static void write(Path path, Report report) {
        try (ReportFile file = ReportFile.create(path)) {
            file.write(report, Events.silent());
        }
    }
}
