-- The entities of these ids, as nodes: each column becomes the property of its name.
-- To carry another field into the graph, add a column. A check of the content asks for blocks in the place of ids.
SELECT id,
       data->>'type' AS type,
       data->>'title' AS title,
       created_at,
       last_updated_at
FROM entity
WHERE id = ANY (:ids)
  AND data->>'type' IS DISTINCT FROM 'relation'
ORDER BY id
