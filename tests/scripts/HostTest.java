package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

@DisplayName("Whatever the host's locale, digits, time zone and environment are")
class HostTest {
    private static final UUID ENTITY = UUID.fromString("aaaaaaaa-0000-4000-8000-000000000001");

    private final TestDatabases test = TestDatabases.empty();

    @TempDir
    private Path folder;

    @BeforeEach
    void oneEntityIsMissing() {
        test.entity(ENTITY, "ttp", "Ärger", "2024-06-01Z");
    }

    @ParameterizedTest(name = "LC_ALL={0} TZ={1}")
    @CsvSource({"C,JST", "fa_IR.UTF-8,IST", "tr_TR.UTF-8,PST", "not_THERE.UTF-8,Asia/Kathmandu"})
    @DisplayName("a check finds and writes the same")
    void aCheckWritesTheSame(String locale, String zone) throws IOException {
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.putAll(Map.of("LC_ALL", locale, "TZ", zone, "LOCPATH", locales(locale).toString()));
        Path report = folder.resolve("bericht-ä.json");
        Script script = Script.run(environment, "sync-data.java", "--check-results-file", report.toString(),
                "--dry-run", "--print-diffs");
        assertAll(
                () -> assertEquals(10, script.exitCode(), script.errors()),
                // bash's own, as it starts
                () -> assertEquals("", script.errors().replaceAll("bash: warning: setlocale: .*\\R", "")),
                () -> assertTrue(script.output().matches("\\A\\p{ASCII}*ä\\p{ASCII}*\\z"), script.output()),
                () -> assertEquals(ENTITY.toString(),
                        Json.MAPPER.readTree(report.toFile()).at("/entity_ids_to_reindex/0").asText()));
    }

    @Test
    @DisplayName("the first start of a script from an empty environment compiles it, and it finds the databases")
    void anEmptyEnvironmentIsEnough() throws IOException {
        StringBuilder command = new StringBuilder("env -i");
        Map<String, String> environment = new HashMap<>(test.environment());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JBANG_DIR", folder.resolve("jbang").toString()); // nothing is built there yet
        environment.forEach((name, value) -> command.append(' ').append(name).append("='").append(value).append('\''));
        Path report = folder.resolve("grüße.json");
        Script script = Script.shell(Map.of(),
                command + " ./jbang checks/check.java --settle 0s --check-results-file '" + report + "'");
        assertEquals(10, script.exitCode(), script.errors());
        assertEquals(List.of(ENTITY.toString()),
                Json.MAPPER.convertValue(Json.MAPPER.readTree(report.toFile()).get("entity_ids_to_reindex"),
                        List.class));
    }

    @Test
    @DisplayName("a reader of the report that leaves is no fault of the disk")
    void aReaderThatLeaves() {
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 20000)");
        Script script = Script.shell(test.environment(),
                "./jbang checks/check.java --settle 0s --check-results-file - | head -1; exit ${PIPESTATUS[0]}");
        assertEquals(2, script.exitCode(), script.errors());
        assertTrue(script.errors()
                .contains("its reader left before the end; nothing was repaired; let the reader take all of it"),
                script.errors());
    }

    /** Makes a locale, where the host has what that takes; else Java takes it for one that is not installed. */
    private Path locales(String locale) throws IOException {
        Path locales = Files.createDirectories(folder.resolve("locales"));
        if (locale.endsWith(".UTF-8")
                && Files.exists(Path.of("/usr/share/i18n/locales", locale.replace(".UTF-8", "")))) {
            Script.shell(Map.of(), "localedef -i " + locale.replace(".UTF-8", "") + " -f UTF-8 "
                    + locales.resolve(locale));
        }
        return locales;
    }
}
