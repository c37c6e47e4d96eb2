package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import syncdata.fixture.TestDatabases;

@DisplayName("The rooms of lib")
class HouseTest {
    /** From the ground up: a room uses only those before it. */
    private static final List<String> ROOMS =
            List.of("rules", "run", "report", "page", "store", "check", "repair", "command");
    private static final List<String> SMALL_LIB = List.of("rules", "run", "report");
    private static final Path LIB = TestDatabases.PROJECT.resolve("lib");
    private static final Pattern USES = Pattern.compile("\\bsyncdata\\.(\\w+)\\.([A-Z]\\w*)");

    @TempDir
    private static Path folder;

    private static Map<String, Set<String>> uses;

    @BeforeAll
    static void compile() {
        Path classes = folder.resolve("all");
        List<Path> sources = new ArrayList<>(sources(ROOMS));
        Stream.of("compare-reports", "report-page", "completion", "OperatorScripts")
                .map(script -> TestDatabases.PROJECT.resolve("checks/" + script + ".java")).forEach(sources::add);
        assertEquals("", javac(classes, System.getProperty("java.class.path"), sources));
        uses = arrows(classes);
        assertTrue(uses.size() > 100, "jdeps found only " + uses.keySet());
    }

    @Test
    @DisplayName("have a sentence each, and nothing lies beside them but the versions and files")
    void haveASentenceEach() throws IOException {
        try (Stream<Path> entries = Files.list(LIB)) {
            Set<String> beside = entries.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
            beside.removeAll(ROOMS);
            assertEquals(Set.of("package-info.java", "queries"), beside);
        }
        for (String room : ROOMS) {
            String info = Files.readString(LIB.resolve(room + "/package-info.java"));
            assertTrue(info.matches("(?s)/\\*\\* .*\\. \\*/\npackage syncdata\\." + room + ";\n"),
                    room + " has no sentence");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules", "run", "report", "page", "store", "check", "repair", "command"})
    @DisplayName("use only rooms before them")
    void useOnlyRoomsBeforeThem(String room) {
        List<String> wrong = new ArrayList<>();
        for (Path source : sources(List.of(room))) {
            Matcher used = USES.matcher(read(source));
            while (used.find()) {
                if (ROOMS.indexOf(used.group(1)) > ROOMS.indexOf(room)) {
                    wrong.add(room + "/" + source.getFileName() + " uses " + used.group(1) + "/" + used.group(2));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    @DisplayName("hold no classes that know each other in a circle")
    void holdNoCircles() {
        Map<String, Set<String>> reached = new HashMap<>();
        uses.keySet().forEach(type -> reached.put(type, reach(type)));
        Set<Set<String>> circles = new java.util.HashSet<>();
        reached.forEach((type, others) -> {
            if (others.contains(type)) {
                circles.add(new TreeSet<>(others.stream().filter(other -> reached.get(other).contains(type)).toList()));
            }
        });
        List<String> named = circles.stream().map(circle -> circle.stream()
                .map(type -> type + " -> " + uses.get(type).stream().filter(circle::contains).sorted().toList())
                .collect(Collectors.joining("; "))).sorted().toList();
        assertEquals(List.of(), named);
    }

    @Test
    @DisplayName("rules, run and report compile without a driver and without picocli")
    void theSmallLibNeedsNoDriver() {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> Path.of(jar).getFileName().toString().matches("(jackson|commons-text|commons-lang3).*"))
                .collect(Collectors.joining(File.pathSeparator));
        assertEquals("", javac(folder.resolve("small"), classPath, sources(SMALL_LIB)));
    }

    @Test
    @DisplayName("the rules compile with the JDK alone")
    void theRulesNeedTheJdkAlone() {
        assertEquals("", javac(folder.resolve("rules"), folder.toString(), sources(List.of("rules"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CompareReports", "ReportPageCommand", "Completion"})
    @DisplayName("scripts that need no database reach no store")
    void scriptsWithoutADatabaseReachNoStore(String script) {
        assertTrue(uses.containsKey(script), script + " is none of " + uses.keySet());
        assertEquals(List.of(), reach(script).stream().filter(type -> type.startsWith("syncdata.store.")).sorted()
                .toList());
    }

    private static Set<String> reach(String type) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(type));
        while (!open.isEmpty()) {
            uses.getOrDefault(open.pop(), Set.of()).stream().filter(reached::add).forEach(open::push);
        }
        return reached;
    }

    private static List<Path> sources(List<String> rooms) {
        return rooms.stream().flatMap(room -> {
            try (Stream<Path> files = Files.list(LIB.resolve(room))) {
                return files.filter(path -> path.toString().endsWith(".java")).sorted().toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).toList();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives what the compiler complains of. */
    private static String javac(Path classes, String classPath, List<Path> sources) {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-XDignore.symbol.file",
                "-d", classes.toString(), "-cp", classPath.isEmpty() ? folder.toString() : classPath));
        sources.forEach(source -> arguments.add(source.toString()));
        return run("javac", arguments).lines().filter(line -> !line.startsWith("Note:"))
                .collect(Collectors.joining("\n"));
    }

    /** Each top-level class of the project, and those others of it that it uses. */
    private static Map<String, Set<String>> arrows(Path classes) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        Pattern arrow = Pattern.compile("\\s+(\\S+)\\s+-> (\\S+)\\s.*");
        for (String line : run("jdeps", List.of("-verbose:class", "-filter:none", classes.toString())).split("\n")) {
            Matcher parts = arrow.matcher(line + " ");
            if (parts.matches()) {
                String from = parts.group(1).replaceFirst("\\$.*", "");
                String to = parts.group(2).replaceFirst("\\$.*", "");
                Set<String> others = arrows.computeIfAbsent(from, type -> new TreeSet<>());
                if (to.startsWith("syncdata.") && !to.equals(from)) {
                    others.add(to);
                }
            }
        }
        return arrows;
    }

    private static String run(String tool, List<String> arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments.toArray(String[]::new));
        out.flush();
        return said.toString();
    }
}
