///usr/bin/env jbang "$0" "$@" ; exit $?
//SOURCES ../lib/package-info.java
//SOURCES ../sync-data.java
//SOURCES *.java
//MAIN ExportToolkit

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import syncdata.command.ScriptCommand;
import syncdata.run.ExitCode;
import syncdata.run.InputException;
import syncdata.run.Words;

@Command(name = "export-toolkit", description = {"Makes a folder that holds every script for a host without a network: all that they need there is Java 17.",
        "A starter for each script, one folder of jars for all, and the query files, to be edited and given with --queries."},
        exitCodeList = {"0:the folder is made", "1:a fault in the program", "2:wrong options, or a folder that is there already"},
        footerHeading = "%nExamples:%n", footer = {
            "  export-toolkit graph-sync && tar czf graph-sync.tgz graph-sync",
            "  graph-sync/check --check-results-file report.json     on the other host"})
class ExportToolkit extends ScriptCommand {
    private static final String STARTER = """
            #!/bin/sh
            # Starts %s with the Java of JAVA_HOME, else with that on the PATH. It needs nothing but this folder.
            file=$0
            while [ -L "$file" ]; do
                link=$(readlink "$file")
                case $link in /*) file=$link ;; *) file=$(dirname "$file")/$link ;; esac
            done
            folder=$(CDPATH='' cd -P -- "$(dirname "$file")" && pwd) || exit 2
            # Java reads paths and passwords by the locale: one of ASCII alone, as under cron, would spoil umlauts.
            case $(locale charmap 2>/dev/null) in *646* | *ASCII* | ANSI* | '') LC_ALL=C.UTF-8; export LC_ALL ;; esac
            java=${JAVA_HOME:+$JAVA_HOME/bin/}java
            command -v "$java" >/dev/null || { echo "error: there is no Java on the PATH or in JAVA_HOME: install Java 17 or newer" >&2; exit 2; }
            exec "$java" -XX:+UseSerialGC -cp "$folder/lib/*" %s "$@"
            """;

    @Parameters(paramLabel = "DIR", description = "The folder to make.")
    private Path folder;

    public static void main(String[] arguments) {
        execute(new ExportToolkit(), arguments);
    }

    @Override
    protected ExitCode run() throws IOException {
        Path target = folder.toAbsolutePath();
        if (Files.exists(target)) {
            throw new InputException(folder + " is there already: name a folder that is not, so that no old jar gets between the new ones");
        }
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
        Map<String, Class<?>> scripts = OperatorScripts.byName();
        copyJars(Files.createDirectory(temporary.resolve("lib")));
        copyQueries(Files.createDirectory(temporary.resolve("queries")));
        for (Map.Entry<String, Class<?>> script : scripts.entrySet()) {
            writeStarter(temporary.resolve(script.getKey()), script.getKey(), script.getValue().getName());
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(temporary, target);
        System.out.println(Words.visible(folder.toString()) + " holds " + String.join(", ", scripts.keySet()));
        return ExitCode.IN_SYNC;
    }

    private static void copyJars(Path lib) throws IOException {
        Files.copy(OperatorScripts.jar(), lib.resolve("graph-sync.jar"));
        for (Path jar : OperatorScripts.libraries()) {
            Files.copy(jar, lib.resolve(jar.getFileName()));
        }
    }

    private static void copyQueries(Path queries) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(OperatorScripts.jar()); Stream<Path> files = Files.list(jar.getPath("queries"))) {
            for (Path file : files.toList()) {
                Files.copy(file, queries.resolve(file.getFileName().toString()));
            }
        }
    }

    private static void writeStarter(Path file, String name, String mainClass) throws IOException {
        Files.writeString(file, STARTER.formatted(name, mainClass));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
