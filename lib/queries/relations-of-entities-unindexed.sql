-- The same as relations-of-entities.sql without an index: it reads the table once for all entities.
SELECT r.id
FROM unnest(:ids) AS e (id)
JOIN entity r ON r.data->>'source' = e.id
WHERE r.data->>'type' = 'relation'
UNION
SELECT r.id
FROM unnest(:ids) AS e (id)
JOIN entity r ON r.data->>'target' = e.id
WHERE r.data->>'type' = 'relation'
