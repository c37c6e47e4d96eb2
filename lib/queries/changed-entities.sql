-- The entities that were changed last after a moment, in the order of their changes, some at a time: behind the last
-- one of those before. Asked where the index is there; else changed entities are looked for in all blocks.
-- index: CREATE INDEX CONCURRENTLY entity_last_updated_at ON entity (last_updated_at)
SELECT id,
       last_updated_at,
       true AS selected,
       data->>'type' = 'relation' AS relation
FROM entity
WHERE last_updated_at >= CAST(:since AS timestamptz)
  AND (last_updated_at, id) > (CAST(:since AS timestamptz), :id)
ORDER BY last_updated_at, id
LIMIT :limit
