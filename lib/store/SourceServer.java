package syncdata.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import syncdata.run.RefusedException;

/**
 * The PostgreSQL server of a run. Of several hosts, the one that answers first serves all connections of the run:
 * another may lag behind it.
 */
final class SourceServer {
    private static final String SCHEME = "jdbc:postgresql:";

    private final Properties properties = new Properties();
    private final String applicationName;
    private String url;
    private volatile Jdbi jdbi;
    private final AtomicLong opened = new AtomicLong();
    private String host;
    /** Empty before the first answer. */
    private Optional<Boolean> standby = Optional.empty();

    SourceServer(ConnectionSettings settings) {
        properties.putAll(settings.postgres());
        long silence = ConnectionSettings.waitFor(settings.queryTimeout()).toSeconds();
        properties.setProperty("socketTimeout", String.valueOf(silence));
        applicationName = properties.getProperty("ApplicationName", "");
        // Otherwise the driver names the session, and a pooler gives that name to its other clients.
        properties.setProperty("ApplicationName", "");
        properties.setProperty("assumeMinServerVersion", "13");
        use(settings.postgresUrl());
        host = hosts(url);
    }

    /** The name of our transactions in PostgreSQL's list of sessions. */
    String applicationName() {
        return applicationName;
    }

    /** The server's JDBC URL; before one answered, that of all that are named. */
    synchronized String url() {
        return url;
    }

    /** Host and port of the server that answered; before that, of all that are named. */
    synchronized String host() {
        return host;
    }

    /** Whether it is a standby; false before the first answer. */
    synchronized boolean isStandby() {
        return standby.orElse(false);
    }

    /** Opens a connection. Only the first one is opened alone: it decides on the host. */
    Handle open() {
        synchronized (this) {
            if (opened.get() == 0) {
                return openFirst();
            }
        }
        Handle handle = jdbi.open();
        opened.incrementAndGet();
        return handle;
    }

    /** The number of connections opened so far. */
    long opened() {
        return opened.get();
    }

    private Handle openFirst() {
        Handle handle = jdbi.open();
        try {
            BaseConnection connection = handle.getConnection().unwrap(BaseConnection.class);
            String answered = connection.getQueryExecutor().getHostSpec().toString();
            if (hosts(url).contains(",")) {
                use(SCHEME + "//" + answered + url.substring(url.indexOf(hosts(url)) + hosts(url).length()));
            }
            host = answered;
            opened.incrementAndGet();
            return handle;
        } catch (SQLException e) {
            handle.close();
            throw new ConnectionException(e);
        }
    }

    /**
     * Learns in each transaction whether the server is a standby.
     *
     * @throws RefusedException if that has changed: what was read before and after does not belong together
     */
    synchronized void serves(boolean asStandby) {
        boolean before = standby.orElse(asStandby);
        standby = Optional.of(before);
        if (before != asStandby) {
            String change = asStandby ? " became a standby" : " was promoted from a standby";
            throw new RefusedException("PostgreSQL at " + host + change + " in the middle of the run: run this again");
        }
    }

    private void use(String someUrl) {
        url = someUrl;
        jdbi = Jdbi.create(url, properties);
        jdbi.registerArrayType(UUID.class, "uuid");
        jdbi.registerArrayType(String.class, "text");
    }

    private static String hosts(String url) {
        return url.replaceFirst("^" + SCHEME + "(//)?", "").replaceFirst("[/?].*$", "");
    }
}
