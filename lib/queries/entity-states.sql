-- What PostgreSQL holds of these ids. A relation is dangling where one of its ends is not an entity held here.
-- written_by tells late commits from old ones: for a view, which has no xmin, let it be 0.
SELECT e.id,
       e.last_updated_at,
       e.data->>'type' AS type,
       CAST(CAST(e.xmin AS text) AS bigint) AS written_by,
       e.data->>'type' = 'relation' AS relation,
       e.data->>'type' = 'relation'
           AND NOT (    EXISTS (SELECT FROM entity s WHERE s.id = ends.source AND s.data->>'type' IS DISTINCT FROM 'relation')
                    AND EXISTS (SELECT FROM entity t WHERE t.id = ends.target AND t.data->>'type' IS DISTINCT FROM 'relation')) AS dangling
FROM entity e
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.data->>'source' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN CAST(e.data->>'source' AS uuid) END AS source,
           CASE WHEN e.data->>'target' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN CAST(e.data->>'target' AS uuid) END AS target
) ends
WHERE e.id = ANY (:ids)
