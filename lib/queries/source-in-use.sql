-- Whether others are at work in PostgreSQL: sessions that did something in the last half second, or, where the user may
-- see nothing of a session ("hidden"), one that is in the middle of a query. How many transactions there were and how
-- many rows were written in all databases so far tells what hidden sessions do between two looks; everybody may read
-- that. A pooler's sessions carry our name only while ours runs; those without a query did nothing yet.
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
