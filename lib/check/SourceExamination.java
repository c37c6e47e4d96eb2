package syncdata.check;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.AccessMode;
import syncdata.rules.DatabaseIdentity;
import syncdata.run.Words;
import syncdata.store.Queries;
import syncdata.store.ReadingOrder;
import syncdata.store.SourceStore;
import syncdata.store.SourceSurvey;

/** Examines PostgreSQL: its version, what the user may do and see, what kind of table the entities are in. */
final class SourceExamination {
    private static final int OLDEST_POSTGRESQL = 13;

    private final SourceStore source;
    private final Queries queries;
    private final Diagnosis told;

    SourceExamination(SourceStore source, Queries queries, Diagnosis told) {
        this.source = source;
        this.queries = queries;
        this.told = told;
    }

    /** Tells what it finds. */
    void examine() {
        DatabaseIdentity identity = source.identity();
        told.ok("PostgreSQL", "version " + identity.version() + " answers at " + identity.host() + ", database "
                + identity.name());
        int major = Integer.parseInt(identity.version().replaceFirst("\\D.*", ""));
        if (major < OLDEST_POSTGRESQL) {
            told.warn("PostgreSQL", "version " + major + " is older than what this is tried with",
                    "Expect query files to need a change, or upgrade to " + OLDEST_POSTGRESQL + " or newer.");
        }
        source.tryQueries(AccessMode.WRITE);
        told.ok("PostgreSQL, queries",
                "every query file works: its tables and columns are there, and the user may read them");
        Map<String, Object> seen = source.query(queries.text("source-examination.sql"), 1).single();
        if (Boolean.TRUE.equals(seen.get("may_write"))) {
            told.warn("PostgreSQL, privileges",
                    "the user may write to the entities. Nothing here does, in sessions that are read-only",
                    "Connect as a user that has SELECT alone: CREATE ROLE sync_data LOGIN; GRANT SELECT ON entity TO "
                    + "sync_data");
        } else {
            told.ok("PostgreSQL, privileges", "the user may read, and may not write");
        }
        if (source.survey().seesOthers()) {
            told.ok("PostgreSQL, others",
                    "the user may see what others do: a run gives way to sessions that did something in the last half "
                    + "second");
        } else {
            told.warn("PostgreSQL, others",
                    "the user may not see what others do: a run gives way to transactions and written rows in the"
                    + " statistics of all databases, and --max-load cannot be used",
                    "GRANT pg_read_all_stats TO the user that connects");
        }
        if (source.isStandby()) {
            standby(source.survey().standby());
        }
        String kind = String.valueOf(seen.get("kind"));
        kind(kind);
        if (source.isEmpty()) {
            told.problem("PostgreSQL, entities", "there is none at all",
                    "Connect to the platform's own database (PGDATABASE): a run would delete all of Neo4j, if its "
                    + "guards did not stop it.");
        } else if (source.survey().estimate() == 0 && kind.matches("[rp]")) {
            told.warn("PostgreSQL, statistics",
                    "the table was never analyzed: plans may be slow, and a check cannot tell how far it is",
                    "ANALYZE entity");
        }
        List<String> missing = new ArrayList<>(source.survey().missingIndexes());
        missing.addAll(source.survey().missingRelationIndexes());
        missing
                .forEach(statement -> told.warn("PostgreSQL, index", "one is missing that would make this faster",
                        statement));
        if (missing.isEmpty()) {
            told.ok("PostgreSQL, indexes", "all that are used are there");
        }
        order(source.readingOrder());
        told.clock("PostgreSQL", () -> ((ZonedDateTime) source.query(queries.text("source-examination.sql"), 1).single()
                .get("clock")).toInstant());
    }

    private void order(ReadingOrder.Decision decision) {
        String costs = " (" + decision.reason() + "; what it costs, in rows: " + Words.count(decision.byIds())
                + " in the order of ids, " + Words.count(decision.inBlocks()) + " in that of the table)";
        told.ok("PostgreSQL, order", switch (decision.order()) {
            case IDS -> "a check of all reads a page after the other in the order of ids" + costs;
            case BLOCKS -> "a check of all reads the table once as it lies, and sorts about "
                    + Words.count(decision.entities()) + " ids in temporary files" + costs;
        });
    }

    private void standby(SourceSurvey.StandbyState state) {
        String lag = state.lag().map(Words::duration).map(time -> time + " behind")
                .orElse("behind by a time that it cannot tell");
        told.warn("PostgreSQL, standby", "this is a standby, " + lag + (state.paused() ? ", its replay paused" : ""),
                "A check leaves unconfirmed what it may not have received, and a repair is refused: connect to the "
                + "primary."
                + (state.visible() ? "" : " To see whether its stream is alive takes GRANT pg_read_all_stats."));
    }

    /** What does not hold for every kind of table. */
    private void kind(String kind) {
        switch (kind) {
            case "f" -> told.warn("PostgreSQL, entities",
                    "they are in a foreign table: what its server hides or has not received yet"
                    + " cannot be seen from here, nor which transactions are open there",
                    "Connect to that server itself, or give it OPTIONS (options '-c row_security=off') at least.");
            case "v", "m" -> told.warn("PostgreSQL, entities",
                    "they are in a view: what it leaves out looks deleted, and no index can be made on it",
                    "Let it leave out nothing, and order by an id that is indexed.");
            case "p" -> told.ok("PostgreSQL, entities",
                    "they are in a partitioned table; an id that is in two partitions ends a check");
            default -> { }
        }
    }
}
