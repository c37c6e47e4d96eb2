-- What people call these entities; a relation goes by its key. Shown in reports, never compared.
SELECT id,
       left(coalesce(data->>'title', data->>'key'), 200) AS title
FROM entity
WHERE id = ANY (:ids)
