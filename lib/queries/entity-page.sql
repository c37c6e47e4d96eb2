-- One page of all entities of a range, relations among them, in the order of their ids.
-- :types is null if all types are checked. An entity of another type is read too, but not selected.
-- index: CREATE INDEX CONCURRENTLY entity_id_last_updated_at ON entity (id) INCLUDE (last_updated_at)
-- index: CREATE INDEX CONCURRENTLY entity_relation_id ON entity (id) WHERE data->>'type' = 'relation'
-- With both, and vacuumed, a page of all types is read from indexes alone: entity-page-covered.sql.
SELECT id,
       last_updated_at,
       CAST(:types AS text[]) IS NULL OR data->>'type' = ANY (CAST(:types AS text[])) AS selected,
       data->>'type' = 'relation' AS relation
FROM entity
WHERE id >= :from
  AND id <= :until
ORDER BY id
LIMIT :limit
