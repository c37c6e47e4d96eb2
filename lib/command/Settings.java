package syncdata.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import syncdata.run.InputException;

/**
 * Settings by the names that users of psql and cypher-shell know. A setting comes from a service file, else from the
 * environment, else from {@code ~/.sync-data.properties}. An empty setting counts as none.
 */
final class Settings {
    private static final Set<String> NEO4J = Set.of("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE");
    /** Settings of a service file, with the variables of the same meaning. */
    private static final Map<String, String> OF_SERVICE = Map.ofEntries(Map.entry("host", "PGHOST"),
            Map.entry("hostaddr", "PGHOSTADDR"), Map.entry("port", "PGPORT"), Map.entry("dbname", "PGDATABASE"),
            Map.entry("user", "PGUSER"), Map.entry("password", "PGPASSWORD"), Map.entry("passfile", "PGPASSFILE"),
            Map.entry("sslmode", "PGSSLMODE"), Map.entry("sslrootcert", "PGSSLROOTCERT"),
            Map.entry("sslcert", "PGSSLCERT"), Map.entry("sslkey", "PGSSLKEY"), Map.entry("options", "PGOPTIONS"),
            Map.entry("connect_timeout", "PGCONNECT_TIMEOUT"));
    private static final Set<String> OF_SERVICE_ITSELF = Set.of("PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR");
    /** Variables of no importance: text is sent as UTF-8 and times in UTC, and the rest is for servers. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("PGCLIENTENCODING", "PGTZ", "PGDATESTYLE", "PGLOCALEDIR", "PGDATA");
    /** Names that are mistaken for Neo4j's. Others that begin so configure a server. */
    private static final Set<String> LIKE_NEO4J =
            Set.of("NEO4J_ADDRESS", "NEO4J_URL", "NEO4J_HOST", "NEO4J_USER", "NEO4J_PASS");
    private static final Pattern LIKE_POSTGRES = Pattern.compile("PG[A-Z]+(_[A-Z]+)*");

    private final Map<String, String> environment;
    private final Path home;
    private final Map<String, String> file;
    private final Map<String, String> service;
    private final List<String> notUnderstood = new ArrayList<>();

    /**
     * Reads the files of settings.
     *
     * @throws InputException if one cannot be read, or is malformed
     */
    Settings(Map<String, String> environment) {
        this.environment = environment;
        this.home = Path.of(Optional.ofNullable(environment.get("HOME")).filter(folder -> !folder.isEmpty())
                .orElse(System.getProperty("user.home")));
        Path own = home.resolve(".sync-data.properties");
        this.file = Files.exists(own) ? readFile(own) : Map.of();
        this.service = outsideService("PGSERVICE").map(this::readService).orElse(Map.of());
        environment.keySet().stream().sorted().filter(Settings::isNotUnderstood).forEach(notUnderstood::add);
        file.keySet().stream().filter(name -> !isUnderstood(name)).map(name -> name + " in " + own)
                .forEach(notUnderstood::add);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(service.get(name)).filter(value -> !value.isEmpty()).or(() -> outsideService(name));
    }

    /** The file that a setting names. */
    Optional<Path> file(String name) {
        return get(name).map(Path::of).map(path -> {
            if (!Files.isReadable(path)) {
                throw new InputException(name + " names " + path
                        + ", which cannot be read: name a file that is there, readable by you");
            }
            return path;
        });
    }

    /** A file in the user's home folder, if it is there. */
    Optional<Path> inHome(String name) {
        return Optional.of(home.resolve(name)).filter(Files::isReadable);
    }

    /** Names of settings without effect. */
    List<String> notUnderstood() {
        return notUnderstood;
    }

    private Optional<String> outsideService(String name) {
        return Optional.ofNullable(environment.get(name)).or(() -> Optional.ofNullable(file.get(name)))
                .filter(value -> !value.isEmpty());
    }

    private static boolean isUnderstood(String name) {
        return NEO4J.contains(name) || OF_SERVICE.containsValue(name) || OF_SERVICE_ITSELF.contains(name)
                || WITHOUT_EFFECT.contains(name);
    }

    private static boolean isNotUnderstood(String name) {
        return !isUnderstood(name) && (LIKE_POSTGRES.matcher(name).matches() || LIKE_NEO4J.contains(name));
    }

    /** Reads lines such as {@code NAME=value}. Blanks around a value do not count. */
    private static Map<String, String> readFile(Path path) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : lines(path)) {
            int end = line.indexOf('=');
            if (end < 1) {
                throw unreadable(path);
            }
            settings.put(line.substring(0, end).strip(), line.substring(end + 1).strip());
        }
        return settings;
    }

    /** Looks for a service where psql does: in the user's own file, then in the host's. */
    private Map<String, String> readService(String name) {
        Optional<Path> own = Optional.of(outsideService("PGSERVICEFILE").map(Path::of)
                .orElse(home.resolve(".pg_service.conf")));
        Optional<Path> ofHost = outsideService("PGSYSCONFDIR").map(folder -> Path.of(folder, "pg_service.conf"));
        for (Path path : List.of(own, ofHost).stream().flatMap(Optional::stream).filter(Files::exists).toList()) {
            Optional<Map<String, String>> found = readService(name, path);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new InputException("PGSERVICE names a service that is not in " + own.get()
                + ofHost.map(path -> " or " + path).orElse("") + ": add it there, or name that file in PGSERVICEFILE");
    }

    private Optional<Map<String, String>> readService(String name, Path path) {
        List<String> lines = lines(path);
        int heading = lines.indexOf("[" + name + "]");
        if (heading < 0) {
            return Optional.empty();
        }
        Map<String, String> settings = new LinkedHashMap<>();
        lines.stream().skip(heading + 1).takeWhile(line -> !line.startsWith("[")).forEach(line -> {
            int end = line.indexOf('=');
            if (end < 1) {
                throw unreadable(path);
            }
            String setting = line.substring(0, end).strip();
            if (OF_SERVICE.containsKey(setting)) {
                settings.put(OF_SERVICE.get(setting), line.substring(end + 1).strip());
            } else {
                notUnderstood.add(setting + " in " + path);
            }
        });
        return Optional.of(settings);
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readString(path).replaceFirst("^\uFEFF", "").lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("!")).toList();
        } catch (IOException e) {
            throw unreadable(path);
        }
    }

    private static InputException unreadable(Path path) {
        return new InputException("The settings file " + path
                + " cannot be read: let it hold lines such as PGHOST=localhost, in UTF-8, readable by you");
    }
}
