-- For each of these entities: how many relations are from or to it, and the ids of the first of them in their order.
-- Faster with the indexes that relations-of-entities.sql names.
SELECT id,
       count(*) AS total,
       array_agg(relation ORDER BY relation) FILTER (WHERE place <= :limit) AS first
FROM (
    SELECT id, relation, row_number() OVER (PARTITION BY id ORDER BY relation) AS place
    FROM (
        SELECT e.id, r.id AS relation
        FROM unnest(:ids) AS e (id)
        JOIN entity r ON r.data->>'source' = e.id
        WHERE r.data->>'type' = 'relation'
        UNION
        SELECT e.id, r.id
        FROM unnest(:ids) AS e (id)
        JOIN entity r ON r.data->>'target' = e.id
        WHERE r.data->>'type' = 'relation'
    ) AS tied
) AS numbered
GROUP BY id
