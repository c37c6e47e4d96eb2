package syncdata.store;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** PostgreSQL as a whole: how much there is, how busy it is, how far a standby is behind, which indexes it has. */
public final class SourceSurvey {
    private final Queries files;
    private final SourceQueries queries;
    private final SourceServer server;
    private final SourceConnection rows;
    private final SourceConnection looks;
    private IndexAdvice.Postgres held;

    /** @param looks waits for nobody: it is looked beside all else what others do */
    SourceSurvey(Queries files, SourceQueries queries, SourceServer server, SourceConnection rows,
            SourceConnection looks) {
        this.files = files;
        this.queries = queries;
        this.server = server;
        this.rows = rows;
        this.looks = looks;
    }

    /**
     * How busy PostgreSQL is with the work of others.
     *
     * @param visible whether the user may see that
     * @param active  sessions at work
     * @param lag     of the replica that lags most, or of this one if it is a replica; empty where a stream is broken
     */
    record Load(boolean visible, long active, Optional<Duration> lag) {
        static final Load NONE = new Load(true, 0, Optional.of(Duration.ZERO));
    }

    /**
     * What a standby has received and replayed.
     *
     * @param seen    all that was committed up to then, in microseconds since 1970; the least number for unknown
     * @param lag     how long ago that is, and nothing while its stream is alive; empty where it cannot say
     * @param visible whether the user may see the stream
     * @param paused  whether it replays nothing, by order of somebody
     */
    public record StandbyState(long seen, Optional<Duration> lag, boolean visible, boolean paused) {
    }

    /** The statements for those indexes that pages are read from fastest, and that are not there. */
    public List<String> missingIndexes() {
        IndexAdvice.Postgres held = heldIndexes();
        return files.indexes("entity-page.sql").stream().filter(statement -> !held.hasLike(statement)).toList();
    }

    /** The statements for those indexes by which the relations of entities are found, and that are not there. */
    public List<String> missingRelationIndexes() {
        IndexAdvice.Postgres held = heldIndexes();
        return files.indexes("relations-of-entities.sql").stream().filter(statement -> !held.has(statement)).toList();
    }

    /** The statements for those indexes by which changed entities are found, and that are not there. */
    List<String> missingIndexesOfChanges() {
        IndexAdvice.Postgres held = heldIndexes();
        return files.indexes("changed-entities.sql").stream().filter(statement -> !held.hasLike(statement)).toList();
    }

    /** Asked once: a run decides by them several times, and makes none. */
    private synchronized IndexAdvice.Postgres heldIndexes() {
        if (held == null) {
            held = new IndexAdvice.Postgres(queries.list(rows, "source-index-definitions.sql",
                    SourceQueries.unbound(), row -> row.getString("definition")),
                    queries.list(rows, "source-indexes.sql", SourceQueries.unbound(),
                            row -> new IndexAdvice.Postgres.Columns(row.getString("table"),
                                    names(row.getArray("columns")))));
        }
        return held;
    }

    private static List<String> names(Array columns) throws SQLException {
        return Arrays.stream((Object[]) columns.getArray()).map(String::valueOf).toList();
    }

    /** About how many entities there are, relations among them, without counting; 0 where PostgreSQL has no idea. */
    public long estimate() {
        return queries.one(rows, "entity-estimate.sql", row -> row.getLong("entities"));
    }

    /**
     * Ids between which about as many entities lie each, ascending, as PostgreSQL's statistics have them; none where it
     * has no idea.
     */
    public List<UUID> quantiles() {
        return queries.list(rows, "id-quantiles.sql", SourceQueries.unbound(), row -> row.getObject("id", UUID.class));
    }

    /** How the entities lie. */
    EntityLayout layout() {
        return queries.one(rows, "entity-layout.sql", row -> new EntityLayout(row.getInt("version"),
                row.getBoolean("plain"), row.getInt("tables"), row.getLong("longest"), row.getLong("blocks"),
                row.getLong("entities"), row.getDouble("visible"), row.getDouble("correlation"),
                row.getLong("cached_blocks")));
    }

    /** What this standby has seen; asked of a standby alone. */
    public StandbyState standby() {
        return queries.one(rows, "standby-state.sql", row -> new StandbyState(
                row.getObject("seen") == null ? Long.MIN_VALUE : RowValues.micros(row, "seen"),
                lag(row.getDouble("lag_seconds")), row.getBoolean("visible"), row.getBoolean("paused")));
    }

    /** How far this standby is behind; empty where it cannot say. */
    public Optional<Duration> lag() {
        return standby().lag();
    }

    /** How busy PostgreSQL is with the work of others. */
    Load load() {
        Load load = queries.one(looks, "source-load.sql", row -> new Load(row.getBoolean("visible"),
                row.getLong("active"), lag(row.getDouble("lag_seconds"))));
        return server.isStandby() ? new Load(load.visible(), load.active(), lag()) : load;
    }

    private static Optional<Duration> lag(double seconds) {
        return Double.isInfinite(seconds) ? Optional.empty() : Optional.of(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** What others do in PostgreSQL. Fails at once where it does not answer. */
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
