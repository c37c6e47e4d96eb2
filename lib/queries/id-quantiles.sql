-- Ids that divide all entities into groups of about the same size, ascending, from PostgreSQL's statistics. With
-- --parallel, they bound the ranges that are checked at the same time. There may be no row, as for a view or a table
-- that was never analyzed: then the ranges are equal parts of all ids.
SELECT bound AS id
FROM (SELECT histogram_bounds
      FROM pg_stats s
      JOIN pg_namespace n ON n.nspname = s.schemaname
      JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = s.tablename
      WHERE t.oid = to_regclass('entity') AND s.attname = 'id'
      ORDER BY s.inherited DESC -- of a partitioned table, that of all partitions
      LIMIT 1) AS statistics,
     unnest(CAST(CAST(histogram_bounds AS text) AS uuid[])) AS bound
ORDER BY bound
