-- Takes the lock for repairs of one graph, if nobody has it. It needs no table, and ends with the transaction, which
-- may stay open and idle for as long as the repair takes.
WITH endless AS MATERIALIZED (
    SELECT set_config(name, '0', true)
    FROM pg_settings
    WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
)
SELECT pg_try_advisory_xact_lock(CAST(:tool AS int), CAST(:graph AS int)) AS taken,
       (SELECT count(*) FROM endless) AS without_end
