package syncdata.store;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.neo4j.driver.AccessMode;
import syncdata.run.InputException;

/** Both databases, open, and the pace at which they are worked on. */
public record Databases(SourceStore source, GraphStore graph, Pace pace) implements AutoCloseable {

    /**
     * Opens both at once.
     *
     * @param access whether Neo4j may be written to; PostgreSQL never is
     * @throws InputException if a query file has a mistake, or what it asks for is not there
     * @throws JdbiException  if PostgreSQL cannot be reached or refuses the login
     * @throws org.neo4j.driver.exceptions.Neo4jException if Neo4j cannot be reached or refuses the login
     */
    public static Databases open(ConnectionSettings settings, Queries queries, AccessMode access) {
        return open(settings, queries, access, Optional::empty);
    }

    /**
     * Opens both as {@link #open(ConnectionSettings, Queries, AccessMode)} does.
     *
     * @param password asked where PostgreSQL wants one and the settings have none; empty where nobody knows it
     */
    public static Databases open(ConnectionSettings settings, Queries queries, AccessMode access,
                                 Supplier<Optional<String>> password) {
        CompletableFuture<GraphStore> graph = CompletableFuture.supplyAsync(() -> GraphStore.open(settings, queries, access));
        SourceStore source = null;
        try {
            source = openSource(settings, queries, access, password);
            return new Databases(source, graph.join(), Pace.UNLIMITED);
        } catch (RuntimeException e) {
            if (source == null) {
                graph.thenAccept(GraphStore::close);
            } else {
                source.close();
            }
            throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The same databases, worked on at this pace; from now on what fails for a reason that can heal is tried again. */
    public Databases with(Pace pace, Retry retry) {
        source.retry(retry);
        graph.retry(retry);
        return new Databases(source, graph, pace);
    }

    @Override
    public void close() {
        try (source; graph) {
            pace.close();
        }
    }

    private static SourceStore openSource(ConnectionSettings settings, Queries queries, AccessMode access,
                                          Supplier<Optional<String>> prompt) {
        try {
            return SourceStore.open(settings, queries, access);
        } catch (JdbiException e) {
            boolean asksForPassword = settings.postgres().getProperty("password") == null && String.valueOf(e.getMessage()).contains("no password was provided");
            Optional<String> password = asksForPassword ? prompt.get() : Optional.empty();
            settings.postgres().setProperty("password", password.orElseThrow(() -> e));
            return SourceStore.open(settings, queries, access);
        }
    }
}
