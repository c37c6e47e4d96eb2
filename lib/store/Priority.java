package syncdata.store;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The priority of this process on its host. */
final class Priority {
    /** Linux keeps a priority for each thread; a new thread inherits it. */
    private static final Path THREADS = Path.of("/proc/self/task");

    private Priority() {
    }

    /**
     * Lowers it, as {@code nice} does: the databases may be on this host. Where that is not possible, nothing changes.
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
