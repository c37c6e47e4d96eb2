package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.Pooler;
import syncdata.fixture.TestDatabases;
import syncdata.repair.RepairLock;
import syncdata.run.RefusedException;

@DisplayName("Through a real PgBouncer")
class PoolerTest {
    /** What PgBouncer itself hands from one client to the next, each client's own. */
    private static final Set<String> OF_EACH_CLIENT =
            Set.of("client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings",
            "application_name");

    private final TestDatabases test = TestDatabases.empty();

    @Test
    @DisplayName("in transaction mode, a repair leaves no setting behind, and others may write on the same connections")
    void leavesNoSetting() {
        List<UUID> ids = Stream.generate(UUID::randomUUID).limit(20).toList();
        ids.forEach(id -> test.entity(id, "{\"type\":\"ttp\"}", "2024-06-01T00:00:00Z"));
        try (Pooler pooler = Pooler.start(test, "transaction")) {
            try (Databases databases = open(pooler); RepairLock lock = RepairLock.take(databases)) {
                for (int i = 0; i < 10; i++) { // the driver would prepare a query that it saw five times
                    assertEquals(20, databases.source().states(ids).size());
                    assertEquals(20, databases.source().projection().entities(ids).size());
                }
                databases.source().relations().attached(ids, 5, id -> { });
                lock.ensureHeld();
            }
            List<String> left = asAnotherClient(pooler, client -> client
                    .createQuery("SELECT name FROM pg_settings WHERE source = 'session'").mapTo(String.class).list());
            left.removeAll(OF_EACH_CLIENT);
            assertEquals(List.of(), left);
            assertEquals("", asAnotherClient(pooler, client -> client
                    .createQuery("SELECT current_setting('application_name')").mapTo(String.class).one()));
            int written = asAnotherClient(pooler, client -> client.execute("UPDATE entity SET created_at = now()"));
            assertEquals(20, written);
        }
    }

    @Test
    @DisplayName("in transaction mode, the lock is held as long as the run, and not longer")
    void holdsTheLock() {
        try (Pooler pooler = Pooler.start(test, "transaction"); Databases second = open(pooler)) {
            try (Databases first = open(pooler); RepairLock lock = RepairLock.take(first)) {
                lock.ensureHeld();
                String refusal = assertThrows(RefusedException.class, () -> RepairLock.take(second)).getMessage();
                assertTrue(refusal.contains("another repair of this graph is running: sync-data[0] tests"), refusal);
                try (Databases direct = test.open()) {
                    assertThrows(RefusedException.class, () -> RepairLock.take(direct));
                }
            }
            RepairLock.take(second).close();
        }
    }

    @Test
    @DisplayName("in statement mode, a repair is refused, and a check works")
    void statementsKeepNoLock() {
        UUID id = UUID.randomUUID();
        test.entity(id, "{\"type\":\"ttp\"}", "2024-06-01T00:00:00Z");
        try (Pooler pooler = Pooler.start(test, "statement")) {
            String refusal = assertThrows(RefusedException.class, () -> open(pooler).close()).getMessage();
            assertTrue(refusal.contains("keeps no transaction together"), refusal);
            try (Databases databases = Databases.open(TestDatabases.settings(pooler.environment()), Queries.builtIn(),
                    AccessMode.READ)) {
                assertEquals(Set.of(id), databases.source().states(List.of(id)).keySet());
            }
        }
    }

    private static Databases open(Pooler pooler) {
        return Databases.open(TestDatabases.settings(pooler.environment()), Queries.builtIn(), AccessMode.WRITE);
    }

    /**
     * Asks on as many connections as the pooler has, each with a client that says nothing of itself, and gives the last
     * answer.
     */
    private static <T> T asAnotherClient(Pooler pooler, Function<Handle, T> work) {
        var settings = TestDatabases.settings(pooler.environment());
        settings.postgres().setProperty("ApplicationName", "");
        settings.postgres().setProperty("assumeMinServerVersion", "13");
        settings.postgres().setProperty("prepareThreshold", "0");
        Jdbi clients = Jdbi.create(settings.postgresUrl(), settings.postgres());
        List<Handle> open = new ArrayList<>();
        try {
            T last = null;
            for (int i = 0; i < 3; i++) {
                Handle client = clients.open();
                open.add(client);
                client.begin();
                last = work.apply(client);
                client.rollback();
            }
            return last;
        } finally {
            open.forEach(Handle::close);
        }
    }
}
