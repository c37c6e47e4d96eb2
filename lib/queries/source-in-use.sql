-- Whether others are at work in PostgreSQL: sessions that did something in the last half second. What the user may not see of one counts as work.
-- Sessions whose query is ours are known by it, since a pooler's carry our name only while that runs; those without any did nothing yet.
SELECT EXISTS (SELECT
               FROM pg_stat_activity
               WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
                 AND coalesce(application_name, '') NOT LIKE 'sync-data[%'
                 AND query <> '' AND query NOT LIKE '/* sync-data */%'
                 AND (state IS NULL OR state = 'active' OR state_change > clock_timestamp() - interval '0.5 s')) AS in_use
