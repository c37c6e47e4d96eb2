-- One page of all entities, relations among them, in the order of their ids.
-- :types is null where every type is checked; an entity of another type is read too, but not selected.
SELECT id,
       last_updated_at,
       CAST(:types AS text[]) IS NULL OR data->>'type' = ANY (CAST(:types AS text[])) AS selected
FROM entity
WHERE id >= :from
ORDER BY id
LIMIT :limit
