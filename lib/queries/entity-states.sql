-- What PostgreSQL holds of these ids. A relation is dangling where one of its ends is not an entity held here.
-- Three steps tell whether an end is a UUID: they take a quarter of the time of one regular expression.
-- bytes is the size of a row as text, estimated, where it may be large: large entities are looked at a few at a time. A
-- row that PostgreSQL stores in little space is not unpacked for this.
-- written_by tells late commits from old ones: for a view that does not select its table's xmin, let it be 0. A row
-- has the last 32 bits of the transaction's number. The whole number is the highest with these bits that is not after
-- this query's snapshot.
SELECT e.id,
       e.last_updated_at,
       e.data->>'type' AS type,
       latest.number - mod(mod(latest.number - CAST(CAST(e.xmin AS text) AS bigint), 4294967296) + 4294967296,
                           4294967296) AS written_by,
       CASE WHEN pg_column_size(e.data) > 1500 THEN octet_length(CAST(e.data AS text)) ELSE 0 END AS bytes,
       e.data->>'type' = 'relation' AS relation,
       e.data->>'type' = 'relation'
           AND NOT (    EXISTS (SELECT FROM entity s
                            WHERE s.id = ends.source AND s.data->>'type' IS DISTINCT FROM 'relation')
                    AND EXISTS (SELECT FROM entity t
                            WHERE t.id = ends.target AND t.data->>'type' IS DISTINCT FROM 'relation')) AS dangling
FROM entity e
CROSS JOIN (SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) - 1 AS number) latest
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.data->>'source' LIKE '________-____-____-____-____________'
                 AND e.data->>'source' !~ '[^0-9a-fA-F-]'
                 AND length(replace(e.data->>'source', '-', '')) = 32
                THEN CAST(e.data->>'source' AS uuid) END AS source,
           CASE WHEN e.data->>'target' LIKE '________-____-____-____-____________'
                 AND e.data->>'target' !~ '[^0-9a-fA-F-]'
                 AND length(replace(e.data->>'target', '-', '')) = 32
                THEN CAST(e.data->>'target' AS uuid) END AS target
) ends
WHERE e.id = ANY (:ids)
