import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** The scripts in the jar of this one, which names them as its sources. */
final class OperatorScripts {
    private OperatorScripts() {
    }

    /** The main classes by the names of the commands, such as {@code sync-data}. */
    static Map<String, Class<?>> byName() throws IOException {
        Map<String, Class<?>> scripts = new TreeMap<>();
        try (JarFile jar = new JarFile(jar().toFile())) {
            for (String file : jar.stream().map(Object::toString).filter(name -> name.matches("[^/$-]+\\.class"))
                    .toList()) {
                Class<?> script = Class.forName(file.replaceFirst("\\.class$", ""));
                if (script.isAnnotationPresent(Command.class)) {
                    scripts.put(script.getAnnotation(Command.class).name(), script);
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return scripts;
    }

    /** The jar of the scripts. */
    static Path jar() {
        try {
            return Path.of(OperatorScripts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jars of the libraries. */
    static List<Path> libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar")).map(Path::of).filter(entry -> !entry.equals(jar())).toList();
    }
}
