-- What the doctor asks of PostgreSQL: what the user may do, whether this is a standby and how far behind, and its clock.
SELECT has_table_privilege('entity', 'INSERT') OR has_table_privilege('entity', 'UPDATE') OR has_table_privilege('entity', 'DELETE') AS may_write,
       pg_is_in_recovery() AS standby,
       CAST(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS bigint) AS seconds_behind,
       clock_timestamp() AS clock
