-- How the entities lie in PostgreSQL, from its statistics without counting: in one table, or in all tables that inherit
-- from it, some of which may be foreign. This decides on the order in which they are read (docs/design.md).
WITH RECURSIVE tables (oid) AS (
    SELECT CAST(to_regclass('entity') AS oid)
    UNION
    SELECT inhrelid FROM pg_inherits JOIN tables ON inhparent = oid
), leaves AS (
    SELECT c.oid, c.relkind, c.relname, c.relnamespace, c.relpages, c.relallvisible,
           greatest(c.reltuples, 0) AS entities,
           c.relam IN (SELECT oid FROM pg_am WHERE amname = 'heap') AS heap,
           CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) ELSE 0 END
               / CAST(current_setting('block_size') AS int) AS blocks
    FROM tables
    JOIN pg_class c USING (oid)
    WHERE c.relkind <> 'p'
)
SELECT CAST(current_setting('server_version_num') AS int) / 10000 AS version,
       coalesce(bool_and(relkind = 'r' AND heap), false) AS plain,
       CAST(count(*) AS int) AS tables,
       CAST(coalesce(max(blocks), 0) AS bigint) AS longest,
       CAST(coalesce(sum(blocks), 0) AS bigint) AS blocks,
       CAST(coalesce(sum(entities), 0) AS bigint) AS entities,
       coalesce(CAST(sum(relallvisible) AS float8) / nullif(sum(relpages), 0), 0) AS visible,
       coalesce((SELECT avg(abs(s.correlation))
                 FROM pg_stats s
                 JOIN leaves l ON s.tablename = l.relname
                 JOIN pg_namespace n ON n.oid = l.relnamespace AND n.nspname = s.schemaname
                 WHERE s.attname = 'id'), 0) AS correlation,
       (SELECT setting FROM pg_settings WHERE name = 'effective_cache_size') AS cached_blocks
FROM leaves
