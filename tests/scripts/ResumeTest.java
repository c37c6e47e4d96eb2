package syncdata.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static syncdata.run.Events.silent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import syncdata.check.Check;
import syncdata.check.Checkpoint;
import syncdata.check.RangePosition;
import syncdata.fixture.TestDatabases;
import syncdata.fixture.WholeJob;
import syncdata.report.Report;
import syncdata.rules.IdRange;
import syncdata.rules.Selection;
import syncdata.run.Events;
import syncdata.run.Ids;
import syncdata.run.InputException;
import syncdata.run.Progress;
import syncdata.run.RefusedException;
import syncdata.run.Stop;
import syncdata.store.Databases;
import syncdata.store.MaxLoad;
import syncdata.store.Pace;
import syncdata.store.PaceLimits;
import syncdata.store.RunTerms;

/** A check that is interrupted, and gone on with. */
class ResumeTest {
    private static final Map<String, Object> OF_A =
            Map.of("postgresql", "a", "neo4j", "b", "options", Map.of("changed_after", 1));
    private static final List<IdRange> ONE = List.of(IdRange.ALL);
    private static final UUID LOW = new UUID(0, 1);
    private static final UUID HIGH = new UUID(0, 9);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A resumed check finds what an uninterrupted one finds")
    void aResumedCheckFindsWhatAnUninterruptedOneFinds() throws IOException {
        TestDatabases test = TestDatabases.empty();
        test.sql(
                "INSERT INTO entity SELECT gen_random_uuid(), '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z' FROM "
                + "generate_series(1, 40)");
        test.cypher(
                "UNWIND range(1, 10) AS i CREATE (:Entity {id: randomUUID(), last_updated_at: "
                + "datetime('2024-01-01')}), (:Entity {id: 'none' + i, last_updated_at: datetime()})");
        try (Databases databases = test.open()) {
            Stop stop = new Stop();
            Events slow = silent();
            Thread operator = new Thread(() -> {
                while (slow.progress().now().map(Progress.Status::entities).orElse(0L) == 0) {
                    Thread.onSpinWait();
                }
                stop.request(Stop.Reason.INTERRUPTED);
            });
            operator.start();
            Pace pace = Pace.of(new RunTerms(new PaceLimits(Duration.ofSeconds(1), 20, MaxLoad.ANY, 1), Duration.ZERO,
                    stop, slow));
            try (Checkpoint checkpoint = Checkpoint.beside(report(), false);
                 Report part = new Check(new Databases(databases.source(), databases.graph(), pace), slow,
                         Selection.ALL, 5, false).settling(WholeJob.AT_ONCE).checkpoint(checkpoint).run()) {
                assertTrue(part.isPartial());
                assertTrue(part.differences() > 0 && part.differences() < 50, part.toString());
                checkpoint.keepOnlyIf(part.isPartial());
            }
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));

            try (Checkpoint checkpoint = Checkpoint.beside(report(), true);
                 Report resumed = new Check(databases, silent(), Selection.ALL, 7, false).settling(WholeJob.AT_ONCE)
                         .checkpoint(checkpoint).run();
                 Report whole = new Check(databases, silent(), Selection.ALL, 7, false).settling(WholeJob.AT_ONCE)
                         .run()) {
                assertFalse(resumed.isPartial());
                assertEquals(ids(whole.toReindex()), ids(resumed.toReindex()));
                assertEquals(ids(whole.toDelete()), ids(resumed.toDelete()));
                assertEquals(List.of(40L, 10L, 0L), List.of(resumed.missing(), resumed.notDeleted(), resumed.ok()));
                checkpoint.keepOnlyIf(resumed.isPartial());
            }
            assertFalse(Files.exists(file()), "removed once the check is complete");
        }
    }

    @Test
    @DisplayName("Only a whole checkpoint is read again")
    void onlyWhatIsWholeIsReadAgain() throws IOException {
        interrupted();
        String kept = Files.readString(file());

        Files.writeString(file(), "00000000-0000-0000-0000-0000000000", StandardOpenOption.APPEND);
        assertEquals(List.of(LOW), resumedSuspects());

        Files.writeString(file(), kept + kept.lines().skip(2).findFirst().orElseThrow().substring(0, 40));
        assertEquals(List.of(LOW), resumedSuspects());

        Files.writeString(file(), kept.replace(LOW.toString(), HIGH.toString()));
        assertEquals(List.of(), resumedSuspects(), "the checksum tells");

        Files.writeString(file(), kept.substring(0, 10));
        assertEquals(List.of(), resumedSuspects());
    }

    @Test
    @DisplayName("a damaged first line is damage, not another database")
    void aDamagedFirstLineIsDamage() throws IOException {
        interrupted();
        Files.writeString(file(), Files.readString(file()).replace("\"postgresql\":\"a\"", "\"postgresql\":\"x\""));
        try (Checkpoint checkpoint = Checkpoint.beside(report(), true)) {
            checkpoint.begin(OF_A, ONE);
            assertFalse(checkpoint.isResumed());
            assertTrue(checkpoint.isDamaged());
        }
        interrupted();
        Files.writeString(file(), "\u0000\u0000" + Files.readString(file()).substring(2));
        assertEquals(List.of(), resumedSuspects());
    }

    @Test
    @DisplayName("a link that somebody made at the checkpoint's name is not followed")
    void aLinkIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "keep me");
        Files.createSymbolicLink(file(), precious);
        InputException e = assertThrows(InputException.class, () -> resumedSuspects());
        assertTrue(e.getMessage().contains("is no file that a check has left"), e.getMessage());
        interrupted();
        assertEquals("keep me", Files.readString(precious));
        assertTrue(Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    @DisplayName("a checkpoint that others could read is the owner's alone afterwards")
    void anOldModeDoesNotStay() throws IOException {
        for (boolean resume : List.of(false, true)) {
            interrupted();
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));
            try (Checkpoint checkpoint = Checkpoint.beside(report(), resume)) {
                checkpoint.begin(OF_A, ONE);
                assertEquals(resume, checkpoint.isResumed());
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
            }
        }
    }

    @Test
    @DisplayName("Without --resume a check begins anew, and leaves nothing where nothing was kept")
    void withoutResumeItBeginsAnewAndLeavesNothingWhereNothingWasKept() {
        interrupted();
        try (Checkpoint checkpoint = Checkpoint.beside(report(), false)) {
            checkpoint.begin(OF_A, ONE);
            assertFalse(checkpoint.isResumed());
        }
        assertFalse(Files.exists(file()));
    }

    @Test
    @DisplayName("A checkpoint of another database or of other options is refused")
    void aCheckpointOfAnotherDatabaseOrOfOtherOptionsIsRefused() {
        interrupted();
        try (Checkpoint checkpoint = Checkpoint.beside(report(), true)) {
            assertThrows(RefusedException.class,
                    () ->
                            checkpoint.begin(Map.of("postgresql", "other", "neo4j", "b", "options",
                                    Map.of("changed_after", 1)), ONE));
            assertThrows(InputException.class,
                    () ->
                            checkpoint.begin(Map.of("postgresql", "a", "neo4j", "b", "options",
                                    Map.of("changed_after", 2)), ONE));
        }
        assertThrows(InputException.class, () -> Checkpoint.beside(Path.of("-"), true));
        assertTrue(Files.exists(file()));
    }

    @Test
    @DisplayName("Each range is gone on with where it stopped, and what it saw behind that is seen again")
    void eachRangeHasItsOwnPosition() {
        UUID middle = UUID.fromString("80000000-0000-0000-0000-000000000000");
        UUID above = UUID.fromString("80000000-0000-0000-0000-000000000009");
        List<IdRange> halves = List.of(IdRange.ALL.part(1, 2), IdRange.ALL.part(2, 2));
        try (Checkpoint checkpoint = Checkpoint.beside(report(), false)) {
            checkpoint.begin(OF_A, halves);
            checkpoint.ranges().get(1).suspect(above);
            checkpoint.ranges().get(0).suspect(LOW);
            reach(checkpoint.ranges().get(0), HIGH, 1);
            reach(checkpoint.ranges().get(1), middle, 2);
            checkpoint.ranges().get(0).suspect(HIGH); // as it was before
            checkpoint.ranges().get(0).suspect(new UUID(1, 1));
            reach(checkpoint.ranges().get(0), halves.get(0).last(), 3);
        }
        try (Checkpoint checkpoint = Checkpoint.beside(report(), true)) {
            checkpoint.begin(OF_A, ONE);
            assertTrue(checkpoint.isResumed());
            assertEquals(halves, checkpoint.ranges().stream().map(Checkpoint.Range::range).toList());
            assertEquals(List.of(3L, 2L), checkpoint.ranges().stream().map(range -> range.before().ok()).toList());
            assertEquals(Optional.empty(), checkpoint.ranges().get(0).left(), "it was complete");
            assertEquals(halves.get(1).behind(middle), checkpoint.ranges().get(1).left());
            List<UUID> suspects = new ArrayList<>();
            checkpoint.ranges().get(0).forEachSuspect(suspects::add);
            assertEquals(List.of(LOW, HIGH, new UUID(1, 1)), suspects);
            checkpoint.ranges().get(1).forEachSuspect(id -> {
                throw new AssertionError(id + " lies behind the position");
            });
        }
    }

    private void interrupted() {
        try (Checkpoint checkpoint = Checkpoint.beside(report(), false)) {
            checkpoint.begin(OF_A, ONE);
            checkpoint.ranges().get(0).suspect(LOW);
            reach(checkpoint.ranges().get(0), HIGH, 3);
        }
    }

    private static void reach(Checkpoint.Range range, UUID upTo, long ok) {
        range.reached(new RangePosition(Optional.of(upTo), ok, ok + 1, ok + 2));
        range.save();
    }

    private List<UUID> resumedSuspects() {
        List<UUID> suspects = new ArrayList<>();
        try (Checkpoint checkpoint = Checkpoint.beside(report(), true)) {
            checkpoint.begin(OF_A, ONE);
            checkpoint.ranges().forEach(range -> range.forEachSuspect(suspects::add));
        }
        return suspects;
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    private Path file() {
        return folder.resolve(".report.json.checkpoint");
    }

    private static Set<UUID> ids(Ids file) {
        Set<UUID> ids = new LinkedHashSet<>();
        file.forEachBatch(10, ids::addAll);
        return ids;
    }
}
