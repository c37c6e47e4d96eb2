package syncdata.command;

import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import syncdata.run.InputException;

/** The variables of psql, translated for PostgreSQL's driver for Java. */
final class PostgresSettings {
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final String SECONDS_TO_CONNECT = "15";
    /** A setting in PGOPTIONS, where a backslash escapes a blank. */
    private static final Pattern OPTION =
            Pattern.compile("(?:-c\\s*|--)([\\w.-]+)=((?:\\\\.|[^\\s\\\\])*)\\s*|(\\S+)\\s*");

    private final Settings settings;
    private final List<String> notUnderstood = new ArrayList<>();

    PostgresSettings(Settings settings) {
        this.settings = settings;
    }

    /** PostgreSQL's user; by default that of the operating system. */
    String user() {
        return settings.get("PGUSER").orElse(System.getProperty("user.name"));
    }

    /** Host, port and database, without secrets. */
    String url() {
        List<String> hosts = split(settings.get("PGHOSTADDR").or(() -> settings.get("PGHOST")).orElse("localhost"));
        List<String> ports = split(settings.get("PGPORT").orElse("5432"));
        if (ports.size() > 1 && ports.size() != hosts.size()) {
            throw new InputException("PGPORT has " + ports.size() + " ports for " + hosts.size()
                    + " hosts of PGHOST: give one, or as many");
        }
        List<String> servers = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            servers.add(host(hosts.get(i)) + ":" + port(ports.get(ports.size() == 1 ? 0 : i)));
        }
        String database = settings.get("PGDATABASE").orElse(user());
        return "jdbc:postgresql://" + String.join(",", servers) + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** The properties of the driver, the login among them. */
    Properties properties() {
        Properties properties = new Properties();
        String seconds = settings.get("PGCONNECT_TIMEOUT").filter(text -> text.matches("[1-9]\\d{0,5}"))
                .orElse(SECONDS_TO_CONNECT);
        properties.setProperty("ApplicationName", applicationName());
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("user", user());
        settings.get("PGPASSWORD").ifPresent(password -> properties.setProperty("password", password));
        settings.get("PGPASSFILE").or(() -> settings.inHome(".pgpass").map(Path::toString))
                // the driver takes it from nowhere else
                .ifPresent(file -> System.setProperty("org.postgresql.pgpassfile", file));
        addEncryption(properties);
        settings.get("PGOPTIONS").ifPresent(options -> addOptions(options, properties));
        return properties;
    }

    /** Names of settings without effect; known after {@link #properties}. */
    List<String> notUnderstood() {
        return notUnderstood;
    }

    private void addEncryption(Properties properties) {
        Optional<String> mode = settings.get("PGSSLMODE");
        if (mode.isPresent() && !SSL_MODES.contains(mode.get())) {
            throw new InputException("PGSSLMODE is none that PostgreSQL knows: set it to one of "
                    + String.join(", ", SSL_MODES));
        }
        if (settings.get("PGSSLROOTCERT").equals(Optional.of("system"))) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            properties.setProperty("sslmode", "verify-full"); // as in psql
            return;
        }
        Optional<Path> root = settings.file("PGSSLROOTCERT").or(() -> settings.inHome(".postgresql/root.crt"));
        root.ifPresent(file -> properties.setProperty("sslrootcert", file.toString()));
        settings.file("PGSSLCERT").or(() -> settings.inHome(".postgresql/postgresql.crt"))
                .ifPresent(file -> properties.setProperty("sslcert", file.toString()));
        settings.file("PGSSLKEY").or(() -> settings.inHome(".postgresql/postgresql.key"))
                .ifPresent(file -> properties.setProperty("sslkey", file.toString()));
        // With a root certificate, psql verifies in this mode too; the driver has to be told.
        mode.map(wanted -> wanted.equals("require") && root.isPresent() ? "verify-ca" : wanted)
                .ifPresent(wanted -> properties.setProperty("sslmode", wanted));
    }

    private void addOptions(String options, Properties properties) {
        Matcher option = OPTION.matcher(options.strip());
        while (option.find()) {
            String name = option.group(1) == null ? option.group(3) : option.group(1).replace('-', '_');
            if (name.equals("search_path")) {
                properties.setProperty("currentSchema", option.group(2).replaceAll("\\\\(.)", "$1"));
            } else {
                notUnderstood.add(name + " in PGOPTIONS");
            }
        }
    }

    private static List<String> split(String list) {
        return Pattern.compile(",").splitAsStream(list).map(String::strip).toList();
    }

    private static String host(String host) {
        if (host.startsWith("/") || host.startsWith("@")) {
            throw new InputException("PGHOST names a socket, " + host
                    + ", and only TCP can be used: set PGHOST=localhost");
        }
        if (host.isEmpty()) {
            return "localhost";
        }
        if (!host.matches("[\\p{L}\\p{N}._:%-]+")) {
            throw new InputException("PGHOST is no host name: set it to one, such as db.internal");
        }
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String port(String port) {
        if (port.isEmpty()) {
            return "5432";
        }
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535 || Integer.parseInt(port) == 0) {
            throw new InputException("PGPORT is no port number: set it to one, such as 5432");
        }
        return port;
    }

    /** Tells administrators and other runs who this is. PostgreSQL keeps 63 bytes of it. */
    private static String applicationName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown-host";
        }
        return "sync-data[" + ProcessHandle.current().pid() + "] " + System.getProperty("user.name") + "@" + host;
    }
}
