package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import syncdata.fixture.TestOrder;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.ExitCode;

/**
 * No script tells a password: not in its help, not where it succeeds, not where it fails, not in a file that it writes.
 */
@Order(TestOrder.LONG)
class SecretsTest {
    private static final UUID ENTITY = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");
    // as a format and as a shell would take it, it would be another
    private static final String WRONG = "wr0ng-$ecret-%s";

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;
    private String journal = "";

    /**
     * Every script that an operator runs on databases, with arguments that it succeeds with; FOLDER stands for a folder
     * that holds a report, JOURNAL for the journal of a repair.
     */
    static Stream<List<String>> scripts() {
        return Stream.of(
                List.of("sync-data.java", "--check-results-file", "FOLDER/new.json", "--print-diffs", "--max-deletes",
                        "100%", "--metrics-file", "FOLDER/sync.prom"),
                List.of("checks/check.java", "--check-results-file", "FOLDER/new.json", "--print-diffs"),
                List.of("checks/apply-report.java", "FOLDER/report.json", "--results-file", "FOLDER/receipts.jsonl"),
                List.of("checks/explain-entity.java", ENTITY.toString()),
                List.of("checks/reindex-entity.java", ENTITY.toString(), "--journal", "FOLDER/reindex.journal"),
                List.of("checks/undo.java", "JOURNAL"),
                List.of("checks/runs.java", "FOLDER", "--look"),
                List.of("checks/doctor.java"),
                List.of("checks/console.java"));
    }

    @Test
    void noScriptIsForgotten() throws IOException {
        List<String> listed = scripts().map(script -> script.get(0)).toList();
        try (Stream<Path> files = Stream.of("", "checks").map(TestDatabases.PROJECT::resolve)
                .flatMap(SecretsTest::list)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                if (Files.readString(file).contains("extends ConnectedCommand")) {
                    assertTrue(listed.contains(TestDatabases.PROJECT.relativize(file).toString()),
                            file + " is not in the list");
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void noPasswordIsTold(List<String> script) throws IOException {
        test.entity(ENTITY, "ttp", "a", "2024-06-01Z");
        Files.writeString(folder.resolve("report.json"),
                "{\"entity_ids_to_delete\":[],\"entity_ids_to_reindex\":[\"" + ENTITY
                + "\"],\"n_missing\":1,\"n_not_deleted\":0,\"n_ok\":0,\"n_outdated\":0,\"n_strange\":0}");
        List<String> told = new ArrayList<>();
        if (script.contains("JOURNAL")) {
            told.add(say(run(Map.of(), scripts().findFirst().orElseThrow())));
            try (Stream<Path> files = list(folder)) {
                journal = files.map(Path::toString).filter(name -> name.endsWith(".journal")).findFirst().orElseThrow();
            }
        }
        told.add(say(run(Map.of(), List.of(script.get(0), "--help"))));
        Script refused = run(Map.of("PGPASSWORD", WRONG, "NEO4J_PASSWORD", WRONG), script);
        assertEquals(ExitCode.UNREACHABLE.code(), refused.exitCode(), refused.errors());
        told.add(say(refused));
        Script done = run(Map.of(), script);
        assertNotEquals(ExitCode.UNREACHABLE.code(), done.exitCode(), done.errors());
        assertNotEquals(ExitCode.FAULT.code(), done.exitCode(), done.errors());
        assertNotEquals(ExitCode.INVALID_INPUT.code(), done.exitCode(), done.errors());
        told.add(say(done));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                told.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        for (String text : told) {
            for (String secret : List.of(WRONG, test.environment().get("PGPASSWORD"),
                    test.environment().get("NEO4J_PASSWORD"))) {
                assertFalse(text.contains(secret), () -> "a password is in: " + text);
            }
        }
    }

    private Script run(Map<String, String> settings, List<String> script) {
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.putAll(settings);
        return Script.run(environment,
                Stream.concat(script.stream().map(argument -> argument.replace("FOLDER", folder.toString())
                        .replace("JOURNAL", journal)), Stream.of("--verbose")).toArray(String[]::new));
    }

    private static Stream<Path> list(Path folder) {
        try {
            return Files.list(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String say(Script script) {
        return script.output() + script.errors();
    }
}
