-- The load of PostgreSQL: sessions of others at work, and the lag of its replicas in seconds. A replica that left its
-- slot behind has an infinite lag.
-- Seeing other users' sessions takes the role pg_read_all_stats.
SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS visible,
       (SELECT count(*)
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
          AND application_name NOT LIKE 'sync-data[%') AS active,
       CASE WHEN EXISTS (SELECT
                         FROM pg_replication_slots
                         WHERE slot_type = 'physical' AND NOT active AND restart_lsn IS NOT NULL)
            THEN CAST('Infinity' AS float8)
            ELSE (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication)
       END AS lag_seconds
