package syncdata.run;

import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a script ends after an error.
 *
 * @param message one line: what was wrong and what to do
 */
public record Ending(ExitCode exitCode, String message) implements Serializable {

    /** Reads the chain of causes. Knows no exception of a database. */
    public static Ending of(Throwable thrown) {
        return find(thrown, InputException.class).map(e -> new Ending(ExitCode.INVALID_INPUT, line(e)))
                .or(() -> find(thrown, RefusedException.class).map(e -> new Ending(ExitCode.REFUSED, line(e))))
                .or(() -> find(thrown, UncheckedIOException.class).map(e -> new Ending(ExitCode.FAULT, line(e))))
                .orElseGet(() -> new Ending(ExitCode.FAULT,
                        thrown.getMessage() == null ? thrown.toString() : line(thrown)));
    }

    /** The first exception of a type in a chain of causes. */
    public static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        return Stream.iterate(thrown, e -> e != null, Throwable::getCause)
                .filter(type::isInstance).map(type::cast).findFirst();
    }

    /** The message of an exception in one line, without the full stop. */
    public static String line(Throwable e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ").replaceFirst("[.\\s]+$", "");
    }
}
