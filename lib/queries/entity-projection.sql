-- The entities of these ids, as nodes: each column becomes the property of its name.
-- To carry another field into the graph, add a column.
SELECT id,
       data->>'type' AS type,
       data->>'title' AS title,
       created_at,
       last_updated_at
FROM entity
WHERE id = ANY (:ids)
ORDER BY id
