-- The ids of all relations from or to these entities, found by both indexes, for one entity after the other.
-- index: CREATE INDEX CONCURRENTLY entity_relation_source ON entity ((data->>'source')) WHERE data->>'type' = 'relation'
-- index: CREATE INDEX CONCURRENTLY entity_relation_target ON entity ((data->>'target')) WHERE data->>'type' = 'relation'
SELECT r.id
FROM unnest(:ids) AS e (id)
CROSS JOIN LATERAL (
    SELECT id FROM entity WHERE data->>'source' = e.id AND data->>'type' = 'relation' OFFSET 0
) AS r
UNION
SELECT r.id
FROM unnest(:ids) AS e (id)
CROSS JOIN LATERAL (
    SELECT id FROM entity WHERE data->>'target' = e.id AND data->>'type' = 'relation' OFFSET 0
) AS r
