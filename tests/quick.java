///usr/bin/env jbang "$0" "$@" ; exit $?
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1
//SOURCES all-tests.java
//MAIN syncdata.Quick
package syncdata;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.platform.commons.support.ReflectionSupport;

/** Runs the tests that need neither a database nor a process: what to run after each edit. */
class Quick {
    /** What a test class names that is not quick. */
    private static final Pattern SLOW =
            Pattern.compile("syncdata/fixture/(TestDatabases|Script|WholeJob|FaultProxy|Platform|Browser)\\b");

    public static void main(String[] arguments) throws InterruptedException {
        List<String> quick = ReflectionSupport
                .findAllClassesInPackage("syncdata", type -> true, name -> name.endsWith("Test")).stream()
                .filter(Quick::isQuick).map(Class::getName).toList();
        AllTests.main(quick.toArray(String[]::new));
    }

    private static boolean isQuick(Class<?> test) {
        try (InputStream file = test.getResourceAsStream(test.getSimpleName() + ".class")) {
            return !SLOW.matcher(new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
