package syncdata.command;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a script was started, and commands to start it again, or another one. A person can paste them into a shell.
 *
 * @param launcher  what stands before a script's name, such as {@code "./jbang "} or {@code "/opt/graph-sync/"}
 * @param script    its name, such as {@code check}
 * @param arguments as they were given; a password is never among them
 */
public record Invocation(String launcher, String script, List<String> arguments) {
    /** The script that runs in this process. */
    static Invocation of(String script, String... arguments) {
        return new Invocation(launcherHere(), script, List.of(arguments));
    }

    /** The same script with the same arguments, and some more unless it has them. */
    public String again(String... more) {
        Stream<String> added = Stream.of(more).filter(argument -> !arguments.contains(argument));
        return line(script, Stream.concat(arguments.stream(), added).toList());
    }

    /** The same script without one of its arguments. */
    public String without(String argument) {
        return line(script, arguments.stream().filter(given -> !given.equals(argument)).toList());
    }

    /** Another script of the toolkit. */
    public String other(String name, String... given) {
        return line(name, List.of(given));
    }

    private String line(String name, List<String> given) {
        List<String> words = new ArrayList<>(List.of(launcher + name));
        given.forEach(argument -> words.add(quoted(argument)));
        return String.join(" ", words);
    }

    /** A word, quoted for a shell if need be. */
    private static String quoted(String word) {
        return word.matches("[\\p{Alnum}_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** An exported toolkit has a starter for each script; elsewhere ./jbang starts them. */
    private static String launcherHere() {
        Path here = Path.of("").toAbsolutePath();
        String home = System.getenv("SYNC_DATA_HOME");
        if (home != null && !home.isEmpty()) {
            return (Path.of(home).equals(here) ? "./jbang" : quoted(home + "/jbang")) + " ";
        }
        return toolkit().map(folder -> (folder.equals(here) ? "." : quoted(folder.toString())) + "/")
                .orElse("./jbang ");
    }

    /** The folder of the exported toolkit, if this runs from one. */
    private static Optional<Path> toolkit() {
        try {
            Path jar = Path.of(Invocation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Stream.iterate(jar.getParent(), folder -> folder != null, Path::getParent).limit(2)
                    .filter(folder -> Files.isExecutable(folder.resolve("sync-data"))).findFirst();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
