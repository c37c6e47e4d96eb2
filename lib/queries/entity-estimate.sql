-- About how many entities there are, from PostgreSQL's own statistics and without counting; shown as the total of a
-- check's progress.
-- Of a partitioned table that is the sum of its partitions. A view has no statistics.
SELECT CAST(coalesce(sum(greatest(reltuples, 0)), 0) AS bigint) AS entities
FROM pg_class
WHERE oid IN (SELECT to_regclass('entity')
              UNION ALL
              SELECT relid FROM pg_partition_tree(to_regclass('entity')) WHERE isleaf)
