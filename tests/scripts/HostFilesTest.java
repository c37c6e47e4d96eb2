package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Documentation;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.TestOrder;

/** What docs/host holds for a host. */
@Order(TestOrder.WHILE_SCRIPTS_ARE_BUILT)
@DisplayName("The files for a host")
class HostFilesTest {
    private static final Path HOST = TestDatabases.PROJECT.resolve("docs/host");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("are units that systemd finds no fault with, once the toolkit is where they expect it")
    void areCleanUnits() throws IOException {
        assumeTrue(has("systemd-analyze"), "systemd is not installed here");
        Path program = Files.writeString(folder.resolve("sync-data"), "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        Files.writeString(folder.resolve("README.md"), "");
        for (String unit : List.of("graph-sync.service", "graph-sync.timer")) {
            Files.writeString(folder.resolve(unit),
                    Files.readString(HOST.resolve(unit)).replace("/opt/graph-sync", folder.toString()));
        }
        Script verified = Script.shell(Map.of(),
                "systemd-analyze verify '" + folder + "'/graph-sync.service '" + folder + "'/graph-sync.timer");
        assertEquals(new Script(0, "", ""), verified);
    }

    @Test
    @DisplayName("delete old journals, and keep reports")
    void deleteOldJournals() throws IOException {
        assumeTrue(has("systemd-tmpfiles"), "systemd is not installed here");
        Path state = Files.createDirectory(folder.resolve("state"));
        Path rules = Files.writeString(folder.resolve("graph-sync.conf"),
                Files.readString(HOST.resolve("graph-sync.tmpfiles"))
                .replace("/var/lib/graph-sync", state.toString())
                .replaceFirst("0700 graph-sync graph-sync 30d", "0700 - - 0"));
        List<String> kept = List.of(".report.json.checkpoint", "report-20240531.json", "report.html", "report.json");
        for (String name : kept) {
            Files.createFile(state.resolve(name));
        }
        Files.createFile(state.resolve("report.json.20240531T220000.123Z.journal"));

        Script cleaned = Script.shell(Map.of(), "systemd-tmpfiles --clean '" + rules + "'");
        assertEquals(0, cleaned.exitCode(), cleaned.errors());
        try (Stream<Path> left = Files.list(state)) {
            assertEquals(kept, left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    @DisplayName("are each named in docs/hosts.md")
    void areDocumented() throws IOException {
        String page = Documentation.page("docs/hosts.md").text();
        try (Stream<Path> files = Files.list(HOST)) {
            files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("graph-sync.rules.yml"))
                    .forEach(name -> assertTrue(page.contains(name), name));
        }
    }

    private static boolean has(String program) {
        return Script.shell(Map.of(), "type -P " + program).exitCode() == 0;
    }
}
