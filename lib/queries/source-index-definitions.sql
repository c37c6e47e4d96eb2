-- The definitions of the indexes that can be used now.
SELECT pg_get_indexdef(indexrelid) AS definition
FROM pg_index
WHERE indisvalid AND indrelid = to_regclass('entity')
