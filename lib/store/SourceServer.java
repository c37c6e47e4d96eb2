package syncdata.store;

import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.core.BaseConnection;
import syncdata.run.RefusedException;

/**
 * The one PostgreSQL of a run. Where several hosts are named, the one that answers first serves all connections of the
 * run: another may lag behind it.
 */
final class SourceServer {
    private static final String SCHEME = "jdbc:postgresql:";

    private final Properties properties = new Properties();
    private final String applicationName;
    private String url;
    private volatile Jdbi jdbi;
    private final AtomicLong opened = new AtomicLong();
    private String host;
    private Boolean standby;

    SourceServer(ConnectionSettings settings) {
        properties.putAll(settings.postgres());
        long silence = ConnectionSettings.waitFor(settings.queryTimeout()).toSeconds();
        properties.setProperty("socketTimeout", String.valueOf(silence));
        applicationName = properties.getProperty("ApplicationName", "");
        // Else the driver sets a name for the session, which a pooler then gives to others.
        properties.setProperty("ApplicationName", "");
        properties.setProperty("assumeMinServerVersion", "13");
        use(settings.postgresUrl());
        host = hosts(url);
    }

    /** What our transactions are called in PostgreSQL's list of sessions. */
    String applicationName() {
        return applicationName;
    }

    /** Host and port of the server that answered; before one did, of all that are named. */
    synchronized String host() {
        return host;
    }

    /** Whether it is a standby; false before it answered. */
    synchronized boolean isStandby() {
        return Boolean.TRUE.equals(standby);
    }

    /** Opens a connection. The first to be opened decides on the host; the others wait for nobody. */
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

    /** How many connections were opened so far. */
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
     * Hears in each transaction whether the server is a standby.
     *
     * @throws RefusedException if it was not, or no longer is: what was seen before and after does not belong together
     */
    synchronized void serves(boolean asStandby) {
        if (standby == null) {
            standby = asStandby;
        }
        if (standby != asStandby) {
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
