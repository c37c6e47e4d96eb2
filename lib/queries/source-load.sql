-- How busy PostgreSQL is: sessions of others at work, and the seconds by which a replica lags;
-- on a replica that is the lag of this one. To see other users' sessions takes the role pg_read_all_stats.
SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS visible,
       (SELECT count(*)
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND state = 'active' AND application_name NOT LIKE 'sync-data[%') AS active,
       CASE WHEN pg_is_in_recovery()
            THEN CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                      ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END
            ELSE (SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication)
       END AS lag_seconds
