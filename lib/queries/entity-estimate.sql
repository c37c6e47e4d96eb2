-- The number of entities, estimated from PostgreSQL's statistics without counting: the total of a check's progress.
-- For a partitioned table it is the sum over the partitions. A view has no statistics.
SELECT CAST(coalesce(sum(greatest(reltuples, 0)), 0) AS bigint) AS entities
FROM pg_class
WHERE oid IN (SELECT to_regclass('entity')
              UNION ALL
              SELECT relid FROM pg_partition_tree(to_regclass('entity')) WHERE isleaf)
