package syncdata.store;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How this process stands among the others of its host. */
final class Priority {
    /** Linux keeps a priority for each thread; those that are started later have that of their parents. */
    private static final Path THREADS = Path.of("/proc/self/task");

    private Priority() {
    }

    /**
     * Lets others go first from now on, as if started by {@code nice}: the databases may be on this host. Where that is
     * not to be had, nothing changes.
     */
    static void lower() {
        List<String> command = new ArrayList<>(List.of("renice", "-n", "10", "-p"));
        try (Stream<Path> threads = Files.list(THREADS)) {
            threads.map(thread -> thread.getFileName().toString()).forEach(command::add);
            new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start()
                    .waitFor();
        } catch (IOException notHere) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
