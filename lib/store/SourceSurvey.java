package syncdata.store;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** PostgreSQL as a whole: estimates, load, the lag of a standby, indexes. */
public final class SourceSurvey {
    private final Queries files;
    private final SourceQueries queries;
    private final SourceServer server;
    private final SourceConnection rows;
    private final SourceConnection looks;
    private Optional<IndexAdvice.Postgres> indexes = Optional.empty();

    /** @param looks the connection for looks at the work of others, beside everything else */
    SourceSurvey(Queries files, SourceQueries queries, SourceServer server, SourceConnection rows,
            SourceConnection looks) {
        this.files = files;
        this.queries = queries;
        this.server = server;
        this.rows = rows;
        this.looks = looks;
    }

    /**
     * The load of PostgreSQL by others.
     *
     * @param visible whether the user may see it
     * @param active  sessions at work
     * @param lag     of the replica that lags most, or of this one if it is a replica; empty where a stream is broken
     */
    record Load(boolean visible, long active, Optional<Duration> lag) {
        static final Load NONE = new Load(true, 0, Optional.of(Duration.ZERO));
    }

    /**
     * What a standby has received and replayed.
     *
     * @param seen    every commit up to this time is visible, in microseconds since 1970; {@code Long.MIN_VALUE} where
     *                it is unknown
     * @param lag     the age of that, and zero while its stream is alive; empty where it is unknown
     * @param visible whether the user may see the stream
     * @param paused  whether somebody paused the replay
     */
    public record StandbyState(long seen, Optional<Duration> lag, boolean visible, boolean paused) {
    }

    /** The statements for the missing indexes of pages. */
    public List<String> missingIndexes() {
        IndexAdvice.Postgres present = indexes();
        return files.indexes("entity-page.sql").stream().filter(statement -> !present.hasLike(statement)).toList();
    }

    /** The statements for the missing indexes by which relations of entities are found. */
    public List<String> missingRelationIndexes() {
        IndexAdvice.Postgres present = indexes();
        return files.indexes("relations-of-entities.sql").stream()
                .filter(statement -> !present.has(statement)).toList();
    }

    /** The statements for the missing indexes by which changed entities are found. */
    List<String> missingIndexesOfChanges() {
        IndexAdvice.Postgres present = indexes();
        return files.indexes("changed-entities.sql").stream().filter(statement -> !present.hasLike(statement)).toList();
    }

    /** Asked for once: a run needs them several times, and creates none. */
    private synchronized IndexAdvice.Postgres indexes() {
        if (indexes.isEmpty()) {
            indexes = Optional.of(new IndexAdvice.Postgres(queries.list(rows, "source-index-definitions.sql",
                    SourceQueries.unbound(), row -> row.getString("definition")),
                    queries.list(rows, "source-indexes.sql", SourceQueries.unbound(),
                            row -> new IndexAdvice.Postgres.Columns(row.getString("table"),
                                    names(row.getArray("columns"))))));
        }
        return indexes.get();
    }

    private static List<String> names(Array columns) throws SQLException {
        return Arrays.stream((Object[]) columns.getArray()).map(String::valueOf).toList();
    }

    /** The number of entities, relations among them, estimated without counting; 0 where it is unknown. */
    public long estimate() {
        return queries.one(rows, "entity-estimate.sql", row -> row.getLong("entities"));
    }

    /** Ids that divide all entities into groups of about the same size, ascending; none where they are unknown. */
    public List<UUID> quantiles() {
        return queries.list(rows, "id-quantiles.sql", SourceQueries.unbound(), row -> row.getObject("id", UUID.class));
    }

    /** How the entities lie in the tables. */
    EntityLayout layout() {
        return queries.one(rows, "entity-layout.sql", row -> new EntityLayout(row.getInt("version"),
                row.getBoolean("plain"), row.getInt("tables"), row.getLong("longest"), row.getLong("blocks"),
                row.getLong("entities"), row.getDouble("visible"), row.getDouble("correlation"),
                row.getLong("cached_blocks")));
    }

    /** What this standby has received. Only for a standby. */
    public StandbyState standby() {
        return queries.one(rows, "standby-state.sql", row -> new StandbyState(
                row.getObject("seen") == null ? Long.MIN_VALUE : RowValues.micros(row, "seen"),
                lag(row.getDouble("lag_seconds")), row.getBoolean("visible"), row.getBoolean("paused")));
    }

    /** The lag of this standby; empty where it is unknown. */
    public Optional<Duration> lag() {
        return standby().lag();
    }

    /** The load of PostgreSQL by others. */
    Load load() {
        Load load = queries.one(looks, "source-load.sql", row -> new Load(row.getBoolean("visible"),
                row.getLong("active"), lag(row.getDouble("lag_seconds"))));
        return server.isStandby() ? new Load(load.visible(), load.active(), lag()) : load;
    }

    private static Optional<Duration> lag(double seconds) {
        return Double.isInfinite(seconds) ? Optional.empty() : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** The activity of others in PostgreSQL. Fails at once if it does not answer. */
    SourceActivity activity() {
        return looks.read(queries.text("source-in-use.sql"), SourceQueries.unbound(),
                row -> new SourceActivity(row.getBoolean("in_use"), row.getBoolean("hidden"),
                        row.getLong("transactions"), row.getLong("rows_written"))).get(0);
    }

    /** Whether the user may see what other sessions do. */
    public boolean seesOthers() {
        return load().visible();
    }
}
