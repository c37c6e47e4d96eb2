package syncdata.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.neo4j.driver.AccessMode;
import syncdata.fixture.TestDatabases;

/** Queries are tried before a run begins. */
class QueryTrialTest {
    private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND backend_type = 'client backend'";
    private static final String ROWS_READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables"
            + " WHERE relname = 'entity'";

    private final TestDatabases test = TestDatabases.empty();

    @ParameterizedTest
    @Timeout(60)
    @EnumSource(AccessMode.class)
    @DisplayName("Trying the queries does not read the table, even where no index leads to what they ask for")
    void doesNotReadTheTable(AccessMode access) {
        test.sql("INSERT INTO entity SELECT gen_random_uuid(), jsonb_build_object('type', 'relation', 'source',"
                + " gen_random_uuid()), now(), now() FROM generate_series(1, 20000)");
        test.sql("ANALYZE entity");
        try (Handle platform = test.openPlatform()) {
            long sessions = number(platform, SESSIONS);
            long before = number(platform, ROWS_READ);
            Databases.open(test.settings(), Queries.builtIn(), access).close();
            while (number(platform, SESSIONS) > sessions) { // each tells what it read when it ends
                continue;
            }
            assertTrue(number(platform, ROWS_READ) - before < 10, "the planner may look at a few");
        }
    }

    private static long number(Handle platform, String query) {
        return platform.createQuery(query).mapTo(Long.class).one();
    }
}
