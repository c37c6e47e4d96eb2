-- What PostgreSQL holds of these ids. A relation is dangling where one of its ends is not an entity held here.
-- That an end is a UUID is told in three steps, which take a quarter of the time of one regular expression for the
-- whole.
-- bytes is about how many bytes the row has as text, where that may be many: entities with megabytes are looked at a
-- few at a time. What PostgreSQL holds in little space is not opened for that.
-- written_by tells late commits from old ones: for a view that does not select its table's xmin, let it be 0. A row
-- holds the last 32 bits of the transaction's number; what this query sees was written before it began, however long
-- ago.
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
