///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES ../sync-data.java
//SOURCES *.java
//MAIN ExportToolkit

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import syncdata.command.ScriptCommand;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.Words;

@Command(name = "export-toolkit", description = {
        "Makes a folder that holds every script for a host without a network: all that they need there is Java 17.",
        "It holds a starter for each script, the documentation, and the sources, which can be edited and built there."},
        exitCodeList = {"0:the folder is made", "1:a fault in the program",
                "2:wrong options, or a folder that is there already"},
        footerHeading = "%nExamples:%n", footer = {
            "  export-toolkit graph-sync && tar czf graph-sync.tgz graph-sync",
            "  graph-sync/check --check-results-file report.json     on the other host",
            "  graph-sync/jbang build                                there, after an edit"})
class ExportToolkit extends ScriptCommand {
    /** What is copied as it is, to the same paths. */
    private static final List<String> COPIED =
            List.of("README.md", "CHANGELOG.md", "jbang-catalog.json", "sync-data.java", "checks", "lib", "docs");

    @Parameters(paramLabel = "DIR", description = "The folder to make.")
    private Path folder;

    public static void main(String[] arguments) {
        execute(new ExportToolkit(), arguments);
    }

    @Override
    protected ExitCode run() throws IOException {
        Path home = home();
        Path target = folder.toAbsolutePath();
        if (Files.exists(target)) {
            throw new InputException(folder
                    + " is there already: name a folder that is not, so that no old jar gets between the new ones");
        }
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
        for (String name : COPIED) {
            copy(home.resolve(name), temporary.resolve(name));
        }
        Files.copy(OperatorScripts.jar(), temporary.resolve("graph-sync.jar"));
        Path jars = Files.createDirectory(temporary.resolve("jars"));
        for (Path jar : OperatorScripts.libraries()) {
            Files.copy(jar, jars.resolve(jar.getFileName()));
        }
        Path toolkit = home.resolve("checks/toolkit");
        writeExecutable(temporary.resolve("jbang"), Files.readString(toolkit.resolve("jbang")));
        String starter = Files.readString(toolkit.resolve("starter"));
        Set<String> scripts = OperatorScripts.byName().keySet();
        for (String script : scripts) {
            writeExecutable(temporary.resolve(script), starter.replace("sync-data", script));
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(temporary, target);
        System.out.println(Words.visible(folder.toString()) + " holds " + String.join(", ", scripts));
        return ExitCode.IN_SYNC;
    }

    /** The folder of the project, or of the exported toolkit that this runs from. */
    private static Path home() {
        String told = System.getenv("SYNC_DATA_HOME");
        for (Path home = Path.of(told == null ? "" : told).toAbsolutePath(); home != null; home = home.getParent()) {
            if (Files.isDirectory(home.resolve("checks/toolkit"))) {
                return home;
            }
        }
        throw new InputException("The project's folder is not known: run this there, or say it in SYNC_DATA_HOME");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void writeExecutable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
