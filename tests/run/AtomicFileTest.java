package syncdata.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file that is written whole or not at all")
class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("is the owner's alone, whatever the mode of the one it replaces")
    void isTheOwnersAlone() throws IOException {
        Path report = Files.writeString(folder.resolve("report.json"), "old");
        Files.setPosixFilePermissions(report, PosixFilePermissions.fromString("rw-rw-rw-"));
        write(report, "new");
        assertEquals("new", Files.readString(report));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(report)));
        assertEquals(List.of("report.json"), names());
    }

    @Test
    @DisplayName("leaves the old one where it is not put in place")
    void leavesTheOldOne() throws IOException {
        Path report = Files.writeString(folder.resolve("report.json"), "old");
        try (AtomicFile file = AtomicFile.create(report, "report file")) {
            file.out().write(1);
        }
        assertEquals("old", Files.readString(report));
        assertEquals(List.of("report.json"), names());
    }

    @Test
    @DisplayName("removes what a run that was killed left, and nothing of a run that still writes or of other names")
    void removesWhatAKilledRunLeft() throws IOException, InterruptedException {
        Path report = folder.resolve("report.json");
        Path left = Files.createTempFile(folder, ".report.json-", ".tmp");
        Path other = Files.createFile(folder.resolve(".report.json-mine.tmp"));
        Path locked = Files.createTempFile(folder, ".report.json-", ".tmp");
        Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                lockingProgram().toString(),
                locked.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertEquals('l', writer.getInputStream().read());
            write(report, "new");
            assertFalse(Files.exists(left), "nobody writes it any more");
            assertTrue(Files.exists(locked), "another run still writes it");
            assertTrue(Files.exists(other), "it is none of ours");
        } finally {
            writer.destroyForcibly();
            writer.waitFor(10, TimeUnit.SECONDS);
        }
        write(report, "newer");
        assertFalse(Files.exists(locked), "its writer was killed");
    }

    @Test
    @DisplayName("of the same name twice at once in one process removes neither")
    void twiceAtOnce() throws IOException {
        Path report = folder.resolve("report.json");
        try (AtomicFile first = AtomicFile.create(report, "report file");
                AtomicFile second = AtomicFile.create(report, "report file")) {
            first.out().write('1');
            second.out().write('2');
            first.commit();
            second.commit();
        }
        assertEquals("2", Files.readString(report));
    }

    @Test
    @DisplayName("goes where a link leads, also where nothing is there yet, and the link stays")
    void goesWhereALinkLeads() throws IOException {
        Path today = folder.resolve("today.json");
        Path link = Files.createSymbolicLink(folder.resolve("report.json"), Path.of("today.json"));
        write(link, "first");
        write(link, "second");
        assertEquals("second", Files.readString(today));
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.isRegularFile(today, LinkOption.NOFOLLOW_LINKS));

        Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        assertTrue(assertThrows(InputException.class, () -> AtomicFile.create(circle, "page")).getMessage()
                .contains("circle"));
    }

    @Test
    @DisplayName("is written to as it is where it is a pipe or an open stream, behind what stands there")
    void aPipeIsWrittenToAsItIs() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        write(pipe, "through a pipe");
        assertEquals("through a pipe", new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8));

        Path log = Files.writeString(folder.resolve("log"), "events\n");
        try (FileChannel open = FileChannel.open(log, StandardOpenOption.APPEND);
             Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            Path descriptor = descriptors.filter(fd -> isSame(fd, log)).findFirst().orElseThrow();
            write(Path.of("/proc/self/fd").resolve(descriptor.getFileName()), "report");
            assertTrue(open.isOpen());
        }
        assertEquals("events\nreport", Files.readString(log));
        assertFalse(AtomicFile.isFile(Path.of("/dev/stdout")));
        assertFalse(AtomicFile.isFile(Path.of("-")));
        assertTrue(AtomicFile.isFile(Path.of("/dev/shm/report.json")));
        assertTrue(AtomicFile.isStandardOutput(Path.of("/dev/stdout")));
        assertFalse(AtomicFile.isStandardOutput(Path.of("/dev/stderr")));
    }

    private static boolean isSame(Path descriptor, Path file) {
        try {
            return Files.isSameFile(descriptor, file);
        } catch (IOException gone) {
            return false;
        }
    }

    /** A process that locks a file as AtomicFile does, says so, and waits to be killed. */
    private Path lockingProgram() throws IOException {
        return Files.writeString(folder.resolve("Lock.java"), """
                class Lock {
                    public static void main(String[] file) throws Exception {
                        java.io.FileOutputStream out = new java.io.FileOutputStream(file[0]);
                        out.getChannel().lock();
                        System.out.print("l");
                        System.out.flush();
                        Thread.sleep(300_000);
                    }
                }
                """);
    }

    private static void write(Path path, String text) throws IOException {
        try (AtomicFile file = AtomicFile.create(path, "report file")) {
            OutputStream out = file.out();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
