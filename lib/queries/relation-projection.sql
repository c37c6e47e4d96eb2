-- The relations of these ids, as relationships: "source" and "target" are the ids of the ends,
-- and each other column becomes the property of its name.
SELECT id,
       lower(data->>'source') AS source,
       lower(data->>'target') AS target,
       data->>'key' AS key,
       created_at,
       last_updated_at
FROM entity
WHERE id = ANY (:ids)
  AND data->>'type' = 'relation'
ORDER BY id
