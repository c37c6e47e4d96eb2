-- The same page as entity-page.sql for all types, read from its two indexes alone.
SELECT page.id,
       page.last_updated_at,
       true AS selected,
       relation.id IS NOT NULL AS relation
FROM (
    SELECT id, last_updated_at FROM entity WHERE id >= :from ORDER BY id LIMIT :limit
) AS page
LEFT JOIN (
    SELECT id FROM entity WHERE id >= :from AND data->>'type' = 'relation' ORDER BY id LIMIT :limit
) AS relation ON relation.id = page.id
ORDER BY page.id
