-- The entities in some blocks of the table, in no order: the same columns as entity-page.sql.
-- It needs no index. From version 14 on, PostgreSQL reads only those blocks, of a partitioned table the same ones of
-- each partition. Asked where the order of ids would mean a random read for each row.
SELECT id,
       last_updated_at,
       CAST(:types AS text[]) IS NULL OR data->>'type' = ANY (CAST(:types AS text[])) AS selected,
       data->>'type' = 'relation' AS relation
FROM entity
WHERE ctid >= CAST(:from_block AS tid)
  AND ctid < CAST(:to_block AS tid)
  AND id >= :from
  AND id <= :until
  AND last_updated_at >= CAST(:since AS timestamptz)
