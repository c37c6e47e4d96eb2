-- Those of these entities that may be large, each with the bytes of its row as text, estimated. Large entities are
-- looked at a few at a time. A row that PostgreSQL stores in little space is not unpacked for this.
SELECT id,
       octet_length(CAST(data AS text)) AS bytes
FROM entity
WHERE id = ANY (:ids) AND pg_column_size(data) > 1500
