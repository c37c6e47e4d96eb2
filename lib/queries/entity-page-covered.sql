-- The same page as entity-page.sql for all types, read from its two indexes alone, as one row.
-- "ids" and "timestamps" are in PostgreSQL's binary formats. "relations" has the ids of those that are relations, and
-- "others" of those that are not of a type that is checked: none here.
SELECT string_agg(uuid_send(id), ''::bytea) AS ids,
       string_agg(timestamptz_send(last_updated_at), ''::bytea) AS timestamps,
       ( SELECT string_agg(uuid_send(id), ''::bytea)
         FROM ( SELECT id
                FROM entity
                WHERE id >= :from
                  AND id <= coalesce(( SELECT id FROM entity WHERE id >= :from AND id <= :until
                                       ORDER BY id OFFSET greatest(:limit - 1, 0) LIMIT 1 ), :until)
                  AND data->>'type' = 'relation'
                ORDER BY id ) AS relation ) AS relations,
       CAST(NULL AS bytea) AS others
FROM ( SELECT id, last_updated_at
       FROM entity
       WHERE id >= :from
         AND id <= :until
       ORDER BY id
       LIMIT :limit ) AS page
