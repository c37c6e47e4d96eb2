package syncdata.store;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.Query;
import syncdata.rules.ContentDigest;
import syncdata.rules.IdRange;
import syncdata.run.InputException;

/**
 * The contents of all entities in some blocks, as digests: the projections, asked for those blocks in the place of ids,
 * each column packed in PostgreSQL's binary formats.
 */
final class SourceContents {
    private static final Pattern OF_IDS = Pattern.compile("(?i)\\bid\\s*=\\s*ANY\\s*\\(\\s*:ids\\s*\\)");
    private static final Pattern ORDER = Pattern.compile("(?is)\\bORDER\\s+BY\\s+id\\s*$");
    private static final String OF_BLOCKS =
            "ctid >= CAST(:from_block AS tid) AND ctid < CAST(:to_block AS tid) AND id >= :from AND id <= :until";
    private static final String PACKED = """
            SELECT string_agg(uuid_send(CAST(id AS uuid)), ''::bytea) AS ids,
                   %s
            FROM (
            %s
            OFFSET 0
            ) AS contents
            """;
    private static final UnaryOperator<Query> NOTHING = SourceQueries.blocks(0, 0, IdRange.ALL);

    /** One projection: the query file that it comes from, and the query that packs its columns. */
    private record Contents(String file, String sql, List<ProjectedColumn> columns) {
        /** Whether a column is a property, and no end of a relation. */
        boolean isProperty(ProjectedColumn column) {
            return file.equals(SourceProjection.ENTITIES) || !Projections.ENDS.contains(column.name());
        }
    }

    private final SourceQueries queries;
    private final Contents entities;
    private final Contents relations;
    private final Projections projections;

    private SourceContents(SourceQueries queries, Contents entities, Contents relations, Projections projections) {
        this.queries = queries;
        this.entities = entities;
        this.relations = relations;
        this.projections = projections;
    }

    /**
     * Tries whether the projections can be asked for blocks.
     *
     * @param connection for that
     * @return empty where one of them is the operator's own and selects from more than the table, or by more than ids
     */
    static Optional<SourceContents> of(SourceQueries queries, SourceProjection projection,
            SourceConnection connection) {
        return contents(queries, projection, SourceProjection.ENTITIES).flatMap(entities ->
                contents(queries, projection, SourceProjection.RELATIONS).map(relations ->
                        new SourceContents(queries, entities, relations,
                                new Projections(entities.columns(), relations.columns(), projection.kept()))))
                .filter(contents -> contents.works(connection));
    }

    private boolean works(SourceConnection connection) {
        try {
            digests(entities, connection, NOTHING);
            digests(relations, connection, NOTHING);
            return true;
        } catch (InputException notByBlocks) {
            return false;
        }
    }

    /** What the projections give. */
    Projections projections() {
        return projections;
    }

    /**
     * Adds the digests of these entities; of one that moved meanwhile it is unknown.
     *
     * @param where the blocks that they lie in
     */
    void addTo(EntityPage page, SourceConnection connection, UnaryOperator<Query> where) {
        Map<UUID, Long> ofEntities = readable(entities, connection, where);
        Map<UUID, Long> ofRelations = readable(relations, connection, where);
        for (int i = 0; i < page.size(); i++) {
            page.digest(i, (page.relation(i) ? ofRelations : ofEntities)
                    .getOrDefault(page.id(i), ContentDigest.UNKNOWN));
        }
    }

    private static Optional<Contents> contents(SourceQueries queries, SourceProjection projection, String file) {
        List<ProjectedColumn> columns = Projections.ordered(projection.columns(file).stream());
        String packed = IntStream.range(0, columns.size()).mapToObj(i ->
                columns.get(i).lengths() + " AS length_" + i + ", " + columns.get(i).values() + " AS content_" + i)
                .collect(Collectors.joining(",\n       "));
        Matcher ofIds = OF_IDS.matcher(queries.text(file));
        if (ofIds.results().count() != 1) {
            return Optional.empty();
        }
        String ofBlocks = ORDER.matcher(ofIds.replaceFirst(OF_BLOCKS).stripTrailing()).replaceFirst("");
        return Optional.of(new Contents(file, PACKED.formatted(packed, ofBlocks), columns));
    }

    /** None where a row cannot be read: then each is looked up, and those that can be are. */
    private Map<UUID, Long> readable(Contents contents, SourceConnection connection, UnaryOperator<Query> where) {
        try {
            return digests(contents, connection, where);
        } catch (RuntimeException e) {
            if (Failure.of(e).endsTheRun()) {
                throw e;
            }
            return Map.of();
        }
    }

    private Map<UUID, Long> digests(Contents contents, SourceConnection connection, UnaryOperator<Query> where) {
        return queries.ask(contents.file(), () -> connection.read(contents.sql(), where,
                row -> digests(contents, row))).get(0);
    }

    private static Map<UUID, Long> digests(Contents contents, ResultSet row) throws SQLException {
        byte[] packed = row.getBytes("ids");
        if (packed == null) {
            return Map.of();
        }
        ByteBuffer ids = ByteBuffer.wrap(packed);
        ByteBuffer[] lengths = new ByteBuffer[contents.columns().size()];
        ByteBuffer[] values = new ByteBuffer[lengths.length];
        for (int i = 0; i < values.length; i++) {
            lengths[i] = ByteBuffer.wrap(row.getBytes("length_" + i));
            byte[] content = row.getBytes("content_" + i);
            values[i] = ByteBuffer.wrap(content == null ? new byte[0] : content);
        }
        Map<UUID, Long> digests = new HashMap<>(packed.length / 8);
        ContentDigest digest = new ContentDigest();
        while (ids.hasRemaining()) {
            UUID id = new UUID(ids.getLong(), ids.getLong());
            digests.put(id, digest(contents, lengths, values, digest));
        }
        return digests;
    }

    private static long digest(Contents contents, ByteBuffer[] lengths, ByteBuffer[] values, ContentDigest digest) {
        int properties = Projections.WALKED.size();
        for (int i = 0; i < values.length; i++) {
            int length = lengths[i].getInt();
            if (length < 0) {
                digest.absent();
            } else {
                ProjectedColumn column = contents.columns().get(i);
                column.add(values[i], length, digest);
                properties += contents.isProperty(column) ? 1 : 0;
            }
        }
        return digest.finish(properties);
    }
}
