-- The ids of every relation from or to these entities.
-- index: CREATE INDEX CONCURRENTLY entity_relation_source ON entity ((data->>'source')) WHERE data->>'type' = 'relation'
-- index: CREATE INDEX CONCURRENTLY entity_relation_target ON entity ((data->>'target')) WHERE data->>'type' = 'relation'
SELECT r.id
FROM unnest(:ids) AS e (id)
JOIN entity r ON r.data->>'source' = e.id
WHERE r.data->>'type' = 'relation'
UNION
SELECT r.id
FROM unnest(:ids) AS e (id)
JOIN entity r ON r.data->>'target' = e.id
WHERE r.data->>'type' = 'relation'
