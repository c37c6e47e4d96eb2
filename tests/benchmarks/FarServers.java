import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import syncdata.store.ConnectionSettings;

/** Both servers as if they were far away. */
record FarServers(LatencyProxy postgres, LatencyProxy neo4j, ConnectionSettings near) implements AutoCloseable {
    private static final String JDBC = "jdbc:";

    /** @param latency how much longer an answer takes */
    static FarServers of(ConnectionSettings near, Duration latency) throws IOException {
        return new FarServers(proxy(near.postgresUrl().substring(JDBC.length()), latency),
                proxy(near.neo4jUri(), latency), near);
    }

    ConnectionSettings settings() {
        URI database = URI.create(near.postgresUrl().substring(JDBC.length()));
        return new ConnectionSettings(JDBC + "postgresql://" + postgres.address() + database.getPath(),
                near.postgres(), "bolt://" + neo4j.address(), near.neo4jUser(), near.neo4jPassword(),
                near.neo4jDatabase(), near.queryTimeout());
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        neo4j.close();
    }

    private static LatencyProxy proxy(String near, Duration latency) throws IOException {
        URI server = URI.create(near);
        return new LatencyProxy(server.getHost(), server.getPort(), latency.dividedBy(2));
    }
}
