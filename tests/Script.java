package syncdata;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A script run as a process, to its end: what an operator sees of it. */
record Script(int exitCode, String output, String errors) {

    /**
     * Runs {@code ./jbang} in the project's folder.
     *
     * @param environment the whole of it, but for what a shell has
     * @param arguments   the script and its arguments
     */
    static Script run(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(TestDatabases.PROJECT.resolve("jbang").toString()));
        command.addAll(List.of(arguments));
        return start(environment, command);
    }

    /** Runs a line of shell in the project's folder. */
    static Script shell(Map<String, String> environment, String line) {
        return start(environment, List.of("bash", "-c", line));
    }

    private static Script start(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("script-", ".out");
            Path errors = Files.createTempFile("script-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).directory(TestDatabases.PROJECT.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(PG|NEO4J_).*"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(300, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("did not end in five minutes: " + command);
            }
            Script script = new Script(process.exitValue(), Files.readString(output),
                    Files.readString(errors).replaceAll("(?m)^\\[jbang\\] .*\\R", "")); // what JBang says while it builds a script
            Files.delete(output);
            Files.delete(errors);
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The events on standard output. */
    List<JsonNode> events() {
        return events(output);
    }

    static List<JsonNode> events(String lines) {
        return lines.lines().map(line -> {
            try {
                return Json.MAPPER.readTree(line);
            } catch (IOException e) {
                throw new UncheckedIOException("not an event: " + line, e);
            }
        }).toList();
    }
}
