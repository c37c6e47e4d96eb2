import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import syncdata.command.ConnectionOptions;
import syncdata.store.ConnectionSettings;

/**
 * The servers that are measured.
 *
 * @param environment what a process needs beyond its inherited environment to find them
 * @param process     runs them and ends with its standard input; null for servers that were there before
 */
record Servers(ConnectionSettings settings, Map<String, String> environment, Process process) implements AutoCloseable {

    /** The servers that the settings of sync-data name. */
    static Servers ofEnvironment() {
        return new Servers(new ConnectionOptions().settings(), Map.of(), null);
    }

    /** Starts both. */
    static Servers embedded(String jbang) throws IOException {
        Benchmark.say("Starting PostgreSQL and Neo4j");
        Process process = new ProcessBuilder(jbang, "tests/embedded-databases.java", "--shared-buffers", "256MB",
                "--page-cache", "1024")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Map<String, String> lines = new HashMap<>();
        BufferedReader output = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        for (String line = output.readLine(); line == null || !line.isEmpty(); line = output.readLine()) {
            if (line == null) {
                throw new IOException("tests/embedded-databases.java ended before both databases were up");
            }
            String[] setting = line.split("=", 2);
            lines.put(setting[0], setting[1]);
        }
        return new Servers(settings(lines), lines, process);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process == null) {
            return;
        }
        process.getOutputStream().close();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroy();
        }
    }

    private static ConnectionSettings settings(Map<String, String> lines) {
        Properties login = new Properties();
        login.setProperty("user", lines.get("PGUSER"));
        login.setProperty("password", lines.get("PGPASSWORD"));
        return new ConnectionSettings("jdbc:postgresql://" + lines.get("PGHOST") + ":" + lines.get("PGPORT") + "/"
                + lines.get("PGDATABASE"), login,
                lines.get("NEO4J_URI"), lines.get("NEO4J_USERNAME"), Optional.of(lines.get("NEO4J_PASSWORD")),
                Optional.empty(), Duration.ofMinutes(2));
    }
}
