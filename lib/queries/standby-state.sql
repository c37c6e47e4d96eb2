-- What a standby has received: every commit up to "seen", by the primary's clock. That is the last commit it replayed,
-- or the last message of its stream if it has replayed all that the message is about. A stream that is alive has a
-- message every half minute. A receiver that has just begun has heard nothing yet, whatever it says: where the stream
-- is broken, receivers begin again and again. Seeing the stream takes the role pg_read_all_stats.
SELECT greatest(pg_last_xact_replay_timestamp(), stream.heard) AS seen,
       CASE WHEN stream.heard > clock_timestamp() - interval '35 s' THEN 0
            ELSE coalesce(extract(epoch FROM clock_timestamp()
                                             - greatest(pg_last_xact_replay_timestamp(), stream.heard)), 'Infinity')
       END AS lag_seconds,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS visible,
       pg_is_wal_replay_paused() AS paused
FROM (SELECT) AS this
LEFT JOIN (
    SELECT least(receiver.last_msg_send_time, receiver.last_msg_receipt_time) AS heard
    FROM pg_stat_wal_receiver receiver
    JOIN pg_stat_activity process ON process.pid = receiver.pid
    WHERE receiver.status = 'streaming'
      AND receiver.latest_end_lsn <= pg_last_wal_replay_lsn()
      AND receiver.last_msg_receipt_time > process.backend_start + interval '1 s'
) AS stream ON true
