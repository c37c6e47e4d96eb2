-- PostgreSQL's clock, which transactions have ended by now, and how many have begun since transaction 3, the first of
-- all:
-- one that is running may lie beyond the end of the snapshot.
SELECT clock_timestamp() AS clock,
       CAST(pg_current_snapshot() AS text) AS snapshot,
       age(CAST('3' AS xid)) AS begun
