-- The entities that lie in some blocks of the table, in no order: the same columns as entity-page.sql.
-- It takes no index. PostgreSQL reads just those blocks from version 14 on, of a partitioned table the same ones of
-- each partition. Asked for where pages in the order of ids would visit a row here and a row there.
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
