package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.fixture.Script;
import syncdata.fixture.TestDatabases;

/** The launcher in a small project of its own: whatever is kept from one start to the next must never be seen. */
class LauncherTest {
    private static final String SCRIPT = """
            ///usr/bin/env jbang "$0" "$@" ; exit $?
            //SOURCES lib/Word.java
            class Say {
                public static void main(String[] arguments) throws Exception {
                    String failed = System.getProperty("sync-data.failed");
                    if (failed != null && java.util.List.of(arguments).contains("fail")) {
                        new java.io.File(failed).createNewFile();
                    }
                    System.out.print(lib.Word.TEXT + java.util.List.of(arguments)
                            + new String(System.in.readAllBytes()));
                    System.exit(7);
                }
            }
            """;

    @TempDir
    private Path project;
    @TempDir
    private Path cache;

    @BeforeEach
    void makeProject() throws IOException {
        Files.copy(TestDatabases.PROJECT.resolve("jbang"), project.resolve("jbang"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Path jars = TestDatabases.PROJECT.resolve(".jbang");
        if (Files.isDirectory(jars)) { // else a JBang is installed
            Files.createDirectory(project.resolve(".jbang"));
            try (Stream<Path> folders = Files.list(jars)) {
                for (Path folder : folders.filter(name -> name.getFileName().toString().startsWith("jbang-cli-"))
                        .toList()) {
                    Files.createSymbolicLink(project.resolve(".jbang").resolve(folder.getFileName()), folder);
                }
            }
        }
        Files.createDirectory(project.resolve("lib"));
        Files.writeString(project.resolve("say.java"), SCRIPT);
        word("first");
    }

    @Test
    @DisplayName("Every start passes arguments, standard input and the exit code through")
    void everyStartPassesArgumentsStandardInputAndTheExitCodeThrough() throws Exception {
        String odd = "it's \"odd\" $HOME\n* \\";
        for (int start = 1; start <= 3; start++) {
            assertEquals("first[" + odd + ", , --help]read", say("read", odd, "", "--help"), "start " + start);
        }
    }

    @Test
    @DisplayName("A change is seen even where it looks older")
    void aChangeIsSeenEvenWhereItLooksOlder() throws Exception {
        assertEquals("first[]", say(""));
        assertEquals("first[]", say(""));
        word("second");
        Files.setLastModifiedTime(project.resolve("lib/Word.java"),
                FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertEquals("second[]", say(""));
        assertEquals("second[]", say(""));
    }

    @Test
    @DisplayName("A built script that is gone is built again")
    void aBuiltScriptThatIsGoneIsBuiltAgain() throws Exception {
        assertEquals("first[]", say(""));
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).filter(file -> !file.equals(cache)).toList()) {
                Files.delete(file);
            }
        }
        assertEquals("first[]", say(""));
    }

    @Test
    @DisplayName("A build keeps other starts from building the same")
    void aBuildKeepsOtherStartsFromBuildingTheSame() throws Exception {
        assumeTrue(Files.isDirectory(project.resolve(".jbang")) && Script.shell(Map.of(), "type flock").exitCode() == 0,
                "needs a JBang of ours, and flock");
        ProcessBuilder builder = new ProcessBuilder(project.resolve("jbang").toString(), "build", "say.java")
                .directory(project.toFile())
                .redirectErrorStream(true).redirectOutput(cache.resolve("output").toFile());
        builder.environment().put("JBANG_DIR", cache.toString());
        Process build = builder.start();
        int looks = 0;
        int locked = 0;
        for (; build.isAlive(); looks++) {
            locked += new ProcessBuilder("flock", "--nonblock", ".jbang", "true").directory(project.toFile()).start()
                    .waitFor();
        }
        assertEquals(0, build.waitFor(),
                () -> Script.shell(Map.of(), "cat '" + cache.resolve("output") + "'").output());
        assertTrue(locked > looks / 2, locked + " of " + looks + " looks found it locked");
        assertEquals("first[]", say(""));
    }

    @Test
    @DisplayName("The classes of a run that failed are not kept for the next one")
    void classesOfARunThatFailedAreNotKept() throws Exception {
        assumeTrue(Files.isDirectory(project.resolve(".jbang")), "needs a JBang of ours");
        assertEquals("first[fail]", say("", "fail"));
        assertEquals(List.of("1 made", "1 failed", "0 kept"), classes());
        assertEquals("first[]", say(""));
        assertEquals(List.of("1 made", "0 failed", "0 kept"), classes());
        assertEquals("first[fail]", say("", "fail"));
        assertEquals(List.of("0 made", "0 failed", "1 kept"), classes());
    }

    @Test
    @DisplayName("A script tells the launcher that it failed")
    void aScriptTellsThatItFailed() {
        Path failed = cache.resolve("failed");
        Map<String, String> environment = Map.of("JAVA_TOOL_OPTIONS", "-Dsync-data.failed=" + failed);
        assertEquals(0, Script.run(environment, "checks/runs.java", cache.toString()).exitCode());
        assertFalse(Files.exists(failed));
        assertEquals(2, Script.run(environment, "checks/runs.java", "--nonsense").exitCode());
        assertTrue(Files.exists(failed));
    }

    /** How many files of classes there are. */
    private List<String> classes() throws IOException {
        try (Stream<Path> files = Files.list(project.resolve(".jbang/commands"))) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            return Stream.of("made=.*[.]jsa[.]\\d+", "failed=.*[.]failed", "kept=.*[.]jsa").map(kind ->
                    names.stream().filter(name -> name.matches(kind.split("=")[1])).count() + " " + kind.split("=")[0])
                    .toList();
        }
    }

    private void word(String text) throws IOException {
        Files.writeString(project.resolve("lib/Word.java"),
                "package lib; public class Word { public static final String TEXT = new String(\"" + text + "\"); }");
    }

    /** What the script prints; its exit code is 7. */
    private String say(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(project.resolve("jbang").toString(), "say.java"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile())
                .redirectError(cache.resolve("errors").toFile());
        builder.environment().put("JBANG_DIR", cache.toString());
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(7, process.exitValue(), output + Files.readString(cache.resolve("errors")));
        return output;
    }
}
