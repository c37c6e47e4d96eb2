-- Whether others are at work in PostgreSQL. A session is, if it did something in the last half second. A session of
-- which the user may see nothing ("hidden") is, if it is in the middle of a query. The transactions and the written
-- rows of all databases tell what hidden sessions do between two looks; everybody may read these counters. A pooler's
-- session has our name only while our query runs; a session without a query has done nothing yet.
SELECT coalesce(bool_or(state = 'active' OR state_change > clock_timestamp() - interval '0.5 s'
                        OR query = '<insufficient privilege>' AND backend_xmin IS NOT NULL), false) AS in_use,
       coalesce(bool_or(query = '<insufficient privilege>'), false) AS hidden,
       (SELECT sum(xact_commit + xact_rollback)::bigint FROM pg_stat_database) AS transactions,
       (SELECT sum(tup_inserted + tup_updated + tup_deleted)::bigint FROM pg_stat_database
        WHERE datid <> 0) AS rows_written
FROM pg_stat_activity
WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
  AND coalesce(application_name, '') NOT LIKE 'sync-data[%'
  AND query <> '' AND query NOT LIKE '%/* sync-data */%'
