package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import syncdata.fixture.TestDatabases;
import syncdata.run.Json;

/** The catalog and the scripts know each other. */
public class CatalogTest {
    private static final Path PROJECT = TestDatabases.PROJECT;

    private final JsonNode aliases = Json.MAPPER.readTree(PROJECT.resolve("jbang-catalog.json").toFile())
            .get("aliases");

    CatalogTest() throws IOException {
    }

    @Test
    @DisplayName("Every alias has a description and a script that exists")
    void everyAliasHasADescriptionAndAScriptThatExists() {
        assertFalse(aliases.isEmpty());
        aliases.properties().forEach(alias -> {
            assertTrue(Files.isRegularFile(PROJECT.resolve(alias.getValue().path("script-ref").asText())),
                    alias.toString());
            assertFalse(alias.getValue().path("description").asText().isBlank(), alias.toString());
        });
    }

    @Test
    @DisplayName("Every script has an alias of its name")
    void everyScriptHasAnAliasOfItsName() throws IOException {
        Set<String> scripts = scripts("", "checks", "checks/check-on-spark", "tests", "tests/benchmarks");
        assertTrue(scripts.contains("sync-data.java"));
        Set<String> known = aliases.properties().stream()
                .filter(alias -> alias.getValue().path("script-ref").asText().endsWith(alias.getKey() + ".java"))
                .map(alias -> alias.getValue().path("script-ref").asText()).collect(Collectors.toSet());
        assertEquals(scripts, scripts.stream().filter(known::contains).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The scripts in these folders of the project, as paths from its root, in alphabetical order. */
    public static Set<String> scripts(String... folders) throws IOException {
        Set<String> scripts = new TreeSet<>();
        for (Path folder : Stream.of(folders).map(PROJECT::resolve).filter(Files::isDirectory).toList()) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(CatalogTest::isScript).forEach(file -> scripts.add(PROJECT.relativize(file).toString()));
            }
        }
        return scripts;
    }

    private static boolean isScript(Path file) {
        if (!file.toString().endsWith(".java")) {
            return false;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("").startsWith("///usr/bin/env jbang");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
