-- For each of these entities: how many relations are from or to it, and the ids of the first of them in their order.
-- Faster with the indexes that relations-of-entities.sql names.
SELECT id,
       count(*) AS total,
       array_agg(relation ORDER BY relation) FILTER (WHERE place <= :limit) AS first
FROM (
    SELECT id, relation, row_number() OVER (PARTITION BY id ORDER BY relation) AS place
    FROM (
        SELECT data->>'source' AS id, id AS relation
        FROM entity
        WHERE data->>'source' = ANY (:ids)
          AND data->>'type' = 'relation'
        UNION
        SELECT data->>'target', id
        FROM entity
        WHERE data->>'target' = ANY (:ids)
          AND data->>'type' = 'relation'
    ) AS tied
) AS numbered
GROUP BY id
