package syncdata.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import syncdata.run.AtomicFile;

/**
 * The files that the arguments of a script name. No two arguments may name the same file: one would overwrite the
 * other.
 */
final class NamedFiles {
    private static final Path STANDARD = Path.of("-");

    private record Named(ArgSpec argument, Path path) {
        private String name() {
            return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        }

        /** Whether it is {@code -}: standard output as an option, standard input as a parameter. */
        private boolean isStandard() {
            return path.equals(STANDARD);
        }
    }

    private NamedFiles() {
    }

    /**
     * Makes sure that no two arguments of a parsed script name the same file. One argument may name a file twice.
     *
     * @throws ParameterException if two do
     */
    static void requireDistinct(CommandSpec script) {
        List<Named> before = new ArrayList<>();
        for (ArgSpec argument : script.args()) {
            List<Named> files = paths(argument.getValue()).map(path -> new Named(argument, path)).toList();
            for (Named file : files) {
                before.stream().filter(other -> isSame(other, file)).findFirst().ifPresent(other -> {
                    throw new ParameterException(script.commandLine(),
                            other.name() + " and " + file.name() + " name the same file, "
                            + file.path() + ": give each a file of its own");
                });
            }
            before.addAll(files);
        }
    }

    private static Stream<Path> paths(Object value) {
        return value instanceof Path path ? Stream.of(path)
                : value instanceof Collection<?> some
                ? some.stream().filter(Path.class::isInstance).map(Path.class::cast) : Stream.empty();
    }

    private static boolean isSame(Named one, Named other) {
        if (one.isStandard() || other.isStandard()) {
            return one.isStandard() && other.isStandard() && one.argument().isOption() && other.argument().isOption();
        }
        return AtomicFile.isFile(one.path()) && AtomicFile.isFile(other.path()) && isSameFile(one.path(), other.path());
    }

    private static boolean isSameFile(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other) ? Files.isSameFile(one, other)
                    : AtomicFile.target(one).equals(AtomicFile.target(other));
        } catch (IOException noFolder) {
            return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        }
    }
}
