-- PostgreSQL's clock, the transactions that have ended by now, and how many have begun since transaction 3, the first
-- one: a running transaction may lie beyond the end of the snapshot.
SELECT clock_timestamp() AS clock,
       CAST(pg_current_snapshot() AS text) AS snapshot,
       age(CAST('3' AS xid)) AS begun
