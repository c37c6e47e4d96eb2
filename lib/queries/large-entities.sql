-- Those of these entities that may be large, each with about how many bytes its row has as text.
-- Such are looked at a few at a time. What PostgreSQL holds in little space is not opened for that.
SELECT id,
       octet_length(CAST(data AS text)) AS bytes
FROM entity
WHERE id = ANY (:ids) AND pg_column_size(data) > 1500
