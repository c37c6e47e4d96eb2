import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;

/** The scripts that are built into the jar of this one, since it names them as its sources. */
final class OperatorScripts {
    private OperatorScripts() {
    }

    /** Their main classes by the name of the command, such as {@code sync-data}. */
    static Map<String, Class<?>> byName() throws IOException {
        Map<String, Class<?>> scripts = new TreeMap<>();
        try (JarFile jar = new JarFile(classPath()[0])) {
            for (String file : jar.stream().map(Object::toString).filter(name -> name.matches("[^/$]+\\.class")).toList()) {
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

    /** The jar that holds them, and those of their libraries. */
    static String[] classPath() {
        return System.getProperty("java.class.path").split(System.getProperty("path.separator"));
    }
}
