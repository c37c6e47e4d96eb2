-- About how many entities there are, from PostgreSQL's own statistics and without counting; shown as the total of a check's progress.
SELECT CAST(greatest(reltuples, 0) AS bigint) AS entities
FROM pg_class
WHERE oid = to_regclass('entity')
