-- A page of the entities that were changed after a time, in the order of their changes. :since and :id are the last
-- change and the id of the page before. Asked if the index is there; else all blocks are searched.
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
