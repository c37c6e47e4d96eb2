package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.AccessMode;
import syncdata.check.Check;
import syncdata.fixture.AgedPostgres;
import syncdata.fixture.TestDatabases;
import syncdata.report.Report;
import syncdata.rules.Selection;
import syncdata.rules.Settling;
import syncdata.rules.SourceState;
import syncdata.run.Events;

@DisplayName("Rows that were written more than 2^31 transactions ago")
class OldRowsTest {
    private static final UUID OLD = new UUID(0, 1);
    private static final UUID NEW = new UUID(0, 2);

    private final TestDatabases test = TestDatabases.empty();

    @Test
    @DisplayName("are written before now, and confirmed at once, like new ones")
    void areConfirmed() {
        try (AgedPostgres aged = new AgedPostgres(test, row(OLD))) {
            aged.execute(row(NEW));
            try (Databases databases = Databases.open(TestDatabases.settings(aged.environment()), Queries.builtIn(),
                    AccessMode.READ)) {
                long now = databases.source().snapshot().next();
                for (SourceState state : databases.source().states(List.of(OLD, NEW)).values()) {
                    assertTrue(state.writtenBy() < now, state + " at " + now);
                }
                try (Report report = new Check(databases, Events.silent(), Selection.ALL, 10, false)
                        .settling(new Settling(Duration.ZERO, Duration.ofSeconds(20))).run()) {
                    assertEquals(2, report.missing());
                    assertEquals(0, report.unconfirmed().count());
                }
            }
        }
    }

    private static String row(UUID id) {
        return "INSERT INTO entity VALUES ('" + id + "', '{\"type\":\"ttp\"}', '2020-01-01Z', '2024-06-01Z')";
    }
}
